// How reductions reach their elements: whole tensors in chunks, and lines along a dimension.
#pragma once

#include <vector>

#include "ops/copy.h"
#include "ops/iterate.h"
#include "ops/pointwise.h"
#include "ops/tiles.h"

namespace t9 {

inline void check_dimension(const Tensor& x, int d, const char* text) {
  T9_CHECK(d >= 0 && d < x.nDimension, "%s", format(text, d + 1).c_str());
}

inline Sizes reduced_sizes(const Tensor& x, int d) {
  Sizes sizes = x.sizes();
  sizes[d] = 1;
  return sizes;
}

// Runs f on `res` resized, or on a temporary where res may share memory with x.
template <class F>
void into_result(Tensor& res, const Tensor& x, const Sizes& sizes, F f) {
  auto foreign = [](const Tensor& t) { return t.storage && !(t.storage->flag & kStorageOwnsData); };
  if (&res != &x && (!res.storage || res.storage != x.storage) && !foreign(res) && !foreign(x)) {
    res.resize(sizes);
    return f(res);
  }
  TensorRef held = make_workspace(res.type, sizes);
  f(*held);
  res.resize(sizes);
  copy(res, *held);
}

// All elements in chunks of fixed places, so that the result does not depend on the threads:
// body(partial, elements, n) for contiguous pieces in any order, then join(total, partial) in order.
template <class T, class A, class Body, class Join>
A over_all(const Tensor& x, A start, Body body, Join join) {
  constexpr int64_t kChunk = 131072;
  const T* base = x.data<T>();
  const int64_t n = x.numel();
  A total = start;
  if (n == 0) return total;
  const bool dense = x.contiguous();
  if (dense && n <= kChunk) {
    body(total, base, n);
    return total;
  }
  Walk<1> walk({&x});
  walk.reorder();
  std::vector<A> partial(size_t((n + kChunk - 1) / kChunk), start);
  parallel_for(int64_t(partial.size()), 1, [&](int64_t first, int64_t last) {
    for (int64_t c = first; c < last; ++c) {
      A& part = partial[size_t(c)];
      walk.run(c * kChunk, std::min(n, (c + 1) * kChunk), [&](auto& offset, auto& step, int64_t m) {
        const T* p = base + offset[0];
        if (step[0] == 1) return body(part, p, m);
        alignas(64) T buffer[kTileElements];
        for (int64_t k = 0; k < m; k += kTileElements) {
          const int64_t count = std::min(kTileElements, m - k);
          copy_grid({reinterpret_cast<char*>(buffer), 1, 0}, {reinterpret_cast<char*>(const_cast<T*>(p + k * step[0])), step[0], 0},
                    count, 1, sizeof(T));
          body(part, buffer, count);
        }
      });
    }
  });
  for (const A& part : partial) join(total, part);
  return total;
}

// The lines of x along dimension d, each with its place in one or two results of size 1 along d.
// Lines that lie side by side in memory are visited as columns, short ones after a transposition, others
// as contiguous rows.
class Lines {
 public:
  static constexpr int64_t kColumns = 1024;  // at most, in a block

  Lines(const Tensor& x, int d, const Tensor& r, const Tensor& r2);
  int64_t length() const { return length_; }

  // row(x, r, r2) or columns(x, stride, n, r, r step, r2, r2 step): x is a pointer and `stride` leads from an
  // element of a column to the next; the places in the results are offsets, in elements.
  template <class T, class Row, class Columns>
  void visit(Row row, Columns columns) const {
    const T* base = source_->data<T>();
    walk_.parallel(std::max<int64_t>(1, kLight / 2 / length_), [&](auto& offset, auto& step, int64_t n) {
      const T* x = base + offset[0];
      if (columns_) {
        for (int64_t k = 0; k < n; k += kColumns)
          columns(x + k, step_, std::min(kColumns, n - k), offset[1] + k * step[1], step[1], offset[2] + k * step[2], step[2]);
      } else if (length_ <= kShort && n >= 8) {
        constexpr int64_t kBlock = 128;
        alignas(64) T buffer[kShort * kBlock];
        for (int64_t k = 0; k < n; k += kBlock) {
          const int64_t m = std::min(kBlock, n - k);
          copy_grid({reinterpret_cast<char*>(buffer), 1, kBlock},
                    {reinterpret_cast<char*>(const_cast<T*>(x + k * step[0])), step[0], step_}, m, length_, sizeof(T));
          columns(buffer, kBlock, m, offset[1] + k * step[1], step[1], offset[2] + k * step[2], step[2]);
        }
      } else {
        for (int64_t k = 0; k < n; ++k) row(x + k * step[0], offset[1] + k * step[1], offset[2] + k * step[2]);
      }
    });
  }

 private:
  static constexpr int64_t kShort = 32;
  TensorRef source_;
  int64_t length_, step_;
  Walk<3> walk_;
  bool columns_;
};

}  // namespace t9
