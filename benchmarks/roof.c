/* The streaming copy that all times are compared with. */

#include <stddef.h>

typedef float Line __attribute__((vector_size(64)));

/* Copies `count` cache lines on all threads, through the caches. */
void copy_plain(const Line *from, Line *to, size_t count) {
#pragma omp parallel for
  for (size_t i = 0; i < count; ++i)
    to[i] = from[i];
}

/* The same, writing around the caches. */
void copy_streaming(const Line *from, Line *to, size_t count) {
#pragma omp parallel
  {
#pragma omp for nowait
    for (size_t i = 0; i < count; ++i)
      __builtin_nontemporal_store(from[i], &to[i]);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
  }
}
