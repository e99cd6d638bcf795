// RUN: norm-opt %s --norm-differentiate="function=f arguments=1 name=g" | FileCheck %s
// RUN: norm-opt %s --norm-differentiate="function=f arguments=1,0 mode=forward" | FileCheck %s --check-prefix=JVP
// RUN: norm-opt %s --norm-differentiate=function=f --norm-differentiate=function=f_gradient | FileCheck %s --check-prefix=TWICE
// RUN: not norm-opt %s --norm-differentiate=function=h 2>&1 | FileCheck %s --check-prefix=MISSING
// RUN: not norm-opt %s --norm-differentiate="function=f name=f" 2>&1 | FileCheck %s --check-prefix=TAKEN
// RUN: not norm-opt %s --norm-differentiate="function=f arguments=2" 2>&1 | FileCheck %s --check-prefix=RANGE
// RUN: not norm-opt %s --norm-differentiate="function=f mode=sideways" 2>&1 | FileCheck %s --check-prefix=MODE

// CHECK: func @f(
// CHECK: func @g(%[[X:.*]]: tensor<8xf32>, %[[S:.*]]: tensor<8xf32>, %[[D:.*]]: tensor<8xf32>) -> tensor<8xf32>

// JVP: func @f_jvp(%[[X:.*]]: tensor<8xf32>, %[[S:.*]]: tensor<8xf32>, %[[TS:.*]]: tensor<8xf32>, %[[TX:.*]]: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>)

// TWICE: func @f(
// TWICE: func @f_gradient(
// TWICE: func @f_gradient_gradient(
// TWICE-SAME: -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>)

// MISSING: error: expected a function named 'h'
// TAKEN: error: expected no symbol named 'f', the name of the derivative of 'f'
// RANGE: error: expected 'arguments' from 0 to 1, but got 2
// MODE: sideways
func.func @f(%x: tensor<8xf32>, %s: tensor<8xf32>) -> tensor<8xf32> {
  %0 = arith.mulf %x, %s : tensor<8xf32>
  return %0 : tensor<8xf32>
}
