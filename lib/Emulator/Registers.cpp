//===- Registers.cpp - Special registers ----------------------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Instrument.h"

#include "llvm/IR/IntrinsicsNVPTX.h"

using namespace llvm;
using namespace mlir::norm::emulator;

std::optional<Register> mlir::norm::emulator::getRegister(unsigned id) {
  switch (id) {
  case Intrinsic::nvvm_read_ptx_sreg_tid_x:
    return Register::TidX;
  case Intrinsic::nvvm_read_ptx_sreg_tid_y:
    return Register::TidY;
  case Intrinsic::nvvm_read_ptx_sreg_tid_z:
    return Register::TidZ;
  case Intrinsic::nvvm_read_ptx_sreg_ntid_x:
    return Register::NtidX;
  case Intrinsic::nvvm_read_ptx_sreg_ntid_y:
    return Register::NtidY;
  case Intrinsic::nvvm_read_ptx_sreg_ntid_z:
    return Register::NtidZ;
  case Intrinsic::nvvm_read_ptx_sreg_ctaid_x:
    return Register::CtaidX;
  case Intrinsic::nvvm_read_ptx_sreg_ctaid_y:
    return Register::CtaidY;
  case Intrinsic::nvvm_read_ptx_sreg_ctaid_z:
    return Register::CtaidZ;
  case Intrinsic::nvvm_read_ptx_sreg_nctaid_x:
    return Register::NctaidX;
  case Intrinsic::nvvm_read_ptx_sreg_nctaid_y:
    return Register::NctaidY;
  case Intrinsic::nvvm_read_ptx_sreg_nctaid_z:
    return Register::NctaidZ;
  case Intrinsic::nvvm_read_ptx_sreg_clusterid_x:
    return Register::ClusteridX;
  case Intrinsic::nvvm_read_ptx_sreg_clusterid_y:
    return Register::ClusteridY;
  case Intrinsic::nvvm_read_ptx_sreg_clusterid_z:
    return Register::ClusteridZ;
  case Intrinsic::nvvm_read_ptx_sreg_nclusterid_x:
    return Register::NclusteridX;
  case Intrinsic::nvvm_read_ptx_sreg_nclusterid_y:
    return Register::NclusteridY;
  case Intrinsic::nvvm_read_ptx_sreg_nclusterid_z:
    return Register::NclusteridZ;
  case Intrinsic::nvvm_read_ptx_sreg_cluster_ctaid_x:
    return Register::ClusterCtaidX;
  case Intrinsic::nvvm_read_ptx_sreg_cluster_ctaid_y:
    return Register::ClusterCtaidY;
  case Intrinsic::nvvm_read_ptx_sreg_cluster_ctaid_z:
    return Register::ClusterCtaidZ;
  case Intrinsic::nvvm_read_ptx_sreg_cluster_nctaid_x:
    return Register::ClusterNctaidX;
  case Intrinsic::nvvm_read_ptx_sreg_cluster_nctaid_y:
    return Register::ClusterNctaidY;
  case Intrinsic::nvvm_read_ptx_sreg_cluster_nctaid_z:
    return Register::ClusterNctaidZ;
  case Intrinsic::nvvm_read_ptx_sreg_cluster_ctarank:
    return Register::ClusterCtarank;
  case Intrinsic::nvvm_read_ptx_sreg_cluster_nctarank:
    return Register::ClusterNctarank;
  case Intrinsic::nvvm_read_ptx_sreg_laneid:
    return Register::LaneId;
  case Intrinsic::nvvm_read_ptx_sreg_warpsize:
    return Register::WarpSize;
  default:
    return std::nullopt;
  }
}
