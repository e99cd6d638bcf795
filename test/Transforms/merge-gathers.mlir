// RUN: norm-opt %s --norm-merge-gathers --split-input-file | FileCheck %s

shard.grid @grid(shape = 4)

// What the second gathers is computed before the first.
// CHECK-LABEL: func.func @merge
// CHECK-SAME: %[[X:.*]]: tensor<8xf64>, %[[Y:.*]]: tensor<16xf64>
func.func @merge(%x: tensor<8xf64>, %y: tensor<16xf64>, %a: tensor<4x8xf64>, %b: tensor<4x16xf64>)
    -> (tensor<4x8xf64>, tensor<4x16xf64>) {
  // CHECK: %[[Z:.*]] = linalg.add ins(%[[Y]], %[[Y]]
  // CHECK: %[[ALL:.*]]:2 = norm.all_gather ins(%[[X]], %[[Z]] : tensor<8xf64>, tensor<16xf64>)
  // CHECK-NEXT: return %[[ALL]]#0, %[[ALL]]#1
  %0 = norm.all_gather ins(%x : tensor<8xf64>) outs(%a : tensor<4x8xf64>) devices = <@grid, axes = [0]>
  %1 = linalg.add ins(%y, %y : tensor<16xf64>, tensor<16xf64>) outs(%y : tensor<16xf64>) -> tensor<16xf64>
  %2 = norm.all_gather ins(%1 : tensor<16xf64>) outs(%b : tensor<4x16xf64>) devices = <@grid, axes = [0]>
  return %0, %2 : tensor<4x8xf64>, tensor<4x16xf64>
}

// The second needs the first; the third does not.
// CHECK-LABEL: func.func @depends
func.func @depends(%x: tensor<8xf64>, %a: tensor<4x8xf64>, %b: tensor<4x4x8xf64>)
    -> (tensor<4x4x8xf64>, tensor<4x8xf64>) {
  // CHECK: %[[ALL:.*]]:2 = norm.all_gather ins(%{{.*}}, %{{.*}} : tensor<8xf64>, tensor<8xf64>)
  // CHECK: %[[SECOND:.*]] = norm.all_gather ins(%[[ALL]]#0 : tensor<4x8xf64>)
  // CHECK: return %[[SECOND]], %[[ALL]]#1
  %0 = norm.all_gather ins(%x : tensor<8xf64>) outs(%a : tensor<4x8xf64>) devices = <@grid, axes = [0]>
  %1 = norm.all_gather ins(%0 : tensor<4x8xf64>) outs(%b : tensor<4x4x8xf64>) devices = <@grid, axes = [0]>
  %2 = norm.all_gather ins(%x : tensor<8xf64>) outs(%a : tensor<4x8xf64>) devices = <@grid, axes = [0]>
  return %1, %2 : tensor<4x4x8xf64>, tensor<4x8xf64>
}

// Other devices, and other types.
// CHECK-LABEL: func.func @others
// CHECK-COUNT-3: norm.all_gather ins(%{{[a-z0-9]*}} :
func.func @others(%x: tensor<8xf64>, %y: tensor<8xf32>, %a: tensor<4x8xf64>, %b: tensor<2x8xf64>, %c: tensor<4x8xf32>)
    -> (tensor<4x8xf64>, tensor<2x8xf64>, tensor<4x8xf32>) {
  %0 = norm.all_gather ins(%x : tensor<8xf64>) outs(%a : tensor<4x8xf64>) devices = <@grid, axes = [0]>
  %1 = norm.all_gather ins(%x : tensor<8xf64>) outs(%b : tensor<2x8xf64>)
      devices = <@grid, axes = [0], groups = [[0, 1], [2, 3]]>
  %2 = norm.all_gather ins(%y : tensor<8xf32>) outs(%c : tensor<4x8xf32>) devices = <@grid, axes = [0]>
  return %0, %1, %2 : tensor<4x8xf64>, tensor<2x8xf64>, tensor<4x8xf32>
}

func.func private @effects()

// CHECK-LABEL: func.func @across
// CHECK: norm.all_gather
// CHECK: call @effects
// CHECK: norm.all_gather
func.func @across(%x: tensor<8xf64>, %y: tensor<8xf64>, %a: tensor<4x8xf64>) -> (tensor<4x8xf64>, tensor<4x8xf64>) {
  %0 = norm.all_gather ins(%x : tensor<8xf64>) outs(%a : tensor<4x8xf64>) devices = <@grid, axes = [0]>
  call @effects() : () -> ()
  %1 = norm.all_gather ins(%y : tensor<8xf64>) outs(%a : tensor<4x8xf64>) devices = <@grid, axes = [0]>
  return %0, %1 : tensor<4x8xf64>, tensor<4x8xf64>
}
