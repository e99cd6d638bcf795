//===- Instrument.cpp - NVVM IR to checked host code ----------------------===//
//
// Part of the Norm project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Instrument.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/ReplaceConstant.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;
using namespace mlir::norm::emulator;

/// The address spaces of workgroup memory: of the block, and of its cluster.
static constexpr unsigned kShared = 3, kSharedCluster = 7;

namespace {

/// Instruments one module.
class Instrumenter {
public:
  explicit Instrumenter(Module &module)
      : module(module), context(module.getContext()),
        pointer(PointerType::get(context, 0)), i32(Type::getInt32Ty(context)) {}

  Expected<Contents> run();

private:
  void placeWorkgroupMemory();
  Error checkAccesses(Function &function);
  void addAtomicCheck(Instruction *at, Value *address, Type *type,
                      Align alignment, bool isWrite);
  void addCheck(Instruction *at, Value *address, Value *size, Align alignment,
                bool isWrite);
  Error replaceCalls(Function &function);
  Value *replaceCall(CallInst &call);
  Value *makeShuffle(CallInst &call, Shuffle kind);
  void surroundGridBarrier(CallInst &call);
  Value *makeClusterMeeting(CallInst &call, StringRef function, bool isAligned);
  void makeEntry(Function &kernel);
  FunctionCallee declare(StringRef name, Type *result,
                         ArrayRef<Type *> arguments) {
    return module.getOrInsertFunction(
        name, FunctionType::get(result, arguments, false));
  }
  /// Returns the number of a place, which messages name as `name`.
  Value *makeSite(StringRef name) {
    sites.push_back(name.str());
    return ConstantInt::get(i32, sites.size() - 1);
  }

  Module &module;
  LLVMContext &context;
  PointerType *pointer;
  Type *i32;
  uint64_t workgroupBytes = 0;
  /// That of the array which needs most, and what chips give to all memory.
  Align workgroupAlignment = Align(16);
  std::vector<std::string> sites;
};

} // namespace

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

/// Gives all arrays in workgroup memory a place in that of the block. What has
/// no size, which the launch tells, is behind the others.
void Instrumenter::placeWorkgroupMemory() {
  SmallVector<GlobalVariable *> arrays;
  for (GlobalVariable &global : module.globals())
    if (global.getAddressSpace() == kShared)
      arrays.push_back(&global);
  const DataLayout &layout = module.getDataLayout();
  auto getSize = [&](GlobalVariable *array) -> uint64_t {
    return layout.getTypeAllocSize(array->getValueType());
  };
  llvm::stable_sort(arrays, [&](GlobalVariable *a, GlobalVariable *b) {
    return (getSize(a) != 0) > (getSize(b) != 0);
  });
  FunctionCallee base =
      declare("normEmulatorWorkgroup", pointer, ArrayRef<Type *>());
  for (GlobalVariable *array : arrays) {
    Align alignment = array->getAlign().value_or(
        layout.getABITypeAlign(array->getValueType()));
    workgroupBytes = alignTo(workgroupBytes, alignment);
    workgroupAlignment = std::max(workgroupAlignment, alignment);
    uint64_t offset = workgroupBytes;
    workgroupBytes += getSize(array);
    convertUsersOfConstantsToInstructions({array});
    DenseMap<Function *, Value *> places;
    for (Use &use : make_early_inc_range(array->uses())) {
      Function *function = cast<Instruction>(use.getUser())->getFunction();
      Value *&place = places[function];
      if (!place) {
        IRBuilder<> builder(&*function->getEntryBlock().getFirstInsertionPt());
        Value *block = builder.CreateCall(base);
        place = builder.CreateAddrSpaceCast(
            builder.CreateConstGEP1_64(builder.getInt8Ty(), block, offset),
            array->getType());
      }
      use.set(place);
    }
    array->eraseFromParent();
  }
}

void Instrumenter::addCheck(Instruction *at, Value *address, Value *size,
                            Align alignment, bool isWrite) {
  IRBuilder<> builder(at);
  FunctionCallee check = declare("normEmulatorAccess", builder.getVoidTy(),
                                 {pointer, i32, i32, i32, i32});
  unsigned number = address->getType()->getPointerAddressSpace();
  Space space = number == kShared          ? Space::Workgroup
                : number == kSharedCluster ? Space::Cluster
                                           : Space::Any;
  builder.CreateCall(check, {builder.CreateAddrSpaceCast(address, pointer),
                             builder.CreateZExtOrTrunc(size, i32),
                             builder.getInt32(alignment.value()),
                             builder.getInt32(isWrite),
                             builder.getInt32(unsigned(space))});
}

void Instrumenter::addAtomicCheck(Instruction *at, Value *address, Type *type,
                                  Align alignment, bool isWrite) {
  IRBuilder<> builder(at);
  builder.CreateCall(
      declare("normEmulatorAtomic", builder.getVoidTy(),
              {pointer, i32, i32, i32}),
      {builder.CreateAddrSpaceCast(address, pointer),
       builder.getInt32(module.getDataLayout().getTypeStoreSize(type)),
       builder.getInt32(alignment.value()), builder.getInt32(isWrite)});
}

Error Instrumenter::checkAccesses(Function &function) {
  SmallVector<Instruction *> accesses;
  for (Instruction &instruction : instructions(function))
    if (instruction.mayReadOrWriteMemory())
      accesses.push_back(&instruction);
  auto getSize = [&](Type *type) {
    return ConstantInt::get(i32, module.getDataLayout().getTypeStoreSize(type));
  };
  for (Instruction *access : accesses) {
    if (auto *load = dyn_cast<LoadInst>(access); load && load->isAtomic()) {
      addAtomicCheck(load, load->getPointerOperand(), load->getType(),
                     load->getAlign(), /*isWrite=*/false);
    } else if (auto *atomic = dyn_cast<AtomicRMWInst>(access);
               atomic && atomic->getType()->isIntegerTy()) {
      addAtomicCheck(atomic, atomic->getPointerOperand(), atomic->getType(),
                     atomic->getAlign(), /*isWrite=*/true);
    } else if (load) {
      addCheck(load, load->getPointerOperand(), getSize(load->getType()),
               load->getAlign(), /*isWrite=*/false);
    } else if (auto *store = dyn_cast<StoreInst>(access)) {
      addCheck(store, store->getPointerOperand(),
               getSize(store->getValueOperand()->getType()), store->getAlign(),
               /*isWrite=*/true);
    } else if (auto *memory = dyn_cast<MemIntrinsic>(access)) {
      addCheck(memory, memory->getRawDest(), memory->getLength(),
               memory->getDestAlign().valueOrOne(), /*isWrite=*/true);
      if (auto *transfer = dyn_cast<MemTransferInst>(access))
        addCheck(transfer, transfer->getRawSource(), transfer->getLength(),
                 transfer->getSourceAlign().valueOrOne(), /*isWrite=*/false);
    } else if (!isa<CallInst, FenceInst>(access)) {
      return createStringError(
          Twine("expected instructions that the emulator knows, but got ") +
          access->getOpcodeName());
    }
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

static std::optional<Shuffle> getShuffle(StringRef name) {
  if (!name.consume_front("llvm.nvvm.shfl.sync."))
    return std::nullopt;
  return StringSwitch<std::optional<Shuffle>>(name.split('.').first)
      .Case("up", Shuffle::Up)
      .Case("down", Shuffle::Down)
      .Case("bfly", Shuffle::Butterfly)
      .Case("idx", Shuffle::Index)
      .Default(std::nullopt);
}

Value *Instrumenter::makeShuffle(CallInst &call, Shuffle kind) {
  IRBuilder<> entry(
      &*call.getFunction()->getEntryBlock().getFirstInsertionPt());
  Value *valid = entry.CreateAlloca(entry.getInt8Ty());
  IRBuilder<> builder(&call);
  FunctionCallee exchange = declare("normEmulatorShuffle", i32,
                                    {i32, i32, i32, i32, i32, i32, pointer});
  Value *value = call.getArgOperand(1);
  Value *result = builder.CreateCall(
      exchange, {builder.getInt32(unsigned(kind)), call.getArgOperand(0),
                 builder.CreateBitCast(value, i32), call.getArgOperand(2),
                 call.getArgOperand(3), makeSite("a shuffle"), valid});
  result = builder.CreateBitCast(result, value->getType());
  if (!call.getType()->isStructTy())
    return result;
  Value *isValid = builder.CreateTrunc(
      builder.CreateLoad(builder.getInt8Ty(), valid), builder.getInt1Ty());
  Value *both = PoisonValue::get(call.getType());
  both = builder.CreateInsertValue(both, result, 0);
  return builder.CreateInsertValue(both, isValid, 1);
}

Value *Instrumenter::makeClusterMeeting(CallInst &call, StringRef function,
                                        bool isAligned) {
  IRBuilder<> builder(&call);
  return builder.CreateCall(
      declare(function, builder.getVoidTy(), {i32, i32}),
      {builder.getInt32(isAligned), makeSite("a barrier of the cluster")});
}

/// Tells when a thread comes to a barrier of all blocks, and when it leaves it;
/// what the barrier does in between is run.
void Instrumenter::surroundGridBarrier(CallInst &call) {
  IRBuilder<> builder(&call);
  builder.CreateCall(
      declare("normEmulatorArrive", builder.getVoidTy(), {i32, i32}),
      {builder.getInt32(false), makeSite("a barrier of all blocks")});
  builder.SetInsertPoint(call.getNextNode());
  builder.CreateCall(declare("normEmulatorLeave", builder.getVoidTy(), {}));
}

/// Returns what takes the place of a call of something that only a GPU has, or
/// null.
Value *Instrumenter::replaceCall(CallInst &call) {
  IRBuilder<> builder(&call);
  Intrinsic::ID id = call.getIntrinsicID();
  StringRef name = call.getCalledFunction()->getName();
  if (std::optional<Register> which = getRegister(id))
    return builder.CreateCall(declare("normEmulatorRegister", i32, {i32}),
                              {builder.getInt32(unsigned(*which))});
  if (std::optional<Shuffle> kind = getShuffle(name))
    return makeShuffle(call, *kind);
  switch (id) {
  case Intrinsic::nvvm_barrier_cta_sync_aligned_all:
    return builder.CreateCall(
        declare("normEmulatorBarrier", builder.getVoidTy(), {i32, i32}),
        {call.getArgOperand(0), makeSite("a barrier")});
  case Intrinsic::nvvm_barrier_cluster_arrive:
    return makeClusterMeeting(call, "normEmulatorArrive", false);
  case Intrinsic::nvvm_barrier_cluster_arrive_aligned:
    return makeClusterMeeting(call, "normEmulatorArrive", true);
  case Intrinsic::nvvm_barrier_cluster_wait:
    return makeClusterMeeting(call, "normEmulatorWait", false);
  case Intrinsic::nvvm_barrier_cluster_wait_aligned:
    return makeClusterMeeting(call, "normEmulatorWait", true);
  case Intrinsic::nvvm_mapa:
  case Intrinsic::nvvm_mapa_shared_cluster:
    return builder.CreateAddrSpaceCast(
        builder.CreateCall(
            declare("normEmulatorMap", pointer, {pointer, i32}),
            {builder.CreateAddrSpaceCast(call.getArgOperand(0), pointer),
             call.getArgOperand(1)}),
        call.getType());
  case Intrinsic::nvvm_rsqrt_approx_f:
  case Intrinsic::nvvm_rsqrt_approx_d: {
    Value *root =
        builder.CreateUnaryIntrinsic(Intrinsic::sqrt, call.getArgOperand(0));
    return builder.CreateFDiv(ConstantFP::get(call.getType(), 1.0), root);
  }
  default:
    return nullptr;
  }
}

Error Instrumenter::replaceCalls(Function &function) {
  for (Instruction &instruction :
       make_early_inc_range(instructions(function))) {
    auto *call = dyn_cast<CallInst>(&instruction);
    if (!call)
      continue;
    if (!call->getCalledFunction())
      return createStringError("expected instructions that the emulator knows, "
                               "but got inline assembly or an unknown callee");
    StringRef name = call->getCalledFunction()->getName();
    if (name == "norm_grid_barrier") {
      surroundGridBarrier(*call);
    } else if (Value *value = replaceCall(*call)) {
      call->replaceAllUsesWith(value);
      call->eraseFromParent();
    } else if (name.starts_with("llvm.nvvm.") ||
               name.starts_with("llvm.masked.")) {
      return createStringError(
          "expected instructions that the emulator knows, but got " + name);
    }
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

void Instrumenter::makeEntry(Function &kernel) {
  auto *entry = Function::Create(
      FunctionType::get(Type::getVoidTy(context), {pointer}, false),
      GlobalValue::ExternalLinkage, kernel.getName() + ".run", module);
  IRBuilder<> builder(BasicBlock::Create(context, "", entry));
  SmallVector<Value *> arguments;
  for (Argument &argument : kernel.args()) {
    Value *place = builder.CreateLoad(
        pointer, builder.CreateConstGEP1_64(pointer, entry->getArg(0),
                                            argument.getArgNo()));
    arguments.push_back(builder.CreateLoad(argument.getType(), place));
  }
  builder.CreateCall(&kernel, arguments);
  builder.CreateRetVoid();
}

Expected<Contents> Instrumenter::run() {
  SmallVector<Function *> functions, kernels;
  for (Function &function : module) {
    if (function.isDeclaration()) {
      // libdevice has the names of the C library behind a prefix.
      StringRef name = function.getName();
      if (name.consume_front("__nv_"))
        function.setName(name.str());
      continue;
    }
    functions.push_back(&function);
    if (function.getCallingConv() == CallingConv::PTX_Kernel) {
      function.setCallingConv(CallingConv::C);
      kernels.push_back(&function);
    }
    // Those of the GPU mean nothing to the host.
    function.removeFnAttr("target-cpu");
    function.removeFnAttr("target-features");
  }
  for (Function *function : functions) {
    if (Error error = checkAccesses(*function))
      return std::move(error);
    if (Error error = replaceCalls(*function))
      return std::move(error);
  }
  placeWorkgroupMemory();
  Contents result;
  for (Function *kernel : kernels) {
    makeEntry(*kernel);
    result.kernels.push_back({kernel->getName().str(), nullptr,
                              size_t(workgroupBytes),
                              size_t(workgroupAlignment.value()), sites});
  }
  for (GlobalVariable &global : module.globals()) {
    // The device has to know its address.
    global.setLinkage(GlobalValue::ExternalLinkage);
    result.globals.push_back(
        {global.getName().str(),
         module.getDataLayout().getTypeAllocSize(global.getValueType())});
  }
  return result;
}

Expected<Contents> mlir::norm::emulator::instrument(Module &module,
                                                    const Triple &triple,
                                                    const DataLayout &layout) {
  module.setTargetTriple(triple);
  module.setDataLayout(layout);
  return Instrumenter(module).run();
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

static uint32_t callRegister(uint32_t which) {
  return readRegister(Register(which));
}

static void callBarrier(uint32_t barrier, uint32_t site) {
  waitAtBarrier(barrier, site);
}

static uint32_t callShuffle(uint32_t kind, uint32_t mask, uint32_t value,
                            uint32_t lane, uint32_t clamp, uint32_t site,
                            bool *isValid) {
  return shuffle(Shuffle(kind), mask, value, lane, clamp, site, isValid);
}

static void callArrive(uint32_t isAligned, uint32_t site) {
  arriveAtCluster(isAligned != 0, site);
}

static void callWait(uint32_t isAligned, uint32_t site) {
  waitAtCluster(isAligned != 0, site);
}

static void callLeave() { leaveGridBarrier(); }

static void callAtomic(char *address, uint32_t size, uint32_t alignment,
                       uint32_t isWrite) {
  accessAtomically(address, size, alignment, isWrite != 0);
}

static void callAccess(char *address, uint32_t size, uint32_t alignment,
                       uint32_t isWrite, uint32_t space) {
  access(address, size, alignment, isWrite != 0, Space(space));
}

ArrayRef<Symbol> mlir::norm::emulator::getKernelSymbols() {
  static const Symbol symbols[] = {
      {"normEmulatorRegister", reinterpret_cast<void *>(callRegister)},
      {"normEmulatorWorkgroup", reinterpret_cast<void *>(getWorkgroupMemory)},
      {"normEmulatorBarrier", reinterpret_cast<void *>(callBarrier)},
      {"normEmulatorShuffle", reinterpret_cast<void *>(callShuffle)},
      {"normEmulatorArrive", reinterpret_cast<void *>(callArrive)},
      {"normEmulatorWait", reinterpret_cast<void *>(callWait)},
      {"normEmulatorLeave", reinterpret_cast<void *>(callLeave)},
      {"normEmulatorAtomic", reinterpret_cast<void *>(callAtomic)},
      {"normEmulatorMap", reinterpret_cast<void *>(mapToBlock)},
      {"normEmulatorAccess", reinterpret_cast<void *>(callAccess)},
  };
  return symbols;
}
