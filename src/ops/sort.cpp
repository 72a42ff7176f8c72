// sort, topk and what picks one element of a lane by its rank.
#include <algorithm>
#include <bit>

#include "base/threads.h"
#include "ops/lanes.h"
#include "ops/op.h"
#include "ops/order.h"
#include "ops/output.h"

namespace t9 {

namespace {

int64_t lane_length(const Tensor& x, int dim) {
  T9_CHECK(x.size[dim] < kLongestLane, "dimensions of more than %lld elements cannot be ordered", (long long)kLongestLane - 1);
  return x.size[dim];
}

// Lane by lane: f(code, room, input, its step, store), where store(packed, n) takes the `length` elements of
// the results.
template <class T, class F>
void order_lanes(Tensor& values, Tensor& positions, Tensor& x, int dim, int64_t length, bool descending, int64_t rooms,
                 F&& f) {
  const int64_t n = x.size[dim];
  Output v(values, {&x}), p(positions, {&x, &values});
  Sizes sizes = x.sizes();
  sizes[dim] = length;
  v->resize(sizes);
  p->resize(sizes);
  T* pv = v->data<T>();
  int64_t* pp = p->data<int64_t>();
  const T* px = x.data<T>();
  const Packed<T> code(descending);
  const int64_t sx = x.stride[dim], sv = v->stride[dim], sp = p->stride[dim];
  each_lane<typename Packed<T>::type>(lanes<3>({&x, &*v, &*p}, dim), n, rooms, [&](auto* room, const auto& offset) {
    const T* in = px + offset[0];
    T* out = pv + offset[1];
    int64_t* at = pp + offset[2];
    f(code, room, in, sx, [&](const auto* packed, int64_t count) {
      parallel_for(count, kGrain, [=](int64_t begin, int64_t end) {
        if (sv == 1 && sp == 1) {
          for (int64_t k = begin; k < end; ++k) out[k] = code.value(packed[k]);
          for (int64_t k = begin; k < end; ++k) at[k] = code.position(packed[k]) + 1;
          return;
        }
        for (int64_t k = begin; k < end; ++k) {
          out[k * sv] = code.value(packed[k]);
          at[k * sp] = code.position(packed[k]) + 1;
        }
      });
    });
  });
  v.finish();
  p.finish();
}

template <class T, class P>
void pack_lane(const Packed<T>& code, P* room, const T* in, int64_t step, int64_t first, int64_t n) {
  parallel_for(n, kGrain, [=, &code](int64_t begin, int64_t end) {
    if (step == 1)
      for (int64_t k = begin; k < end; ++k) room[k] = code.pack(in[first + k], first + k);
    else
      for (int64_t k = begin; k < end; ++k) room[k] = code.pack(in[(first + k) * step], first + k);
  });
}

// How many of the first `rank` of two sorted runs together come from the first. No two elements are equal.
template <class P>
int64_t from_first(const P* a, int64_t na, const P* b, int64_t nb, int64_t rank) {
  int64_t low = std::max<int64_t>(0, rank - nb), high = std::min(na, rank);
  while (low < high) {
    const int64_t middle = (low + high) / 2;
    if (a[middle] < b[rank - middle - 1]) low = middle + 1;
    else high = middle;
  }
  return low;
}

// sort_packed with all threads: each sorts a part, then pairs of runs are merged, by all threads too.
template <class P>
P* sort_together(P* a, P* room, int64_t n, int shift, int bytes) {
  constexpr int64_t kLeastPart = 1 << 15;
  const int64_t most = omp_in_parallel() ? 1 : std::min<int64_t>(num_threads(), n / kLeastPart);
  const int64_t parts = most > 1 ? int64_t(std::bit_floor(uint64_t(most))) : 1;
  if (parts == 1) return sort_packed(a, room, n, shift, bytes);
  auto start = [=](int64_t part) { return n * part / parts; };
  parallel_for(parts, 1, [=](int64_t begin, int64_t end) {
    for (int64_t part = begin; part < end; ++part) {
      const int64_t at = start(part), length = start(part + 1) - at;
      P* sorted = sort_packed(a + at, room + at, length, shift, bytes);
      if (sorted != a + at) std::copy_n(sorted, length, a + at);
    }
  });
  for (int64_t run = 1; run < parts; run *= 2) {
    parallel_for(parts, 1, [=](int64_t begin, int64_t end) {
      for (int64_t part = begin; part < end; ++part) {  // of the result
        const int64_t pair = part / (2 * run) * (2 * run), base = start(pair);
        const int64_t na = start(pair + run) - base, nb = start(pair + 2 * run) - base - na;
        const P *x = a + base, *y = x + na;
        const int64_t first = start(part) - base, last = start(part + 1) - base;
        const int64_t from = from_first(x, na, y, nb, first), to = from_first(x, na, y, nb, last);
        std::merge(x + from, x + to, y + (first - from), y + (last - to), room + base + first);
      }
    });
    std::swap(a, room);
  }
  return a;
}

void sort(Tensor& values, Tensor& positions, Tensor& x, int dim, bool descending) {
  T9_CHECK_ARG(dim >= 0 && dim < x.nDimension, 2, "invalid dimension %d", dim + 1);
  const int64_t n = lane_length(x, dim);
  dispatch(x.type, [&](auto t) {
    using T = typename decltype(t)::type;
    using C = Packed<T>;
    order_lanes<T>(values, positions, x, dim, n, descending, 2 * n,
                   [n](const C& code, auto* room, const T* in, int64_t step, auto store) {
                     pack_lane(code, room, in, step, 0, n);
                     auto* sorted = sort_together(room, room + n, n, C::kShift, C::K::kBytes);
                     store(sorted, n);
                   });
  });
}

// The first k of in[begin..end), in any order: collects what may belong to them; a full buffer is cut to its best k, which
// set the bar.
template <class T, class P>
void topk_range(const Packed<T>& code, P* room, int64_t capacity, const T* in, int64_t step, int64_t begin, int64_t end,
                int64_t k) {
  int64_t have = std::min(end - begin, capacity), next = begin + have;
  pack_lane(code, room, in, step, begin, have);
  auto cut = [&] {
    if (have > k) std::nth_element(room, room + k - 1, room + have);
    have = k;
  };
  if (next < end) {
    cut();
    P bar = room[k - 1];
    T limit = code.value(bar);
    const bool largest = code.flip != 0;
    while (next < end) {
      constexpr int kBlock = 64;
      if (step == 1 && next + kBlock <= end) {  // most blocks hold nothing better
        int any = 0;
        if (largest) {
          for (int i = 0; i < kBlock; ++i) any |= !(in[next + i] <= limit);
        } else {
          for (int i = 0; i < kBlock; ++i) any |= !(in[next + i] >= limit);
        }
        if (!any) {
          next += kBlock;
          continue;
        }
      }
      for (int64_t stop = std::min(end, next + kBlock); next < stop; ++next) {
        P p = code.pack(in[next * step], next);
        if (p >= bar) continue;
        room[have++] = p;
        if (have < capacity) continue;
        cut();
        bar = room[k - 1];
        limit = code.value(bar);
      }
    }
  }
  cut();
}

template <class T, class P, class Store>
void topk_lane(const Packed<T>& code, P* room, int64_t capacity, const T* in, int64_t step, int64_t n, int64_t k,
               bool sorted, Store store) {
  const int64_t parts = omp_in_parallel() ? 1 : std::min<int64_t>(num_threads(), n / std::max(16 * k, kGrain));
  if (parts > 1) {  // the best of the best of each part
    const Scratch<P> rooms(parts * capacity);
    parallel_for(parts, 1, [&](int64_t begin, int64_t end) {
      for (int64_t part = begin; part < end; ++part)
        topk_range(code, rooms + part * capacity, capacity, in, step, n * part / parts, n * (part + 1) / parts, k);
    });
    for (int64_t part = 1; part < parts; ++part) std::copy_n(rooms + part * capacity, k, rooms + part * k);
    std::nth_element(rooms + 0, rooms + (k - 1), rooms + parts * k);
    std::copy_n(rooms + 0, k, room);
  } else {
    topk_range(code, room, capacity, in, step, 0, n, k);
  }
  if (sorted) std::sort(room, room + k);
  store(room, k);
}

void topk(Tensor& values, Tensor& positions, Tensor& x, int64_t k, int dim, bool largest, bool sorted) {
  T9_CHECK_ARG(dim >= 0 && dim < x.nDimension, 3, "dim not in range");
  const int64_t n = lane_length(x, dim);
  T9_CHECK_ARG(k > 0 && k <= n, 2, "k not in range for dimension");
  const int64_t capacity = std::min(n, k + std::max<int64_t>(k, 256));
  dispatch(x.type, [&](auto t) {
    using T = typename decltype(t)::type;
    order_lanes<T>(values, positions, x, dim, k, largest, capacity,
                   [=](const Packed<T>& code, auto* room, const T* in, int64_t step, auto store) {
                     topk_lane(code, room, capacity, in, step, n, k, sorted, store);
                   });
  });
}

void kthvalue(Tensor& values, Tensor& positions, Tensor& x, int64_t k, int dim) {
  T9_CHECK_ARG(dim >= 0 && dim < x.nDimension, 3, "dimension out of range");
  const int64_t n = lane_length(x, dim);
  T9_CHECK_ARG(k > 0 && k <= n, 2, "selected index out of range");
  dispatch(x.type, [&](auto t) {
    using T = typename decltype(t)::type;
    order_lanes<T>(values, positions, x, dim, 1, false, 2 * n,
                   [n, k](const Packed<T>& code, auto* room, const T* in, int64_t step, auto store) {
                     pack_lane(code, room, in, step, 0, n);
                     auto found = nth_packed(room, room + n, n, k - 1);
                     store(&found, 1);
                   });
  });
}

void median(Tensor& values, Tensor& positions, Tensor& x, int dim) {
  T9_CHECK_ARG(dim >= 0 && dim < x.nDimension, 3, "dimension out of range");
  kthvalue(values, positions, x, (x.size[dim] + 1) / 2, dim);
}

void mode(Tensor& values, Tensor& positions, Tensor& x, int dim) {
  T9_CHECK_ARG(dim >= 0 && dim < x.nDimension, 3, "dimension out of range");
  const int64_t n = lane_length(x, dim);
  dispatch(x.type, [&](auto t) {
    using T = typename decltype(t)::type;
    using C = Packed<T>;
    order_lanes<T>(values, positions, x, dim, 1, false, 2 * n,
                   [n](const C& code, auto* room, const T* in, int64_t step, auto store) {
                     pack_lane(code, room, in, step, 0, n);
                     auto* sorted = sort_together(room, room + n, n, C::kShift, C::K::kBytes);
                     int64_t best = 0, most = 0;
                     for (int64_t k = 0, start = 0; k < n; ++k) {
                       auto key = [&](int64_t i) { return C::K::of(T(code.value(sorted[i]) + T(0))); };  // -0 is 0
                       if (key(k) != key(start)) start = k;
                       if (k - start + 1 > most) most = k - start + 1, best = start;
                     }
                     store(sorted + best, 1);
                   });
  });
}

}  // namespace

OpList sort_ops() {
  return {
      op("sort", kNumeric, sig<sort, "[*T*] [*LongTensor*] T [index=last] [boolean=false]">{}),
      op("topk", kNumeric,
         sig<topk, "[*T*] [*LongTensor*] T [long=1] [index=last] [boolean=false] [boolean=false]">{}),
      op("kthvalue", kNumeric, sig<kthvalue, "[*T*] [*LongTensor*] T long [index=last]">{}),
      op("median", kNumeric, sig<median, "[*T*] [*LongTensor*] T [index=last]">{}),
      op("mode", kNumeric, sig<mode, "[*T*] [*LongTensor*] T [index=last]">{}),
  };
}

}  // namespace t9
