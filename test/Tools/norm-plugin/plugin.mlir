// Stock mlir-opt runs our passes. It has no sanitizer's runtime.
// UNSUPPORTED: sanitize
// RUN: mlir-opt %s --load-dialect-plugin=%norm_build_dir/lib/NormPlugin.so \
// RUN:   --load-pass-plugin=%norm_build_dir/lib/NormPlugin.so \
// RUN:   --pass-pipeline='builtin.module(func.func(norm-decompose,convert-norm-to-linalg))' \
// RUN: | FileCheck %s
// The dialect alone is enough to parse and verify.
// RUN: mlir-opt %s --load-dialect-plugin=%norm_build_dir/lib/NormPlugin.so \
// RUN: | FileCheck %s --check-prefix=PARSED

// CHECK-LABEL: func.func @f
// CHECK-NOT: norm.
// CHECK: linalg.generic
// PARSED: norm.group_norm
func.func @f(%x: tensor<2x8x4xf32>, %init: tensor<2x8x4xf32>)
    -> tensor<2x8x4xf32> {
  %y = norm.group_norm ins(%x : tensor<2x8x4xf32>)
      outs(%init : tensor<2x8x4xf32>) channel = 1 num_groups = 4
  return %y : tensor<2x8x4xf32>
}
