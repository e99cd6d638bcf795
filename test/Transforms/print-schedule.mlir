// RUN: norm-opt %s --norm-print-schedule --verify-diagnostics -o /dev/null
// RUN: norm-opt %s --norm-print-schedule=min-slabs=100 2>&1 | FileCheck %s --check-prefix=MIN100
// RUN: norm-opt %s --norm-print-schedule="min-slabs=100 slab-bytes=401408" 2>&1 | FileCheck %s --check-prefix=FITS
// RUN: norm-opt %s --norm-print-schedule=strip-bytes=0 2>&1 | FileCheck %s --check-prefix=STRIP0
// RUN: norm-opt %s --norm-print-schedule=cache-bytes=401407 2>&1 | FileCheck %s --check-prefix=CACHE
// RUN: norm-opt %s --norm-print-schedule=line-bytes=128 2>&1 | FileCheck %s --check-prefix=LINES
// RUN: not norm-opt %s --norm-print-schedule=min-slabs=0 2>&1 | FileCheck %s --check-prefix=ZERO
// ZERO: error: expected min-slabs to be at least 1, but got 0

func.func @layers(%rows: tensor<8x512x196xf32>, %x: tensor<32x64x3136xf32>, %c: tensor<1568x2048xf32>, %n: tensor<1568x2048xbf16>, %l: tensor<100000x64xf32>,
    %d: tensor<?x64x?xf32>, %p: tensor<64xf32>, %m: tensor<32x4xf32>, %q: tensor<8x64x25xf32>,
    %s: tensor<4x256x1280xbf16>) {
  // MIN100: remark: schedule: parts; reads 25690112 bytes twice, writes 25690112 bytes
  // FITS: remark: schedule: 64 slabs, each of 401408 bytes; reads 25690112 bytes, writes
  // CACHE: remark: schedule: 64 slabs, each of 401408 bytes; reads 25690112 bytes twice, writes 25690112 bytes
  // expected-remark @below {{schedule: 64 slabs, each of 401408 bytes; reads 25690112 bytes, writes 25690112 bytes}}
  %0 = norm.batch_norm_training ins(%x : tensor<32x64x3136xf32>)
      outs(%x : tensor<32x64x3136xf32>) features = [1]
  // expected-remark @below {{schedule: one value after the other; reads 25690112 bytes, writes 25690112 bytes}}
  %1 = norm.batch_norm_inference ins(%x : tensor<32x64x3136xf32>)
      statistics(%p, %p : tensor<64xf32>, tensor<64xf32>)
      outs(%x : tensor<32x64x3136xf32>) features = [1]
  // STRIP0: remark: schedule: parts; reads 12845056 bytes twice, writes 12845056 bytes
  // expected-remark @below {{schedule: 16 strips of columns, each of 802816 bytes; reads 12845056 bytes, writes 12845056 bytes}}
  %2 = norm.batch_norm_training ins(%c : tensor<1568x2048xf32>)
      outs(%c : tensor<1568x2048xf32>) features = [1]
  // Large strips are for types of 32 bits and more.
  // expected-remark @below {{schedule: parts; reads 6422528 bytes twice, writes 6422528 bytes}}
  %narrow = norm.batch_norm_training ins(%n : tensor<1568x2048xbf16>)
      outs(%n : tensor<1568x2048xbf16>) features = [1]
  // expected-remark @below {{schedule: 8 strips of columns, each of 327680 bytes; reads 2621440 bytes, writes 2621440 bytes}}
  %few = norm.group_norm ins(%s : tensor<4x256x1280xbf16>)
      outs(%s : tensor<4x256x1280xbf16>) channel = 2 num_groups = 32
  // expected-remark @below {{schedule: parts; reads 25600000 bytes twice, writes 25600000 bytes}}
  %3 = norm.batch_norm_training ins(%l : tensor<100000x64xf32>)
      outs(%l : tensor<100000x64xf32>) features = [1]
  // expected-remark @below {{schedule: an unknown number of slabs, each of an unknown number of bytes; reads an unknown number of bytes once or twice, writes an unknown number of bytes}}
  %4 = norm.group_norm ins(%d : tensor<?x64x?xf32>) outs(%d : tensor<?x64x?xf32>) channel = 1 num_groups = 4
  // Two large inputs; nothing is applied to them if only parameters have gradients.
  // expected-remark @below {{schedule: 128 slabs, each of 401408 bytes; reads 51380224 bytes, writes 25690112 bytes}}
  %5 = norm.group_norm_grad ins(%x, %x : tensor<32x64x3136xf32>, tensor<32x64x3136xf32>)
      mean(%m : tensor<32x4xf32>) variance(%m : tensor<32x4xf32>)
      outs(%x : tensor<32x64x3136xf32>) channel = 1 num_groups = 4
  // expected-remark @below {{schedule: 64 slabs, each of 1600 bytes; reads 102400 bytes, writes 0 bytes}}
  %6 = norm.batch_norm_grad ins(%q, %q : tensor<8x64x25xf32>, tensor<8x64x25xf32>)
      mean(%p : tensor<64xf32>) variance(%p : tensor<64xf32>)
      bias_gradient(%p : tensor<64xf32>) features = [1]
  // LINES: remark: schedule: 64 slabs, each of 50176 bytes
  // expected-remark @below {{schedule: 128 slabs, each of 25088 bytes; reads 3211264 bytes, writes 3211264 bytes}}
  %short = norm.batch_norm_training ins(%rows : tensor<8x512x196xf32>)
      outs(%rows : tensor<8x512x196xf32>) features = [1]
  return
}
