#include "ops/blas_library.h"

#include <dlfcn.h>

#include <string>

#include "torch9/error.h"

namespace t9 {

namespace {

// The OpenMP build first: it shares libgomp's pool with everything else. Where the configured path
// is missing, whatever the system calls OpenBLAS.
void* open_blas() {
  for (const char* name : {T9_OPENBLAS, "libopenblas.so.0"})
    if (void* library = dlopen(name, RTLD_LAZY | RTLD_LOCAL)) return library;
  fail("matrix functions need OpenBLAS, which does not load (%s): install the package libopenblas0-openmp", dlerror());
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
