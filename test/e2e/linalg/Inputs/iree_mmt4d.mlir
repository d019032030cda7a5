func.func @main(%x: tensor<15x21xf32>, %w: tensor<10x21xf32>) -> tensor<15x10xf32> {
  %z = arith.constant 0.0 : f32
  %ex = tensor.empty() : tensor<4x21x4x1xf32>
  %px = linalg.pack %x padding_value(%z : f32) inner_dims_pos = [0, 1] inner_tiles = [4, 1] into %ex : tensor<15x21xf32> -> tensor<4x21x4x1xf32>
  %ew = tensor.empty() : tensor<3x21x4x1xf32>
  %pw = linalg.pack %w padding_value(%z : f32) inner_dims_pos = [0, 1] inner_tiles = [4, 1] into %ew : tensor<10x21xf32> -> tensor<3x21x4x1xf32>
  %eo = tensor.empty() : tensor<4x3x4x4xf32>
  %fo = linalg.fill ins(%z : f32) outs(%eo : tensor<4x3x4x4xf32>) -> tensor<4x3x4x4xf32>
  %m = linalg.mmt4d ins(%px, %pw : tensor<4x21x4x1xf32>, tensor<3x21x4x1xf32>) outs(%fo : tensor<4x3x4x4xf32>) -> tensor<4x3x4x4xf32>
  %er = tensor.empty() : tensor<15x10xf32>
  %r = linalg.unpack %m inner_dims_pos = [0, 1] inner_tiles = [4, 4] into %er : tensor<4x3x4x4xf32> -> tensor<15x10xf32>
  return %r : tensor<15x10xf32>
}
