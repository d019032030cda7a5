// Ops that become layers only when they are read have names and plans, too: arithmetic on whole tensors, and slices at
// offsets that data decides. Strides of single elements are nothing.
// RUN: stream-compile %s --accelerator %examples/accelerators/homogeneous_quad.yaml --run --quiet --evaluations 0 --optimize 0 --model simple --fusion layer-by-layer -o %t.mlir | FileCheck %s
// RUN: FileCheck %s --check-prefix=IR < %t.mlir
// CHECK: executed: identical (68 elements)
// IR-DAG: stream.ct @scaled_k{{[0-9]+}}({{.*}}[0, 0]{{.*}}) into %{{.*}}[0, 0] {{.*}} on @conv_k32_c32_2 at
// IR-DAG: stream.ct @scaled_k{{[0-9]+}}({{.*}}[2, 0]{{.*}}) into %{{.*}}[2, 0] {{.*}} on @conv_k32_c32_1 at
// IR-DAG: stream.ct @cache_k{{[0-9]+}}({{.*}}) into %{{.*}}[0, 0] {{.*}} on @conv_k32_c32_3 at
// IR-DAG: stream.ct @row_k{{[0-9]+}}({{.*}}) into %{{.*}}[0] {{.*}} on @conv_k32_c32_0 at
func.func @main(%x: tensor<4x5xf32>, %cache: tensor<11x4xf32>, %new: tensor<1x4xf32>, %at: tensor<i32>)
    -> (tensor<4x5xf32>, tensor<11x4xf32>, tensor<4xf32>) {
  %c0 = arith.constant 0 : i32
  %c6 = arith.constant 6 : i32
  %raw = tensor.extract %at[] : tensor<i32>
  %low = arith.maxsi %raw, %c0 : i32
  %high = arith.minsi %low, %c6 : i32
  %i = arith.index_cast %high : i32 to index
  %y = arith.mulf %x, %x {stream.layer = "scaled", stream.plan = #stream.plan<tile = [2, 5], split = [2, 1], cores = [@conv_k32_c32_2, @conv_k32_c32_1]>} : tensor<4x5xf32>
  %grown = tensor.insert_slice %new into %cache[%i, 0] [1, 4] [2, 1] {stream.layer = "cache", stream.plan = #stream.plan<tile = [11, 4], cores = [@conv_k32_c32_3]>}
      : tensor<1x4xf32> into tensor<11x4xf32>
  %row = tensor.extract_slice %cache[%i, 0] [1, 4] [4611686018427387904, 1] {stream.layer = "row", stream.plan = #stream.plan<tile = [4], cores = [@conv_k32_c32_0]>}
      : tensor<11x4xf32> to tensor<4xf32>
  return %y, %grown, %row : tensor<4x5xf32>, tensor<11x4xf32>, tensor<4xf32>
}
