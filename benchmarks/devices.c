/* Times how rows travel between devices over MPI: the library's own call, and
   ours around it, in turn. The device 0 prints, for each size of rows, its bytes
   and the median times of both in microseconds; then the same for the rows of a
   training step of ResNet-50. benchmarks/devices compiles and runs it. */

#define _GNU_SOURCE
#include <mpi.h>

#include "Norm/Runtime/Mpi.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double getTime(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e6 + now.tv_nsec * 1e-3;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* A count, mean and M2, or two sums and a count, of each channel. */
static int64_t getBytes(int64_t channels) { return 8 + 24 * channels; }

static int64_t description[] = {1, 0, 1, 0, 0};
static int64_t *send, *receive;

static void gather(int isOurs, int64_t bytes) {
  if (isOurs) {
    normDevicesAllGather(description, send, receive, bytes);
    return;
  }
  /* A row is new each time. Ours writes this word, too: another process that has
     read it must give up its copy. */
  ++send[0];
  MPI_Allgather(send, (int)bytes, MPI_BYTE, receive, (int)bytes, MPI_BYTE,
                MPI_COMM_WORLD);
}

/* Takes turns of `calls` calls for each of the `count` sizes. Stores the medians
   of the time of all sizes together. */
static void measure(const int64_t *sizes, int count, int calls, int turns,
                    double *medians) {
  double *times[2] = {malloc(turns * sizeof(double)),
                      malloc(turns * sizeof(double))};
  for (int turn = -2; turn < turns; ++turn)
    for (int half = 0; half < 2; ++half) {
      int isOurs = half ^ (turn & 1);
      MPI_Barrier(MPI_COMM_WORLD);
      double start = getTime();
      for (int i = 0; i < calls; ++i)
        for (int size = 0; size < count; ++size)
          gather(isOurs, sizes[size]);
      if (turn >= 0)
        times[isOurs][turn] = (getTime() - start) / calls;
    }
  for (int isOurs = 0; isOurs < 2; ++isOurs) {
    qsort(times[isOurs], turns, sizeof(double), compare);
    medians[isOurs] = times[isOurs][turns / 2];
    free(times[isOurs]);
  }
}

/* Stores the rows of the batch norms of ResNet-50, and returns how many. */
static int getResNet(int64_t *sizes) {
  const int blocks[] = {3, 4, 6, 3};
  int count = 0;
  sizes[count++] = getBytes(64);
  for (int stage = 0; stage < 4; ++stage)
    for (int block = 0; block < blocks[stage]; ++block) {
      int64_t width = 64 << stage;
      sizes[count++] = getBytes(width);
      sizes[count++] = getBytes(width);
      sizes[count++] = getBytes(4 * width);
      if (block == 0)
        sizes[count++] = getBytes(4 * width);
    }
  return count;
}

int main(int argc, char **argv) {
  int turns = argc > 1 ? atoi(argv[1]) : 1000;
  const NormTransport *transport = normMpiStart();
  if (!transport) {
    fprintf(stderr, "error: %s\n", normMpiGetProblem());
    return 1;
  }
  normDevicesSetTransport(transport);
  description[1] = transport->count;
  send = calloc(1, getBytes(2048));
  receive = calloc(transport->count, getBytes(2048));
  double medians[2];
  for (int64_t channels = 64; channels <= 2048; channels *= 2) {
    int64_t bytes = getBytes(channels);
    measure(&bytes, 1, 20, turns, medians);
    if (transport->index == 0)
      printf("%d %.3f %.3f\n", (int)bytes, medians[0], medians[1]);
  }
  /* Forward and backward. */
  int64_t sizes[64];
  int count = getResNet(sizes);
  measure(sizes, count, 2, turns / 10 + 1, medians);
  if (transport->index == 0)
    printf("%d %.3f %.3f\n", 2 * count, 2 * medians[0], 2 * medians[1]);
  free(send);
  free(receive);
  normDevicesSetTransport(NULL);
  normMpiStop();
  return 0;
}
