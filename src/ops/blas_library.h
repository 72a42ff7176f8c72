// OpenBLAS and its LAPACK, loaded at the first call: most scripts start without it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace t9 {

// The Fortran routines for T = float ("s...") or double ("d..."). Matrices are column-major; integers
// are 32-bit; the size_t at the end of a list are the lengths of its letters.
template <class T>
struct BlasRoutines {
  using Int = const int&;
  using Letter = const char&;
  using Length = size_t;
  using In = const T*;

  void (*gemm)(Letter, Letter, Int m, Int n, Int k, const T& alpha, In a, Int lda, In b, Int ldb, const T& beta, T* c,
               Int ldc, Length, Length);
  void (*gesv)(Int n, Int nrhs, T* a, Int lda, int* pivots, T* b, Int ldb, int& status);
  void (*gels)(Letter, Int m, Int n, Int nrhs, T* a, Int lda, T* b, Int ldb, T* work, Int lwork, int& status, Length);
  void (*trtrs)(Letter uplo, Letter trans, Letter diag, Int n, Int nrhs, In a, Int lda, T* b, Int ldb, int& status,
                Length, Length, Length);
  void (*syevd)(Letter job, Letter uplo, Int n, T* a, Int lda, T* w, T* work, Int lwork, int* iwork, Int liwork,
                int& status, Length, Length);
  void (*geev)(Letter left, Letter right, Int n, T* a, Int lda, T* wr, T* wi, T* vl, Int ldvl, T* vr, Int ldvr, T* work,
               Int lwork, int& status, Length, Length);
  void (*gesdd)(Letter job, Int m, Int n, T* a, Int lda, T* s, T* u, Int ldu, T* vt, Int ldvt, T* work, Int lwork,
                int* iwork, int& status, Length);
  void (*getrf)(Int m, Int n, T* a, Int lda, int* pivots, int& status);
  void (*getri)(Int n, T* a, Int lda, const int* pivots, T* work, Int lwork, int& status);
  void (*potrf)(Letter, Int n, T* a, Int lda, int& status, Length);
  void (*potrs)(Letter, Int n, Int nrhs, In a, Int lda, T* b, Int ldb, int& status, Length);
  void (*potri)(Letter, Int n, T* a, Int lda, int& status, Length);
  void (*pstrf)(Letter, Int n, T* a, Int lda, int* pivots, int& rank, const T& tol, T* work, int& status, Length);
  void (*geqrf)(Int m, Int n, T* a, Int lda, T* tau, T* work, Int lwork, int& status);
  void (*geqrt)(Int m, Int n, Int nb, T* a, Int lda, T* t, Int ldt, T* work, int& status);
  void (*gemqrt)(Letter side, Letter trans, Int m, Int n, Int k, Int nb, In v, Int ldv, In t, Int ldt, T* c, Int ldc,
                 T* work, int& status, Length, Length);
  void (*larfb)(Letter side, Letter trans, Letter direct, Letter store, Int m, Int n, Int k, In v, Int ldv, In t,
                Int ldt, T* c, Int ldc, T* work, Int ldwork, Length, Length, Length, Length);
  void (*org2r)(Int m, Int n, Int k, T* a, Int lda, In tau, T* work, int& status);
  void (*orgqr)(Int m, Int n, Int k, T* a, Int lda, In tau, T* work, Int lwork, int& status);
  void (*ormqr)(Letter side, Letter trans, Int m, Int n, Int k, In a, Int lda, In tau, T* c, Int ldc, T* work,
                Int lwork, int& status, Length, Length);
};

// clang-format off
#define T9_BLAS_ROUTINES(X)                                                                           \
  X(gemm) X(gesv) X(gels) X(trtrs) X(syevd) X(geev) X(gesdd) X(getrf) X(getri) X(potrf) X(potrs) X(potri) \
  X(pstrf) X(geqrf) X(geqrt) X(gemqrt) X(larfb) X(org2r) X(orgqr) X(ormqr)
// clang-format on

// Throws Error, naming the package to install, when there is no such library.
template <class T>
const BlasRoutines<T>& blas();

// oneDNN's row-major sgemm; null where the library is missing.
using DnnlSgemm = int (*)(char transa, char transb, int64_t m, int64_t n, int64_t k, float alpha, const float* a,
                          int64_t lda, const float* b, int64_t ldb, float beta, float* c, int64_t ldc);
DnnlSgemm dnnl_sgemm();

}  // namespace t9
