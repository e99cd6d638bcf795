// Where nothing is selected, the output is normalized by the statistics of no
// values, compiled and in the reference: 0, or NaN if the op says so.
// RUN: norm-run %s --output %t.keep --output %t.nan --output %t.zero
// RUN: %python %norm_src_dir/examples/npy.py show %t.keep %t.nan %t.zero | FileCheck %s
// RUN: norm-run %s --target=reference --output %t.keep --output %t.nan --output %t.zero
// RUN: %python %norm_src_dir/examples/npy.py show %t.keep %t.nan %t.zero | FileCheck %s
// CHECK: keep: 1 3
// CHECK: nan: nan nan
// CHECK: zero: 0 0
func.func @main() -> (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xf32>) {
  %x = arith.constant dense<[[1.0, 3.0]]> : tensor<1x2xf32>
  %none = arith.constant dense<false> : tensor<i1>
  %e = tensor.empty() : tensor<1x2xf32>
  %keep = norm.batch_norm_training ins(%x : tensor<1x2xf32>) mask(%none : tensor<i1>)
      outs(%e : tensor<1x2xf32>) features = [1] unselected = normalize epsilon = 1.0
  %nan = norm.batch_norm_training ins(%x : tensor<1x2xf32>) mask(%none : tensor<i1>)
      outs(%e : tensor<1x2xf32>) features = [1] unselected = normalize epsilon = 1.0
      empty = nan
  %zero = norm.batch_norm_training ins(%x : tensor<1x2xf32>) mask(%none : tensor<i1>)
      outs(%e : tensor<1x2xf32>) features = [1] epsilon = 1.0 empty = nan
  return %keep, %nan, %zero : tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xf32>
}
