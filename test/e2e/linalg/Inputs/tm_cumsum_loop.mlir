func.func @main(%x: tensor<9x6xf32>) -> tensor<9x6xf32> {
  %c = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c9 = arith.constant 9 : index
  %e = tensor.empty() : tensor<9x6xf32>
  %a = tensor.empty() : tensor<6xf32>
  %z = linalg.fill ins(%c : f32) outs(%a : tensor<6xf32>) -> tensor<6xf32>
  %r:2 = scf.for %i = %c0 to %c9 step %c1 iter_args(%acc = %z, %out = %e) -> (tensor<6xf32>, tensor<9x6xf32>) {
    %s = tensor.extract_slice %x[%i, 0] [1, 6] [1, 1] : tensor<9x6xf32> to tensor<6xf32>
    %n = linalg.add ins(%s, %acc : tensor<6xf32>, tensor<6xf32>) outs(%a : tensor<6xf32>) -> tensor<6xf32>
    %o = tensor.insert_slice %n into %out[%i, 0] [1, 6] [1, 1] : tensor<6xf32> into tensor<9x6xf32>
    scf.yield %n, %o : tensor<6xf32>, tensor<9x6xf32>
  }
  %d = linalg.exp ins(%r#1 : tensor<9x6xf32>) outs(%e : tensor<9x6xf32>) -> tensor<9x6xf32>
  return %d : tensor<9x6xf32>
}
