// Two 3x3 convolutions, 8 -> 16 -> 32 channels on 32x32, padding 1.
func.func @main(%input: tensor<1x8x32x32xf32>, %w1: tensor<16x8x3x3xf32>,
                %w2: tensor<32x16x3x3xf32>) -> tensor<1x32x32x32xf32> {
  %zero = arith.constant 0.0 : f32
  %pad1 = tensor.pad %input low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%n: index, %c: index, %h: index, %w: index):
    tensor.yield %zero : f32
  } : tensor<1x8x32x32xf32> to tensor<1x8x34x34xf32>
  %empty1 = tensor.empty() : tensor<1x16x32x32xf32>
  %init1 = linalg.fill ins(%zero : f32) outs(%empty1 : tensor<1x16x32x32xf32>)
      -> tensor<1x16x32x32xf32>
  %conv1 = linalg.conv_2d_nchw_fchw {dilations = dense<1> : tensor<2xi64>,
                                     strides = dense<1> : tensor<2xi64>}
      ins(%pad1, %w1 : tensor<1x8x34x34xf32>, tensor<16x8x3x3xf32>)
      outs(%init1 : tensor<1x16x32x32xf32>) -> tensor<1x16x32x32xf32>
  %pad2 = tensor.pad %conv1 low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%n: index, %c: index, %h: index, %w: index):
    tensor.yield %zero : f32
  } : tensor<1x16x32x32xf32> to tensor<1x16x34x34xf32>
  %empty2 = tensor.empty() : tensor<1x32x32x32xf32>
  %init2 = linalg.fill ins(%zero : f32) outs(%empty2 : tensor<1x32x32x32xf32>)
      -> tensor<1x32x32x32xf32>
  %conv2 = linalg.conv_2d_nchw_fchw {dilations = dense<1> : tensor<2xi64>,
                                     strides = dense<1> : tensor<2xi64>}
      ins(%pad2, %w2 : tensor<1x16x34x34xf32>, tensor<32x16x3x3xf32>)
      outs(%init2 : tensor<1x32x32x32xf32>) -> tensor<1x32x32x32xf32>
  return %conv2 : tensor<1x32x32x32xf32>
}
