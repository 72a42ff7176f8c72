// Scaled dot-product attention of several heads, side by side in the feature dimension:
//   P_h = softmax(Q_h K_h' / sqrt(d)),  O_h = P_h V_h,   with Q, O: N x T x D and K, V: N x S x D, D = heads * d.
#include <cmath>
#include <limits>
#include <vector>

#include "nn/families.h"
#include "nn/kernel.h"
#include "nn/softmax.h"
#include "ops/gemm.h"

namespace t9::nn {

namespace {

// A sequence whose features are adjacent: the tensor itself (also a slice of wider rows), or a copy.
struct Rows {
  TensorRef held;
  const Tensor* t;
  int64_t ld, next;  // distance of steps, and of samples
  explicit Rows(const Tensor& x) : t(&x) {
    T9_CHECK(x.nDimension == 3, "expected batch x time x features, got [%s]", x.size_text().c_str());
    if (x.stride[2] != 1 || x.stride[1] < x.size[2]) {
      held = clone(x);
      t = held.get();
    }
    ld = t->stride[1];
    next = t->stride[0];
  }
  template <class T>
  T* data() const { return t->data<T>(); }
};

struct Shape {
  int64_t batch, queries, keys, width, heads, head;
};

Shape shape_of(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor* mask, int64_t heads) {
  T9_CHECK(q.nDimension == 3 && k.nDimension == 3 && v.nDimension == 3, "expected batch x time x features");
  T9_CHECK(k.same_size(v), "keys [%s] and values [%s] differ in size", k.size_text().c_str(), v.size_text().c_str());
  T9_CHECK(q.size[0] == k.size[0] && q.size[2] == k.size[2], "queries [%s] and keys [%s] do not fit", q.size_text().c_str(),
           k.size_text().c_str());
  T9_CHECK(heads > 0 && q.size[2] % heads == 0, "%lld features are not a multiple of %lld heads", (long long)q.size[2],
           (long long)heads);
  const Shape s{q.size[0], q.size[1], k.size[1], q.size[2], heads, q.size[2] / heads};
  if (mask)
    T9_CHECK(mask->numel() == s.batch * s.keys, "the mask must be %lld x %lld, got [%s]", (long long)s.batch, (long long)s.keys,
             mask->size_text().c_str());
  return s;
}

// In place, over the first `n` scores that the mask allows; the others become 0.
template <class T>
void softmax_row(T* p, int64_t n, int64_t keys, const uint8_t* mask) {
  bool any = n > 0;
  if (mask) {
    any = false;
    for (int64_t k = 0; k < n; ++k) {
      if (mask[k]) any = true;
      else p[k] = -std::numeric_limits<T>::infinity();
    }
  }
  if (any) softmax_rows(p, p, 1, n);
  else n = 0;
  std::fill(p + n, p + keys, T(0));
}

// causal: a query sees the keys up to its own place, counted from the end of both sequences.
int64_t visible(const Shape& s, int64_t query, bool causal) {
  if (!causal) return s.keys;
  return std::max<int64_t>(0, std::min(s.keys, query + 1 + s.keys - s.queries));
}

void forward(Tensor& query, Tensor& key, Tensor& value, Tensor* mask, Tensor& output, Tensor& probabilities, int64_t heads,
             bool causal) {
  const Shape s = shape_of(query, key, value, mask, heads);
  output.resize({s.batch, s.queries, s.width});
  probabilities.resize({s.batch * heads, s.queries, s.keys});
  floating(query, [&](auto t) {
    using T = typename decltype(t)::type;
    Rows q(query), k(key), v(value);
    TensorRef allowed = mask ? contiguous(*mask) : TensorRef();
    DenseResult out(output), prob(probabilities);
    const T scale = T(1 / std::sqrt(double(s.head)));
    T* const all = prob.data<T>();
    T* const result = out.data<T>();
    const uint8_t* const masks = allowed ? allowed->data<uint8_t>() : nullptr;
    parallel_for(s.batch, std::max<int64_t>(1, 65536 / (s.queries * s.keys * s.width + 1)), [&](int64_t begin, int64_t end) {
      for (int64_t n = begin; n < end; ++n) {
        T* p = all + n * heads * s.queries * s.keys;
        gemm_batch<T>(heads, false, true, s.queries, s.keys, s.head, scale, q.data<T>() + n * q.next, q.ld, s.head,
                      k.data<T>() + n * k.next, k.ld, s.head, 0, p, s.keys, s.queries * s.keys);
        if (!masks && !causal) {
          softmax_rows(p, p, heads * s.queries, s.keys);
        } else {
          for (int64_t row = 0; row < heads * s.queries; ++row)
            softmax_row(p + row * s.keys, visible(s, row % s.queries, causal), s.keys, masks ? masks + n * s.keys : nullptr);
        }
        gemm_batch<T>(heads, false, false, s.queries, s.head, s.keys, 1, p, s.keys, s.queries * s.keys,
                      v.data<T>() + n * v.next, v.ld, s.head, 0, result + n * s.queries * s.width, s.width, s.head);
      }
    });
  });
}

void backward(Tensor& query, Tensor& key, Tensor& value, Tensor& gradOutput, Tensor& probabilities, Tensor& gradQuery,
              Tensor& gradKey, Tensor& gradValue, int64_t heads) {
  const Shape s = shape_of(query, key, value, nullptr, heads);
  T9_CHECK(gradOutput.numel() == s.batch * s.queries * s.width, "gradOutput has a wrong size");
  T9_CHECK(probabilities.numel() == s.batch * heads * s.queries * s.keys, "run the forward pass first");
  for (Tensor* t : {&gradQuery, &gradKey, &gradValue})
    T9_CHECK(t->nDimension == 3 && t->stride[2] == 1 && t->same_size(t == &gradQuery ? query : key),
             "gradients must have the sizes of their tensors, and adjacent features");
  floating(query, [&](auto t) {
    using T = typename decltype(t)::type;
    Rows q(query), k(key), v(value), go(gradOutput);
    Dense prob(probabilities);
    Tensor *dq = &gradQuery, *dk = &gradKey, *dv = &gradValue;
    const T scale = T(1 / std::sqrt(double(s.head)));
    const T* const all = prob.data<T>();
    T *const dq0 = dq->data<T>(), *const dk0 = dk->data<T>(), *const dv0 = dv->data<T>();
    parallel_for(s.batch, std::max<int64_t>(1, 65536 / (s.queries * s.keys * s.width + 1)), [&](int64_t begin, int64_t end) {
      const int64_t plane = s.queries * s.keys;
      std::vector<T> work(static_cast<size_t>(heads * plane));
      for (int64_t n = begin; n < end; ++n) {
        const T* p = all + n * heads * plane;
        const T* g = go.data<T>() + n * go.next;
        // dV = P' dO, and dP = dO V'
        gemm_batch<T>(heads, true, false, s.keys, s.head, s.queries, 1, p, s.keys, plane, g, go.ld, s.head, 0,
                      dv0 + n * dv->stride[0], dv->stride[1], s.head);
        gemm_batch<T>(heads, false, true, s.queries, s.keys, s.head, 1, g, go.ld, s.head, v.data<T>() + n * v.next, v.ld, s.head,
                      0, work.data(), s.keys, plane);
        softmax_rows_gradient(p, work.data(), work.data(), heads * s.queries, s.keys);
        gemm_batch<T>(heads, false, false, s.queries, s.head, s.keys, scale, work.data(), s.keys, plane, k.data<T>() + n * k.next,
                      k.ld, s.head, 0, dq0 + n * dq->stride[0], dq->stride[1], s.head);
        gemm_batch<T>(heads, true, false, s.keys, s.head, s.queries, scale, work.data(), s.keys, plane, q.data<T>() + n * q.next,
                      q.ld, s.head, 0, dk0 + n * dk->stride[0], dk->stride[1], s.head);
      }
    });
  });
}

}  // namespace

}  // namespace t9::nn

t9::OpList t9::attention_kernels() {
  using namespace nn;
  return {
      kernel("Attention_updateOutput", sig<forward, "T T T ByteTensor? T T int boolean">{}),
      kernel("Attention_updateGradInput", sig<backward, "T T T T T T T T int">{}),
  };
}
