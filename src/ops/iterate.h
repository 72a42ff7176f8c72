// Walks over strided operands.
//
// A Walk coalesces the dimensions of up to four tensors that are visited together, and calls a loop
// for every innermost run: loop(pointers, steps, n), with steps in elements. Operands of one shape
// take the fast way; operands with equal element counts and different shapes are walked in
// row-major order each (as Torch7 pairs them).
#pragma once

#include <array>

#include "base/threads.h"
#include "torch9/tensor.h"

namespace t9 {

inline constexpr int64_t kGrain = 32768;  // elements that pay for a second thread

[[noreturn]] void fail_counts(const Tensor& a, const Tensor& b);

inline void check_counts(const Tensor& a, const Tensor& b) {
  if (a.numel() != b.numel()) [[unlikely]] fail_counts(a, b);
}

template <int N>
struct Walk {
  int dims = 0;                       // outer dimensions, the innermost is last
  int64_t size[kMaxDims];
  int64_t stride[N][kMaxDims];
  int64_t total = 0;

  // All operands have the shape of the first. Dimensions that are adjacent in every operand merge.
  explicit Walk(const std::array<const Tensor*, N>& t) {
    total = t[0]->numel();
    dims = 0;
    for (int k = 0; k < t[0]->nDimension; ++k) {
      if (t[0]->size[k] == 1) continue;
      bool merge = dims > 0;
      for (int o = 0; merge && o < N; ++o)
        merge = stride[o][dims - 1] == t[o]->stride[k] * t[o]->size[k];
      if (merge) {
        size[dims - 1] *= t[0]->size[k];
        for (int o = 0; o < N; ++o) stride[o][dims - 1] = t[o]->stride[k];
      } else {
        size[dims] = t[0]->size[k];
        for (int o = 0; o < N; ++o) stride[o][dims] = t[o]->stride[k];
        ++dims;
      }
    }
    if (dims == 0) {
      dims = 1;
      size[0] = total;  // 1, or 0 when empty
      for (int o = 0; o < N; ++o) stride[o][0] = 1;
    }
  }

  // Puts the dimension that is innermost in memory for operand 0 last. The order of visits changes,
  // so only for loops where it does not matter.
  void reorder() {
    auto abs64 = [](int64_t v) { return v < 0 ? -v : v; };
    for (int k = 1; k < dims; ++k)
      for (int j = k; j > 0; --j) {
        int64_t a = abs64(stride[0][j - 1]), b = abs64(stride[0][j]);
        bool swap = a < b;
        if (a == b && N > 1) swap = abs64(stride[1 % N][j - 1]) < abs64(stride[1 % N][j]);
        if (!swap) break;
        std::swap(size[j - 1], size[j]);
        for (int o = 0; o < N; ++o) std::swap(stride[o][j - 1], stride[o][j]);
      }
    int w = 0;
    for (int k = 1; k < dims; ++k) {
      bool merge = true;
      for (int o = 0; merge && o < N; ++o) merge = stride[o][w] == stride[o][k] * size[k];
      if (merge) {
        size[w] *= size[k];
        for (int o = 0; o < N; ++o) stride[o][w] = stride[o][k];
      } else {
        ++w;
        size[w] = size[k];
        for (int o = 0; o < N; ++o) stride[o][w] = stride[o][k];
      }
    }
    dims = w + 1;
  }

  // loop(offsets, steps, n) for the part [begin, end) of the row-major order.
  template <class Loop>
  void run(int64_t begin, int64_t end, Loop&& loop) const {
    if (begin >= end) return;
    int64_t index[kMaxDims];
    std::array<int64_t, N> offset{}, step;
    int64_t rest = begin;
    for (int k = dims - 1; k >= 0; --k) {
      index[k] = rest % size[k];
      rest /= size[k];
      for (int o = 0; o < N; ++o) offset[o] += index[k] * stride[o][k];
    }
    const int in = dims - 1;
    for (int o = 0; o < N; ++o) step[o] = stride[o][in];
    while (begin < end) {
      int64_t n = std::min(size[in] - index[in], end - begin);
      loop(offset, step, n);
      begin += n;
      if (begin >= end) break;
      for (int o = 0; o < N; ++o) offset[o] -= index[in] * step[o];
      index[in] = 0;
      for (int k = in - 1; k >= 0; --k) {
        for (int o = 0; o < N; ++o) offset[o] += stride[o][k];
        if (++index[k] < size[k]) break;
        for (int o = 0; o < N; ++o) offset[o] -= size[k] * stride[o][k];
        index[k] = 0;
      }
    }
  }

  template <class Loop>
  void parallel(int64_t grain, Loop&& loop) const {
    parallel_for(total, grain, [&](int64_t begin, int64_t end) { run(begin, end, loop); });
  }
};

// A tensor's elements in row-major order, one after the other: for operands of different shapes,
// and for kernels that want the simplest correct loop. Calls f(element&) or f(element&, index).
template <class T, class F>
void for_each(const Tensor& t, F&& f) {
  if (t.empty()) return;
  T* base = t.data<T>();
  Walk<1> walk({&t});
  int64_t at = 0;
  walk.run(0, walk.total, [&](auto& offset, auto& step, int64_t n) {
    T* p = base + offset[0];
    for (int64_t k = 0; k < n; ++k, p += step[0], ++at) {
      if constexpr (std::is_invocable_v<F, T&, int64_t>) f(*p, at);
      else f(*p);
    }
  });
}

// Two tensors of equal counts and any shapes, in row-major order: f(a&, b&).
template <class A, class B, class F>
void for_each2(const Tensor& a, const Tensor& b, F&& f) {
  check_counts(a, b);
  if (a.empty()) return;
  A* pa = a.data<A>();
  B* pb = b.data<B>();
  if (a.same_size(b)) {
    Walk<2> walk({&a, &b});
    walk.run(0, walk.total, [&](auto& offset, auto& step, int64_t n) {
      A* x = pa + offset[0];
      B* y = pb + offset[1];
      for (int64_t k = 0; k < n; ++k, x += step[0], y += step[1]) f(*x, *y);
    });
    return;
  }
  Walk<1> wa({&a}), wb({&b});
  int64_t done = 0;
  wa.run(0, wa.total, [&](auto& oa, auto& sa, int64_t na) {
    A* x = pa + oa[0];
    wb.run(done, done + na, [&](auto& ob, auto& sb, int64_t nb) {
      B* y = pb + ob[0];
      for (int64_t k = 0; k < nb; ++k, x += sa[0], y += sb[0]) f(*x, *y);
    });
    done += na;
  });
}

// Shapes as one: `t` itself when it has the shape of `like`, else a contiguous copy viewed so.
TensorRef with_shape(const Tensor& t, const Tensor& like);

// True when the two share memory (or may: the extents count, not the elements).
bool overlaps(const Tensor& a, const Tensor& b);

// True when the two share memory in a way that makes an element-by-element pass unsafe.
bool overlaps_unsafely(const Tensor& result, const Tensor& operand);

}  // namespace t9
