#include "ops/copy.h"

#include <cstring>

#include "ops/convert.h"
#include "ops/pointwise.h"
#include "ops/tiles.h"

namespace t9 {

namespace {

// One type, one shape, no overlap.
void copy_same(Tensor& to, const Tensor& from) {
  const int width = info(to.type).size;
  char *x = to.bytes(), *y = from.bytes();
  if (to.contiguous() && from.contiguous()) {
    const int64_t n = to.numel();
    if (n < 2 * kLight) {
      std::memcpy(x, y, size_t(n * width));
      return;
    }
    const TileKernels& kernels = tile_kernels();
    const bool stream = worth_streaming(2 * n * width);
    return parallel_for(n, kLight, [&](int64_t begin, int64_t end) {
      if (stream) {
        kernels.stream(x + begin * width, y + begin * width, (end - begin) * width);
        kernels.flush();
      } else {
        std::memcpy(x + begin * width, y + begin * width, size_t((end - begin) * width));
      }
    });
  }
  const Tiling tiling({&to, &from, &to, &to});
  parallel_for(tiling.count(), std::max<int64_t>(1, kLight / tiling.tile_elements()), [&](int64_t begin, int64_t end) {
    tiling.run(begin, end, [&](const int64_t* offset, int64_t ni, int64_t nj) {
      copy_grid({x + offset[0] * width, tiling.step_i(0), tiling.step_j(0)},
                {y + offset[1] * width, tiling.step_i(1), tiling.step_j(1)}, ni, nj, width);
    });
  });
}

}  // namespace

void copy(Tensor& to, const Tensor& from) {
  check_counts(to, from);
  if (to.empty() || &to == &from) return;
  if (overlaps_unsafely(to, from)) {
    TensorRef held = make_workspace(from.type, from.sizes());
    copy(*held, from);
    return copy(to, *held);
  }
  if (!to.same_size(from)) {
    // A view of the contiguous one in the shape of the other.
    if (to.contiguous()) return copy(*with_shape(to, from), from);
    return copy(to, *with_shape(from, to));
  }
  if (to.type == from.type) return copy_same(to, from);
  const Tensor* operand = &from;
  run_loop(convert_loop(to.type, from.type), to, &operand, 1, nullptr, kLight);
}

void convert(Type to_type, void* to, Type from_type, const void* from, int64_t n) {
  if (to_type == from_type) std::memmove(to, from, size_t(n) * info(to_type).size);
  else convert_loop(to_type, from_type)(n, to, from, nullptr, nullptr, nullptr);
}

double get_element(Type type, const void* p) {
  return dispatch<kAllTypes>(type, [&](auto t) {
    using T = typename decltype(t)::type;
    return convert_element<double>(*static_cast<const T*>(p));
  });
}

void set_element(Type type, void* p, Scalar v) {
  dispatch<kAllTypes>(type, [&](auto t) {
    using T = typename decltype(t)::type;
    *static_cast<T*>(p) = v.to<T>();
  });
}

}  // namespace t9
