// sort, topk and what picks one element of a lane by its rank.
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
      if (sv == 1 && sp == 1) {
        for (int64_t k = 0; k < count; ++k) out[k] = code.value(packed[k]);
        for (int64_t k = 0; k < count; ++k) at[k] = code.position(packed[k]) + 1;
        return;
      }
      for (int64_t k = 0; k < count; ++k) {
        out[k * sv] = code.value(packed[k]);
        at[k * sp] = code.position(packed[k]) + 1;
      }
    });
  });
  v.finish();
  p.finish();
}

template <class T, class P>
void pack_lane(const Packed<T>& code, P* room, const T* in, int64_t step, int64_t n) {
  if (step == 1)
    for (int64_t k = 0; k < n; ++k) room[k] = code.pack(in[k], k);
  else
    for (int64_t k = 0; k < n; ++k) room[k] = code.pack(in[k * step], k);
}

void sort(Tensor& values, Tensor& positions, Tensor& x, int dim, bool descending) {
  T9_CHECK_ARG(dim >= 0 && dim < x.nDimension, 2, "invalid dimension %d", dim + 1);
  const int64_t n = lane_length(x, dim);
  dispatch(x.type, [&](auto t) {
    using T = typename decltype(t)::type;
    using C = Packed<T>;
    order_lanes<T>(values, positions, x, dim, n, descending, 2 * n,
                   [n](const C& code, auto* room, const T* in, int64_t step, auto store) {
                     pack_lane(code, room, in, step, n);
                     auto* sorted = sort_packed(room, room + n, n, C::kShift, C::K::kBytes);
                     store(sorted, n);
                   });
  });
}

// Collects what may belong to the first k: a full buffer is cut to its best k, which set the bar.
template <class T, class P, class Store>
void topk_lane(const Packed<T>& code, P* room, int64_t capacity, const T* in, int64_t step, int64_t n, int64_t k,
               bool sorted, Store store) {
  int64_t have = std::min(n, capacity), next = have;
  pack_lane(code, room, in, step, have);
  auto cut = [&] {
    if (have > k) std::nth_element(room, room + k - 1, room + have);
    have = k;
  };
  if (next < n) {
    cut();
    P bar = room[k - 1];
    T limit = code.value(bar);
    const bool largest = code.flip != 0;
    while (next < n) {
      constexpr int kBlock = 64;
      if (step == 1 && next + kBlock <= n) {  // most blocks hold nothing better
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
      for (int64_t end = std::min(n, next + kBlock); next < end; ++next) {
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
                     pack_lane(code, room, in, step, n);
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
                     pack_lane(code, room, in, step, n);
                     auto* sorted = sort_packed(room, room + n, n, C::kShift, C::K::kBytes);
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
