// What training does to every module: both of its parameters in one call.
#include "nn/families.h"
#include "nn/kernel.h"
#include "ops/pointwise.h"

namespace t9::nn {

namespace {

void zero(Tensor* gradWeight, Tensor* gradBias) {
  for (Tensor* t : {gradWeight, gradBias}) {
    if (!t || t->empty()) continue;
    floating(*t, [&](auto type) {
      using T = typename decltype(type)::type;
      if (t->contiguous()) std::memset(t->bytes(), 0, size_t(t->numel()) * sizeof(T));
      else for_each<T>(*t, [](T& v) { v = 0; });
    });
  }
}

void update(Tensor* weight, Tensor* gradWeight, Tensor* bias, Tensor* gradBias, double rate) {
  auto step = [&](Tensor* p, Tensor* g) {
    if (!p) return;
    T9_CHECK(g, "a parameter has no gradient");
    check_counts(*p, *g);
    using namespace formula;
    const Loop f = loop<ArithmeticLoops, AddScaled, 2, 1>(p->type);
    const Scalar factor(-rate);
    const int64_t n = p->numel();
    if (n < kLight && p->storage != g->storage && p->contiguous() && g->contiguous())
      f(n, p->bytes(), p->bytes(), g->bytes(), nullptr, &factor);  // small and plain: nothing to decide
    else
      pointwise(f, *p, {p, g}, {factor});
  };
  step(weight, gradWeight);
  step(bias, gradBias);
}

}  // namespace

}  // namespace t9::nn

t9::OpList t9::parameters_kernels() {
  using namespace nn;
  return {
      kernel("Parameters_zero", sig<zero, "T? T?">{}),
      kernel("Parameters_update", sig<update, "T? T? T? T? double">{}),
  };
}
