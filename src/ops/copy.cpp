#include "ops/copy.h"

#include <cstring>

#include "ops/iterate.h"

namespace t9 {

namespace {

template <class To, class From>
inline To cast(From v) {
  if constexpr (std::is_same_v<To, From>) return v;
  else if constexpr (std::is_same_v<From, Half>) return cast<To>(float(v));
  else if constexpr (std::is_same_v<To, Half>) return Half(float(v));
  else if constexpr (std::is_integral_v<To> && std::is_floating_point_v<From> && sizeof(To) < 8) {
    return To(int64_t(v));  // wraps, as C's conversion does on the processors at hand
  } else return To(v);
}

template <class To, class From>
void copy_elements(Tensor& to, const Tensor& from) {
  To* pt = to.data<To>();
  const From* pf = from.data<From>();
  if (to.same_size(from)) {
    Walk<2> walk({&to, &from});
    walk.reorder();
    walk.parallel(kGrain * 4, [=](auto& offset, auto& step, int64_t n) {
      To* x = pt + offset[0];
      const From* y = pf + offset[1];
      if (step[0] == 1 && step[1] == 1) {
        if constexpr (std::is_same_v<To, From>) std::memmove(x, y, size_t(n) * sizeof(To));
        else for (int64_t k = 0; k < n; ++k) x[k] = cast<To>(y[k]);
      } else {
        for (int64_t k = 0; k < n; ++k) x[k * step[0]] = cast<To>(y[k * step[1]]);
      }
    });
    return;
  }
  for_each2<To, const From>(to, from, [](To& x, const From& y) { x = cast<To>(y); });
}

}  // namespace

void copy(Tensor& to, const Tensor& from) {
  check_counts(to, from);
  if (to.empty() || &to == &from) return;
  if (overlaps_unsafely(to, from)) {
    TensorRef held = make_tensor(from.type, from.sizes());
    copy(*held, from);
    return copy(to, *held);
  }
  dispatch<kAllTypes>(to.type, [&](auto t) {
    using To = typename decltype(t)::type;
    dispatch<kAllTypes>(from.type, [&](auto f) { copy_elements<To, typename decltype(f)::type>(to, from); });
  });
}

void convert(Type to_type, void* to, Type from_type, const void* from, int64_t n) {
  dispatch<kAllTypes>(to_type, [&](auto t) {
    using To = typename decltype(t)::type;
    dispatch<kAllTypes>(from_type, [&](auto f) {
      using From = typename decltype(f)::type;
      To* x = static_cast<To*>(to);
      const From* y = static_cast<const From*>(from);
      if constexpr (std::is_same_v<To, From>) std::memmove(x, y, size_t(n) * sizeof(To));
      else for (int64_t k = 0; k < n; ++k) x[k] = cast<To>(y[k]);
    });
  });
}

double get_element(Type type, const void* p) {
  return dispatch<kAllTypes>(type, [&](auto t) {
    using T = typename decltype(t)::type;
    return cast<double>(*static_cast<const T*>(p));
  });
}

void set_element(Type type, void* p, Scalar v) {
  dispatch<kAllTypes>(type, [&](auto t) {
    using T = typename decltype(t)::type;
    *static_cast<T*>(p) = v.to<T>();
  });
}

}  // namespace t9
