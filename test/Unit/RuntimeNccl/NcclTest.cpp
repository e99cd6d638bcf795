//===- NcclTest.cpp - NCCL's transport over one that only pretends --------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Norm/Runtime/Nccl.h"
#include "Norm/Runtime/Cuda.h"

#include <gtest/gtest.h>

#include <cstring>
#include <nccl.h>
#include <string>

static std::string record;
static ncclResult_t result, asynchronous;

static void note(std::string text) { record += text + "\n"; }
static std::string takeRecord() { return std::exchange(record, ""); }

// The functions of NCCL that are called.
extern "C" {
ncclResult_t ncclGetUniqueId(ncclUniqueId *id) {
  std::memset(id, 0, sizeof *id);
  std::strcpy(id->internal, "mine");
  return result;
}
ncclResult_t ncclCommInitRank(ncclComm_t *communicator, int count,
                              ncclUniqueId id, int rank) {
  note("join " + std::string(id.internal) + " as " + std::to_string(rank) +
       " of " + std::to_string(count));
  *communicator = reinterpret_cast<ncclComm_t>(&record);
  return result;
}
ncclResult_t ncclAllGather(const void *send, void *receive, size_t count,
                           ncclDataType_t type, ncclComm_t communicator,
                           cudaStream_t stream) {
  EXPECT_EQ(type, ncclUint8);
  EXPECT_EQ(communicator, reinterpret_cast<ncclComm_t>(&record));
  std::memcpy(receive, send, count);
  note("gather " + std::to_string(count) + " on stream " +
       std::to_string(stream ? *reinterpret_cast<int *>(stream) : 0));
  return result;
}
ncclResult_t ncclCommGetAsyncError(ncclComm_t, ncclResult_t *error) {
  *error = asynchronous;
  return ncclSuccess;
}
ncclResult_t ncclCommDestroy(ncclComm_t) {
  note("destroy");
  return ncclSuccess;
}
const char *ncclGetErrorString(ncclResult_t) { return "what it is"; }
const char *ncclGetLastError(ncclComm_t) { return "why"; }
}

/// The transport of the host: others send `invitation`.
static char invitation[sizeof(ncclUniqueId) + 8];
static const int64_t *hostMembers;

static NormTransport getHost(int64_t index) {
  NormTransport host = {};
  host.index = index;
  host.count = 4;
  host.makeGroup = [](void *, const int64_t *members, int64_t count,
                      void **group) -> const char * {
    note("host: group of " + std::to_string(count));
    hostMembers = members;
    *group = &record;
    return nullptr;
  };
  host.allGather = [](void *, void *, const void *send, void *receive,
                      int64_t bytes) -> const char * {
    EXPECT_EQ(bytes, int64_t(sizeof invitation));
    std::memcpy(receive, invitation[0] ? invitation : send, bytes);
    return nullptr;
  };
  host.freeGroup = [](void *, void *) { note("host: free"); };
  return host;
}

/// Another device invites, or fails to.
static void invite(const char *name, int64_t isValid) {
  std::memset(invitation, 0, sizeof invitation);
  std::strcpy(invitation, name);
  std::memcpy(invitation + sizeof(ncclUniqueId), &isValid, sizeof isValid);
}

static const int64_t kMembers[] = {1, 3};

TEST(NcclTest, first) {
  NormTransport host = getHost(1);
  const NormTransport *transport = normNcclStart(&host);
  ASSERT_NE(transport, nullptr);
  EXPECT_EQ(transport->index, 1);
  EXPECT_EQ(transport->count, 4);
  invite("", 0);
  void *group = nullptr, *alone = nullptr;
  EXPECT_EQ(transport->makeGroup(transport->context, kMembers, 2, &group),
            nullptr);
  EXPECT_EQ(takeRecord(),
            "host: group of 2\nhost: free\njoin mine as 0 of 2\n");
  EXPECT_EQ(hostMembers, kMembers);
  EXPECT_EQ(transport->makeGroup(transport->context, kMembers, 1, &alone),
            nullptr);
  EXPECT_EQ(takeRecord(), "join mine as 0 of 1\n");

  int stream = 7, send = 5, receive[2] = {1, 1};
  normCudaSetStream(&stream);
  EXPECT_EQ(transport->allGather(transport->context, group, &send, receive,
                                 sizeof send),
            nullptr);
  EXPECT_EQ(takeRecord(), "gather 4 on stream 7\n");
  EXPECT_EQ(receive[0], 5);
  EXPECT_EQ(transport->clear(transport->context, receive, sizeof receive),
            nullptr);
  EXPECT_EQ(receive[0] + receive[1], 0);
  normCudaSetStream(nullptr);

  EXPECT_EQ(transport->poll(transport->context), nullptr);
  asynchronous = ncclRemoteError;
  EXPECT_STREQ(transport->poll(transport->context),
               "expected a gathering over NCCL to succeed, but got: what it "
               "is: why");
  asynchronous = ncclSuccess;
  transport->freeGroup(transport->context, group);
  transport->freeGroup(transport->context, alone);
  EXPECT_EQ(takeRecord(), "destroy\ndestroy\n");
  asynchronous = ncclRemoteError;
  EXPECT_EQ(transport->poll(transport->context), nullptr);
  asynchronous = ncclSuccess;
}

TEST(NcclTest, second) {
  NormTransport host = getHost(3);
  const NormTransport *transport = normNcclStart(&host);
  invite("theirs", 1);
  void *group = nullptr;
  EXPECT_EQ(transport->makeGroup(transport->context, kMembers, 2, &group),
            nullptr);
  EXPECT_EQ(takeRecord(),
            "host: group of 2\nhost: free\njoin theirs as 1 of 2\n");
  result = ncclSystemError;
  int word = 0;
  EXPECT_STREQ(transport->allGather(transport->context, group, &word, &word, 4),
               "expected ncclAllGather to succeed, but got: what it is: why");
  result = ncclSuccess;
  transport->freeGroup(transport->context, group);
}

// A device that cannot start tells the others.
TEST(NcclTest, failure) {
  NormTransport host = getHost(1);
  const NormTransport *transport = normNcclStart(&host);
  invite("", 0);
  result = ncclSystemError;
  void *group = nullptr;
  EXPECT_STREQ(transport->makeGroup(transport->context, kMembers, 2, &group),
               "expected ncclGetUniqueId to succeed, but got: what it is: why");
  result = ncclSuccess;
  host = getHost(3);
  transport = normNcclStart(&host);
  invite("theirs", 0);
  EXPECT_STREQ(transport->makeGroup(transport->context, kMembers, 2, &group),
               "expected device 1 to start NCCL, but it has failed");
}
