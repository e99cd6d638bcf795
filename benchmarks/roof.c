/* The streaming kernels that all times are compared with: they read the large
   inputs of an op once and write its output once. */

#include <omp.h>
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

/* Goes over `from` and `to` `calls` times, each thread over a part of its own:
   kind 0 reads, 1 copies, and 2 copies around the caches. The number of lines
   is a multiple of four times that of the threads. */
void repeat(const Line *from, Line *to, size_t count, size_t calls, int threads,
            int kind) {
#pragma omp parallel num_threads(threads)
  {
    size_t part = count / omp_get_num_threads();
    const Line *x = from + part * omp_get_thread_num();
    Line *y = to + part * omp_get_thread_num(), sum[4] = {{0}};
    for (size_t call = 0; call < calls; ++call) {
      for (size_t i = 0; i < part; i += 4)
        for (size_t j = i; j < i + 4; ++j)
          if (kind == 0)
            sum[j - i] ^= x[j];
          else if (kind == 1)
            y[j] = x[j];
          else
            __builtin_nontemporal_store(x[j], &y[j]);
      /* Each call counts, as far as the compiler knows. */
      __asm__ volatile("" : : "x"(sum[0] ^ sum[1] ^ sum[2] ^ sum[3]) : "memory");
    }
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
  }
}
