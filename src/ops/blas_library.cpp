#include "ops/blas_library.h"

#include <dlfcn.h>
#include <strings.h>

#include <cstdlib>
#include <string>

#include "torch9/error.h"

namespace t9 {

namespace {

// The OpenMP build first: it shares libgomp's pool with everything else. Where the configured path
// is missing, whatever the system calls OpenBLAS.
void* open_any() {
  for (const char* name : {T9_OPENBLAS, "libopenblas.so.0"})
    if (void* library = dlopen(name, RTLD_LAZY | RTLD_LOCAL)) return library;
  fail("matrix functions need OpenBLAS, which does not load (%s): install the package libopenblas0-openmp", dlerror());
}

// OpenBLAS takes a processor that is newer than itself for a very old one, with kernels five times slower.
// Returns the name to give it instead, or null.
const char* better_core(void* library) {
#if defined(__x86_64__)
  auto name = reinterpret_cast<const char* (*)()>(dlsym(library, "openblas_get_corename"));
  if (!name || std::getenv("OPENBLAS_CORETYPE")) return nullptr;
  for (const char* good : {"Haswell", "Zen", "SkylakeX", "Cooperlake", "Sapphirerapids", "Excavator"})
    if (strcasecmp(name(), good) == 0) return nullptr;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw"))
    return "SkylakeX";
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "Haswell";
#else
  (void)library;
#endif
  return nullptr;
}

void* open_blas() {
  void* library = open_any();
  if (const char* core = better_core(library)) {
    dlclose(library);
    setenv("OPENBLAS_CORETYPE", core, 0);
    library = open_any();
    unsetenv("OPENBLAS_CORETYPE");
  }
  return library;
}

void* blas_library() {
  static void* library = open_blas();
  return library;
}

template <class F>
void bind(F& pointer, char type, const char* name) {
  std::string symbol = type + std::string(name) + "_";
  pointer = reinterpret_cast<F>(dlsym(blas_library(), symbol.c_str()));
  T9_CHECK(pointer, "OpenBLAS has no function %s: install the package libopenblas0-openmp", symbol.c_str());
}

template <class T>
BlasRoutines<T> bind_all(char type) {
  BlasRoutines<T> out;
#define T9_BIND(NAME) bind(out.NAME, type, #NAME);
  T9_BLAS_ROUTINES(T9_BIND)
#undef T9_BIND
  return out;
}

}  // namespace

template <>
const BlasRoutines<float>& blas<float>() {
  static const BlasRoutines<float> routines = bind_all<float>('s');
  return routines;
}

template <>
const BlasRoutines<double>& blas<double>() {
  static const BlasRoutines<double> routines = bind_all<double>('d');
  return routines;
}

DnnlSgemm dnnl_sgemm() {
  static const DnnlSgemm function = [] {
    void* library = dlopen("libdnnl.so.2", RTLD_LAZY | RTLD_LOCAL);
    return library ? reinterpret_cast<DnnlSgemm>(dlsym(library, "dnnl_sgemm")) : nullptr;
  }();
  return function;
}

}  // namespace t9
