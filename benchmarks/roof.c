/* The streaming kernels that all times are compared with: they read the large
   inputs of an op once and write its output once. */

#include <stddef.h>
#include <stdint.h>

typedef uint32_t Line __attribute__((vector_size(64)));

/* `to` is `from`, or with a second input the exclusive or of both: `count` cache
   lines. `threads` threads, stores around the caches if `streaming`, and reads
   asked for `ahead` lines before; 0 leaves that to the processor. */
void stream(const Line *from, const Line *second, Line *to, size_t count,
            int threads, int streaming, size_t ahead) {
#define LOOP(VALUE, STORE, PREFETCH)                                           \
  _Pragma("omp for nowait") for (size_t i = 0; i < count; ++i) {               \
    PREFETCH;                                                                  \
    STORE(VALUE);                                                              \
  }
#define PLAIN(VALUE) to[i] = VALUE
#define AROUND(VALUE) __builtin_nontemporal_store(VALUE, &to[i])
#define ASK(OF) __builtin_prefetch(&OF[i + ahead])
#define INPUTS(STORE)                                                          \
  if (second && ahead)                                                         \
    LOOP(from[i] ^ second[i], STORE, (ASK(from), ASK(second)))                 \
  else if (second)                                                             \
    LOOP(from[i] ^ second[i], STORE, (void)0)                                  \
  else if (ahead)                                                              \
    LOOP(from[i], STORE, ASK(from))                                            \
  else                                                                         \
    LOOP(from[i], STORE, (void)0)

#pragma omp parallel num_threads(threads) if (threads > 1)
  {
    if (streaming) {
      INPUTS(AROUND)
      __atomic_thread_fence(__ATOMIC_SEQ_CST);
    } else {
      INPUTS(PLAIN)
    }
  }
}
