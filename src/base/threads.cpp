#include "base/threads.h"

#include <atomic>
#include <cstdlib>

extern "C" {
int omp_get_num_procs();
void omp_set_num_threads(int);
}

namespace t9 {

namespace {
int initial_threads() {
  if (const char* text = std::getenv("OMP_NUM_THREADS")) {
    int n = std::atoi(text);
    if (n > 0) return n;
  }
  return num_cores();
}
std::atomic<int> threads{0};
}  // namespace

int num_cores() { return std::max(1, omp_get_num_procs()); }

int num_threads() {
  int n = threads.load(std::memory_order_relaxed);
  if (n == 0) threads.store(n = initial_threads());
  return n;
}

void set_num_threads(double n) {
  constexpr double kMost = 1024;  // libgomp ends the process when it cannot start a thread
  const int count = n >= 1 ? int(std::min(n, kMost)) : 1;
  threads.store(count);
  omp_set_num_threads(count);
}

}  // namespace t9
