// A mask that two arguments give together, its opposite, and the number of its
// elements in each row.
func.func @masked(%x: tensor<?x37xf32>, %mask: tensor<?x37xi1>,
                  %column: tensor<37xi1>, %init: tensor<?xi32>)
    -> (tensor<?x37xf32>, tensor<?x37xi1>, tensor<?xi32>) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x37xf32>
  %e = tensor.empty(%n) : tensor<?x37xf32>
  %b = tensor.empty(%n) : tensor<?x37xi1>
  %zero = arith.constant 0.0 : f32
  %true = arith.constant true
  %r:2 = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>,
                       affine_map<(i, j) -> (i, j)>,
                       affine_map<(i, j) -> (j)>,
                       affine_map<(i, j) -> (i, j)>,
                       affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%x, %mask, %column : tensor<?x37xf32>, tensor<?x37xi1>, tensor<37xi1>)
      outs(%e, %b : tensor<?x37xf32>, tensor<?x37xi1>) {
  ^bb0(%v: f32, %p: i1, %q: i1, %o0: f32, %o1: i1):
    %both = arith.andi %p, %q : i1
    %s = arith.select %both, %v, %zero : f32
    %not = arith.xori %both, %true : i1
    linalg.yield %s, %not : f32, i1
  } -> (tensor<?x37xf32>, tensor<?x37xi1>)
  %count = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>,
                       affine_map<(i, j) -> (i)>],
      iterator_types = ["parallel", "reduction"]}
      ins(%mask : tensor<?x37xi1>) outs(%init : tensor<?xi32>) {
  ^bb0(%p: i1, %a: i32):
    %one = arith.extui %p : i1 to i32
    %s = arith.addi %a, %one : i32
    linalg.yield %s : i32
  } -> tensor<?xi32>
  return %r#0, %r#1, %count : tensor<?x37xf32>, tensor<?x37xi1>, tensor<?xi32>
}

// What the reference can run too.
func.func @same(%i1: tensor<?xi1>, %i8: tensor<?xi8>, %i32: tensor<?xi32>,
                %i64: tensor<?xi64>, %index: tensor<?xindex>)
    -> (tensor<3xi1>, tensor<3xi8>, tensor<3xi32>, tensor<3xi64>,
        tensor<3xindex>, tensor<3xi1>, tensor<2xi32>, tensor<2xi64>) {
  %0 = tensor.cast %i1 : tensor<?xi1> to tensor<3xi1>
  %1 = tensor.cast %i8 : tensor<?xi8> to tensor<3xi8>
  %2 = tensor.cast %i32 : tensor<?xi32> to tensor<3xi32>
  %3 = tensor.cast %i64 : tensor<?xi64> to tensor<3xi64>
  %4 = tensor.cast %index : tensor<?xindex> to tensor<3xindex>
  %5 = arith.constant dense<[true, false, true]> : tensor<3xi1>
  %6 = arith.constant dense<[-2147483648, 5]> : tensor<2xi32>
  %7 = arith.constant dense<-9> : tensor<2xi64>
  return %0, %1, %2, %3, %4, %5, %6, %7
      : tensor<3xi1>, tensor<3xi8>, tensor<3xi32>, tensor<3xi64>,
        tensor<3xindex>, tensor<3xi1>, tensor<2xi32>, tensor<2xi64>
}

// Strided, in place.
func.func @invert(%m: memref<4x5xi1, strided<[8, 1], offset: 3>>) {
  %true = arith.constant true
  linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]}
      outs(%m : memref<4x5xi1, strided<[8, 1], offset: 3>>) {
  ^bb0(%p: i1):
    %q = arith.xori %p, %true : i1
    linalg.yield %q : i1
  }
  return
}

func.func @unsigned(%x: tensor<4xui8>) -> tensor<4xui8> {
  return %x : tensor<4xui8>
}
