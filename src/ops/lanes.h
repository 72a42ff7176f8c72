// Walks that treat one dimension apart from the others.
#pragma once

#include "base/scratch.h"
#include "ops/iterate.h"

namespace t9 {

// Sizes and strides for a Walk that belong to no elements.
struct Geometry : Tensor {
  Geometry(const Sizes& size, const Sizes& stride) : Tensor(Type::Byte) { set_geometry(size, stride); }
};

// `t` seen with another size in dimension `dim`, where it stands still: Walk it beside a tensor that
// says how far to go there.
inline Geometry still(const Tensor& t, int dim, int64_t size) {
  Sizes sizes = t.sizes(), strides = t.strides();
  sizes[dim] = size;
  strides[dim] = 0;
  return Geometry(sizes, strides);
}

// The first elements of the lanes: the vectors along `dim`. All tensors agree in their other sizes.
template <int N>
Walk<N> lanes(const std::array<const Tensor*, N>& t, int dim) {
  return [&]<size_t... I>(std::index_sequence<I...>) {
    const Geometry first[N] = {still(*t[I], dim, 1)...};
    return Walk<N>({&first[I]...});
  }(std::make_index_sequence<N>());
}

// f(room, offsets) for every lane; each thread has room for `room` elements of type P.
template <class P, int N, class F>
void each_lane(const Walk<N>& walk, int64_t length, int64_t room, F&& f) {
  int64_t grain = std::max<int64_t>(1, kGrain / 8 / std::max<int64_t>(1, length));
  int threads = int(std::clamp<int64_t>(walk.total / grain, 1, num_threads()));
  const Scratch<P> memory(threads * room);
  parallel_region(threads, [&](int64_t i, int64_t k) {
    walk.run(walk.total * i / k, walk.total * (i + 1) / k, [&](const auto& offset, const auto& step, int64_t n) {
      auto at = offset;
      for (int64_t lane = 0; lane < n; ++lane) {
        f(memory + i * room, at);
        for (int o = 0; o < N; ++o) at[o] += step[o];
      }
    });
  });
}

// Calls f(std::type_identity<U>{}) for the unsigned integer of a type's size: enough to move elements.
template <class F>
decltype(auto) by_size(Type type, F&& f) {
  switch (info(type).size) {
    case 1: return f(std::type_identity<uint8_t>{});
    case 2: return f(std::type_identity<uint16_t>{});
    case 4: return f(std::type_identity<uint32_t>{});
    default: return f(std::type_identity<uint64_t>{});
  }
}

}  // namespace t9
