// Elements picked by a mask of zeros and ones, and the positions of nonzeros.
#include <bit>
#include <cstring>

#include "ops/index.h"
#include "ops/lanes.h"
#include "ops/op.h"
#include "ops/output.h"

namespace t9 {

namespace {

constexpr int kBlock = 512;  // elements that are picked into a buffer before they are stored

// The mask in the tensor's shape; counts its ones.
TensorRef check_mask(const Tensor& t, const Tensor& mask, const char* name, int64_t& ones) {
  T9_CHECK(t.numel() == mask.numel(),
           "inconsistent tensor size, expected %s [%s] and mask [%s] to have the same number of elements, "
           "but got %lld and %lld elements respectively",
           name, t.size_text().c_str(), mask.size_text().c_str(), (long long)t.numel(), (long long)mask.numel());
  uint64_t bits = 0;
  int64_t count = 0;
  if (!mask.empty()) {
    Walk<1> walk({&mask});
    walk.reorder();
    const uint8_t* base = mask.data<uint8_t>();
    walk.run(0, walk.total, [&](const auto& offset, const auto& step, int64_t n) {
      const uint8_t* m = base + offset[0];
      int64_t k = 0;
      if (step[0] == 1)
        for (; k + 8 <= n; k += 8) {
          uint64_t eight;
          std::memcpy(&eight, m + k, 8);
          bits |= eight;
          count += std::popcount(eight);  // of zeros and ones
        }
      for (; k < n; ++k) bits |= m[k * step[0]], count += m[k * step[0]];
    });
  }
  T9_CHECK((bits & ~uint64_t(0x0101010101010101)) == 0, "Mask tensor can take 0 and 1 values only");
  ones = count;
  return with_shape(mask, t);
}

}  // namespace

void masked_select(Tensor& res, Tensor& t, Tensor& mask) {
  int64_t ones;
  TensorRef m = check_mask(t, mask, "src", ones);
  Output out(res, {&t, &*m});
  out->resize(ones ? Sizes{ones} : Sizes{});
  if (ones)
    by_size(t.type, [&](auto type) {
      using U = typename decltype(type)::type;
      U* to = out->data<U>();
      const int64_t step_to = out->stride[0];
      const U* from = t.data<U>();
      const uint8_t* bits = m->data<uint8_t>();
      Walk<2> walk({&t, &*m});
      walk.run(0, walk.total, [&](const auto& offset, const auto& step, int64_t count) {
        for (int64_t done = 0; done < count; done += kBlock) {
          U picked[kBlock];
          int64_t n = std::min<int64_t>(kBlock, count - done), found = 0;
          const U* x = from + offset[0] + done * step[0];
          const uint8_t* b = bits + offset[1] + done * step[1];
          for (int64_t k = 0; k < n; ++k) {
            picked[found] = x[k * step[0]];
            found += b[k * step[1]];
          }
          if (step_to == 1) {
            std::memcpy(to, picked, size_t(found) * sizeof(U));
          } else {
            for (int64_t k = 0; k < found; ++k) to[k * step_to] = picked[k];
          }
          to += found * step_to;
        }
      });
    });
  out.finish();
}

void masked_fill(Tensor& t, Tensor& mask, Scalar value) {
  int64_t ones;
  TensorRef m = check_mask(t, mask, "tensor", ones);
  if (t.empty()) return;
  if (overlaps(t, *m)) m = clone(*m);
  by_size(t.type, [&](auto type) {
    using U = typename decltype(type)::type;
    U v;
    set_element(t.type, &v, value);
    U* to = t.data<U>();
    const uint8_t* bits = m->data<uint8_t>();
    Walk<2> walk({&t, &*m});
    walk.reorder();
    walk.parallel(kGrain, [=](const auto& offset, const auto& step, int64_t n) {
      U* x = to + offset[0];
      const uint8_t* b = bits + offset[1];
      if (step[0] == 1 && step[1] == 1) {
        for (int64_t k = 0; k < n; ++k) {
          const U chosen = U(0) - U(b[k]);  // all ones, or none
          x[k] = U((v & chosen) | (x[k] & ~chosen));
        }
      } else {
        for (int64_t k = 0; k < n; ++k)
          if (b[k * step[1]]) x[k * step[0]] = v;
      }
    });
  });
}

void masked_copy(Tensor& t, Tensor& mask, Tensor& source) {
  int64_t ones;
  TensorRef m = check_mask(t, mask, "tensor", ones);
  T9_CHECK(ones <= source.numel(), "Number of elements of src < number of ones in mask");
  if (ones == 0) return;
  if (overlaps(t, *m)) m = clone(*m);
  TensorRef from = overlaps(t, source) ? clone(source) : contiguous(source);
  by_size(t.type, [&](auto type) {
    using U = typename decltype(type)::type;
    U* to = t.data<U>();
    const U* next = from->data<U>();
    const uint8_t* bits = m->data<uint8_t>();
    Walk<2> walk({&t, &*m});
    walk.run(0, walk.total, [&](const auto& offset, const auto& step, int64_t n) {
      U* x = to + offset[0];
      const uint8_t* b = bits + offset[1];
      for (int64_t k = 0; k < n; ++k)
        if (b[k * step[1]]) x[k * step[0]] = *next++;
    });
  });
}

namespace {

// Row by row of the last dimension; `index` holds the coordinates of the others.
template <class T, class F>
void each_row(const Tensor& t, F&& f) {
  const int d = t.nDimension;
  Sizes index = t.sizes();
  for (int k = 0; k < d; ++k) index[k] = 0;
  const T* x = t.data<T>();
  for (;;) {
    f(x, index);
    int k = d - 2;
    for (; k >= 0; --k) {
      x += t.stride[k];
      if (++index[k] < t.size[k]) break;
      x -= t.size[k] * t.stride[k];
      index[k] = 0;
    }
    if (k < 0) return;
  }
}

void nonzero(Tensor& res, Tensor& t) {
  Output out(res, {&t});
  if (t.empty()) {
    out->resize(Sizes{});
    return out.finish();
  }
  dispatch(t.type, [&](auto type) {
    using T = typename decltype(type)::type;
    const int last = t.nDimension - 1;
    const int64_t size = t.size[last], step = t.stride[last];
    int64_t total = 0;
    each_row<T>(t, [&](const T* x, const Sizes&) {
      if (step == 1)
        for (int64_t k = 0; k < size; ++k) total += x[k] != T(0);
      else
        for (int64_t k = 0; k < size; ++k) total += x[k * step] != T(0);
    });
    out->resize(total ? Sizes{total, t.nDimension} : Sizes{});
    if (!total) return;
    int64_t* to = out->data<int64_t>();
    const int64_t down = out->stride[0], across = out->stride[1];
    each_row<T>(t, [&](const T* x, const Sizes& index) {
      for (int64_t done = 0; done < size; done += kBlock) {
        int64_t picked[kBlock], n = std::min<int64_t>(kBlock, size - done), found = 0;
        const T* v = x + done * step;
        for (int64_t k = 0; k < n; ++k) {
          picked[found] = done + k + 1;
          found += v[k * step] != T(0);
        }
        if (last == 0 && down == 1) {
          std::memcpy(to, picked, size_t(found) * sizeof(int64_t));
        } else {
          for (int64_t k = 0; k < found; ++k) {
            for (int d = 0; d < last; ++d) to[k * down + d * across] = index[d] + 1;
            to[k * down + last * across] = picked[k];
          }
        }
        to += found * down;
      }
    });
  });
  out.finish();
}

}  // namespace

OpList mask_ops() {
  return {op("nonzero", kNumeric, sig<nonzero, "[*LongTensor*] T">{})};
}

}  // namespace t9
