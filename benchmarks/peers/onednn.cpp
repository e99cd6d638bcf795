// One op of oneDNN bound to arrays: C functions for onednn.py. Only the C
// interface of the library is used, which has one binary form in all of 3.x.

#include <dnnl.h>
#include <stdexcept>
#include <string>
#include <vector>

// Missing in versions before 3.3.
#pragma weak dnnl_group_normalization_forward_primitive_desc_create
#pragma weak dnnl_group_normalization_backward_primitive_desc_create

namespace {

/// The arrays of a cell, null where the op has none; onednn.py has the order.
struct Arrays {
  void *input, *output, *scale, *bias, *mean, *variance;
  void *outputGradient, *scaleGradient, *biasGradient;
};

struct Bound {
  dnnl_primitive_t primitive;
  dnnl_stream_t stream;
  std::vector<dnnl_exec_arg_t> arguments;
  /// Statistics that training mixes into running ones; null otherwise.
  std::vector<float> mean, variance;
  float *runningMean, *runningVariance;
  float momentum, correction;
};

std::string lastError;

void check(dnnl_status_t status, const char *what) {
  if (status != dnnl_success)
    throw std::runtime_error(std::string(what) + ": status " +
                             std::to_string(status));
}

/// The processor, made once.
dnnl_engine_t getEngine() {
  static dnnl_engine_t engine = [] {
    dnnl_engine_t made;
    check(dnnl_engine_create(&made, dnnl_cpu, 0), "engine");
    return made;
  }();
  return engine;
}

dnnl_memory_desc_t describe(std::vector<int64_t> sizes, dnnl_data_type_t type,
                            dnnl_format_tag_t tag) {
  dnnl_memory_desc_t desc;
  check(dnnl_memory_desc_create_with_tag(&desc, int(sizes.size()), sizes.data(),
                                         type, tag),
        "memory descriptor");
  return desc;
}

/// Throws if the library lacks the op.
dnnl_primitive_desc_t describeOp(const std::string &op, dnnl_memory_desc_t data,
                                 dnnl_memory_desc_t statistics, int64_t groups,
                                 float epsilon) {
  unsigned flags = dnnl_use_scale | dnnl_use_shift;
  if (op == "batch_norm_inference")
    flags |= dnnl_use_global_stats;
  dnnl_prop_kind_t kind = op == "batch_norm_inference" ? dnnl_forward_inference
                                                       : dnnl_forward_training;
  bool gradient = op.find("_grad") != std::string::npos;
  dnnl_engine_t engine = getEngine();
  if (groups && !dnnl_group_normalization_forward_primitive_desc_create)
    throw std::runtime_error("no group norm");
  dnnl_primitive_desc_t forward, backward;
  if (groups)
    check(dnnl_group_normalization_forward_primitive_desc_create(
              &forward, engine, kind, data, data, groups, epsilon, flags,
              nullptr),
          "group norm");
  else
    check(dnnl_batch_normalization_forward_primitive_desc_create(
              &forward, engine, kind, data, data, epsilon, flags, nullptr),
          "batch norm");
  if (!gradient)
    return forward;
  if (groups)
    check(dnnl_group_normalization_backward_primitive_desc_create(
              &backward, engine, dnnl_backward, data, data, data, groups,
              epsilon, flags, forward, nullptr),
          "gradient of group norm");
  else
    check(dnnl_batch_normalization_backward_primitive_desc_create(
              &backward, engine, dnnl_backward, data, data, data, epsilon,
              flags, forward, nullptr),
          "gradient of batch norm");
  dnnl_primitive_desc_destroy(forward);
  return backward;
}

} // namespace

extern "C" {

/// `momentum` is what the running statistics keep of their old values.
/// Returns null if the library lacks the op; see getError.
Bound *create(const char *op, dnnl_data_type_t type, const char *format,
              const int64_t sizes[4], int64_t groups, float epsilon,
              float momentum, const Arrays *arrays) try {
  std::string name = op, layout = format;
  auto tag = layout == "NHWC"      ? dnnl_nhwc
             : layout == "NCHW16c" ? dnnl_nChw16c
             : layout == "NCHW8c"  ? dnnl_nChw8c
                                   : dnnl_nchw;
  auto data = describe({sizes, sizes + 4}, type, tag);
  auto channels = describe({sizes[1]}, dnnl_f32, dnnl_a);
  auto statistics =
      groups ? describe({sizes[0], groups}, dnnl_f32, dnnl_ab) : channels;
  auto desc = describeOp(name, data, statistics, groups, epsilon);
  auto *bound = new Bound{};
  check(dnnl_primitive_create(&bound->primitive, desc), "primitive");
  check(dnnl_stream_create(&bound->stream, getEngine(),
                           dnnl_stream_default_flags),
        "stream");

  auto add = [&](int argument, dnnl_memory_desc_t desc, void *array) {
    dnnl_memory_t memory;
    check(dnnl_memory_create(&memory, desc, getEngine(), array), "memory");
    bound->arguments.push_back({argument, memory});
  };
  void *mean = arrays->mean, *variance = arrays->variance;
  bool training = name == "batch_norm_training";
  if (training || name == "group_norm") {
    bound->mean.resize(groups ? sizes[0] * groups : sizes[1]);
    bound->variance.resize(bound->mean.size());
    mean = bound->mean.data(), variance = bound->variance.data();
  }
  if (training) {
    double count = double(sizes[0]) * sizes[2] * sizes[3];
    bound->runningMean = static_cast<float *>(arrays->mean);
    bound->runningVariance = static_cast<float *>(arrays->variance);
    bound->momentum = momentum;
    bound->correction = count / (count - 1);
  }
  add(DNNL_ARG_SRC, data, arrays->input);
  add(DNNL_ARG_MEAN, statistics, mean);
  add(DNNL_ARG_VARIANCE, statistics, variance);
  add(DNNL_ARG_SCALE, channels, arrays->scale);
  if (arrays->outputGradient) {
    add(DNNL_ARG_DIFF_DST, data, arrays->outputGradient);
    add(DNNL_ARG_DIFF_SRC, data, arrays->output);
    add(DNNL_ARG_DIFF_SCALE, channels, arrays->scaleGradient);
    add(DNNL_ARG_DIFF_SHIFT, channels, arrays->biasGradient);
  } else {
    add(DNNL_ARG_SHIFT, channels, arrays->bias);
    add(DNNL_ARG_DST, data, arrays->output);
  }
  return bound;
} catch (const std::exception &error) {
  lastError = error.what();
  return nullptr;
}

const char *getError() { return lastError.c_str(); }

/// Returns 0 on success.
int run(Bound *bound) {
  int status = dnnl_primitive_execute(bound->primitive, bound->stream,
                                      int(bound->arguments.size()),
                                      bound->arguments.data());
  status |= dnnl_stream_wait(bound->stream);
  if (bound->runningMean)
    for (size_t i = 0; i < bound->mean.size(); ++i) {
      float keep = bound->momentum, take = 1 - keep;
      bound->runningMean[i] =
          keep * bound->runningMean[i] + take * bound->mean[i];
      bound->runningVariance[i] = keep * bound->runningVariance[i] +
                                  take * bound->correction * bound->variance[i];
    }
  return status;
}

void destroy(Bound *bound) {
  for (const dnnl_exec_arg_t &argument : bound->arguments)
    dnnl_memory_destroy(argument.memory);
  dnnl_primitive_destroy(bound->primitive);
  dnnl_stream_destroy(bound->stream);
  delete bound;
}

/// Major * 10000 + minor * 100 + patch.
int getVersion() {
  const dnnl_version_t *version = dnnl_version();
  return version->major * 10000 + version->minor * 100 + version->patch;
}
}
