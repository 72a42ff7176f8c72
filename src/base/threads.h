// The one thread pool: libgomp's, which oneDNN and OpenBLAS use too.
//
// Regions call libgomp directly, not through pragmas: clang would compile those for another runtime,
// and two pools fight.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

extern "C" {
void GOMP_parallel(void (*body)(void*), void* data, unsigned threads, unsigned flags);
int omp_get_thread_num();
int omp_get_num_threads();
int omp_in_parallel();
}

namespace t9 {

int num_threads();
void set_num_threads(double n);  // cut to what can be started
int num_cores();

// Calls f(thread, threads) once on each of `threads` threads. f must not throw.
template <class F>
void parallel_region(int threads, F&& f) {
  if (threads <= 1 || omp_in_parallel()) return f(0, 1);
  using Body = std::remove_reference_t<F>;
  GOMP_parallel([](void* p) { (*static_cast<Body*>(p))(omp_get_thread_num(), omp_get_num_threads()); },
                const_cast<void*>(static_cast<const void*>(&f)), unsigned(threads), 0);
}

// Calls f(begin, end) on parts of [0, n), in parallel when each part holds `grain` items or more.
// Runs in the caller inside another region. f must not throw.
template <class F>
void parallel_for(int64_t n, int64_t grain, F&& f) {
  int64_t threads = std::min<int64_t>(num_threads(), n / std::max<int64_t>(grain, 1));
  if (threads <= 1) {
    if (n > 0) f(int64_t(0), n);
    return;
  }
  parallel_region(int(threads), [&](int64_t i, int64_t k) {
    int64_t begin = n * i / k, end = n * (i + 1) / k;
    if (begin < end) f(begin, end);
  });
}

}  // namespace t9
