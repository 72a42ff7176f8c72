// LSTM and GRU over whole sequences: one product for all inputs, then one product and one pass a step.
//
// Sequences are T x N x D. Rows of gates hold, for every sample of every step, what the backward pass needs:
//   LSTM  i f o g           after their functions
//   GRU   r z n u           u = R_n h + b_u, the recurrent part inside the candidate: n = tanh(W_n x + b_n + r u)
#include <vector>

#include "nn/activation.h"
#include "nn/families.h"
#include "nn/kernel.h"
#include "ops/gemm.h"

namespace t9::nn {

namespace {

struct Shape {
  int64_t steps, batch, inputs, hidden;
  bool reverse;
  int64_t at(int64_t step) const { return reverse ? steps - 1 - step : step; }  // its place in memory
};

template <class T>
void apply(ActivationKind kind, T* x, int64_t n) {
  activation(kind).forward[sizeof(T) == 8](x, x, n, 0, 0);
}

void check_state(const Tensor* state, const Shape& s, const char* name) {
  if (state)
    T9_CHECK(state->numel() == s.batch * s.hidden, "%s must be %lld x %lld, got [%s]", name, (long long)s.batch,
             (long long)s.hidden, state->size_text().c_str());
}

// `gates`: of the input product, 4 for LSTM and 3 for GRU
Shape shape_of(const Tensor& input, const Tensor& weight, const Tensor& recurrent, int64_t gates, bool reverse) {
  T9_CHECK(input.nDimension == 3, "expected a sequence of time x batch x features, got [%s]", input.size_text().c_str());
  T9_CHECK(weight.nDimension == 2 && recurrent.nDimension == 2, "weights must be matrices");
  Shape s{input.size[0], input.size[1], input.size[2], recurrent.size[1], reverse};
  T9_CHECK(weight.size[1] == s.inputs, "expected %lld features, got %lld", (long long)weight.size[1], (long long)s.inputs);
  T9_CHECK(weight.size[0] == gates * s.hidden && recurrent.size[0] == gates * s.hidden, "weights do not fit each other");
  return s;
}

template <class T>
void repeat_row(const T* row, int64_t width, T* to, int64_t rows, int64_t ld) {
  for (int64_t k = 0; k < rows; ++k) std::copy(row, row + width, to + k * ld);
}

void lstm_forward(Tensor& input, Tensor& output, Tensor& gates, Tensor& cells, Tensor& weight, Tensor& recurrent, Tensor& bias,
                  Tensor* h0, Tensor* c0, bool reverse) {
  const Shape s = shape_of(input, weight, recurrent, 4, reverse);
  check_state(h0, s, "the first hidden state");
  check_state(c0, s, "the first cell state");
  const int64_t H = s.hidden, N = s.batch, G = 4 * H;
  T9_CHECK(bias.numel() == G, "bias has a wrong size");
  output.resize({s.steps, N, H});
  gates.resize({s.steps, N, G});
  cells.resize({s.steps, N, H});
  floating(input, [&](auto t) {
    using T = typename decltype(t)::type;
    Dense x(input), w(weight), r(recurrent), b(bias);
    TensorRef h0d = h0 ? contiguous(*h0) : TensorRef(), c0d = c0 ? contiguous(*c0) : TensorRef();
    DenseResult out(output), gate(gates), cell(cells);
    T* all = gate.data<T>();
    repeat_row(b.data<T>(), G, all, s.steps * N, G);
    gemm<T>(false, true, s.steps * N, G, s.inputs, 1, x.data<T>(), s.inputs, w.data<T>(), s.inputs, 1, all, G);
    const T* h = h0d ? h0d->data<T>() : nullptr;
    const T* c = c0d ? c0d->data<T>() : nullptr;
    for (int64_t step = 0; step < s.steps; ++step) {
      const int64_t at = s.at(step);
      T* g = all + at * N * G;
      T* hn = out.data<T>() + at * N * H;
      T* cn = cell.data<T>() + at * N * H;
      if (h) gemm<T>(false, true, N, G, H, 1, h, H, r.data<T>(), H, 1, g, G);
      for (int64_t n = 0; n < N; ++n) {
        T* row = g + n * G;
        apply(ActivationKind::Sigmoid, row, 3 * H);
        apply(ActivationKind::Tanh, row + 3 * H, H);
        for (int64_t k = 0; k < H; ++k) {
          const T carried = c ? row[H + k] * c[n * H + k] : T(0);
          cn[n * H + k] = carried + row[k] * row[3 * H + k];
        }
      }
      activation(ActivationKind::Tanh).forward[sizeof(T) == 8](cn, hn, N * H, 0, 0);
      for (int64_t n = 0; n < N; ++n) {
        const T* o = g + n * G + 2 * H;
        for (int64_t k = 0; k < H; ++k) hn[n * H + k] *= o[k];
      }
      h = hn;
      c = cn;
    }
  });
}

// The state gradients are results: of h0 and c0.
void lstm_backward(Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor& output, Tensor& gates, Tensor& cells,
                   Tensor& gradGates, Tensor& weight, Tensor& recurrent, Tensor* c0, Tensor& gradH0, Tensor& gradC0,
                   bool reverse) {
  const Shape s = shape_of(input, weight, recurrent, 4, reverse);
  const int64_t H = s.hidden, N = s.batch, G = 4 * H;
  check_same_count(output, gradOutput, "output", "gradOutput");
  T9_CHECK(gates.numel() == s.steps * N * G && cells.numel() == s.steps * N * H, "run the forward pass first");
  check_state(c0, s, "the first cell state");
  gradGates.resize({s.steps, N, G});
  gradInput.resize_as(input);
  gradH0.resize({N, H});
  gradC0.resize({N, H});
  floating(input, [&](auto t) {
    using T = typename decltype(t)::type;
    Dense go(gradOutput), gate(gates), cell(cells), w(weight), r(recurrent);
    TensorRef c0d = c0 ? contiguous(*c0) : TensorRef();
    DenseResult dg(gradGates), dx(gradInput), dh_result(gradH0), dc_result(gradC0);
    T* dh = dh_result.data<T>();  // what comes from the step after
    T* dc = dc_result.data<T>();
    std::fill(dh, dh + N * H, T(0));
    std::fill(dc, dc + N * H, T(0));
    std::vector<T> squashed(static_cast<size_t>(N * H));
    for (int64_t step = s.steps - 1; step >= 0; --step) {
      const int64_t at = s.at(step);
      const T* g = gate.data<T>() + at * N * G;
      const T* up = go.data<T>() + at * N * H;
      const T* before = step > 0 ? cell.data<T>() + s.at(step - 1) * N * H : c0d ? c0d->data<T>() : nullptr;
      T* d = dg.data<T>() + at * N * G;
      activation(ActivationKind::Tanh).forward[sizeof(T) == 8](cell.data<T>() + at * N * H, squashed.data(), N * H, 0, 0);
      for (int64_t n = 0; n < N; ++n) {
        const T *i = g + n * G, *f = i + H, *o = f + H, *z = o + H;
        T *di = d + n * G, *df = di + H, *dout = df + H, *dz = dout + H;
        for (int64_t k = 0; k < H; ++k) {
          const int64_t e = n * H + k;
          const T tc = squashed[size_t(e)], back = up[e] + dh[e];
          const T grad = dc[e] + back * o[k] * (1 - tc * tc);
          dout[k] = back * tc * o[k] * (1 - o[k]);
          di[k] = grad * z[k] * i[k] * (1 - i[k]);
          df[k] = before ? grad * before[e] * f[k] * (1 - f[k]) : T(0);
          dz[k] = grad * i[k] * (1 - z[k] * z[k]);
          dc[e] = grad * f[k];
        }
      }
      gemm<T>(false, false, N, H, G, 1, d, G, r.data<T>(), H, 0, dh, H);
    }
    gemm<T>(false, false, s.steps * N, s.inputs, G, 1, dg.data<T>(), G, w.data<T>(), s.inputs, 0, dx.data<T>(), s.inputs);
  });
}

void gru_forward(Tensor& input, Tensor& output, Tensor& gates, Tensor& weight, Tensor& recurrent, Tensor& bias, Tensor* h0,
                 bool reverse) {
  const Shape s = shape_of(input, weight, recurrent, 3, reverse);
  check_state(h0, s, "the first hidden state");
  const int64_t H = s.hidden, N = s.batch, G = 4 * H;
  T9_CHECK(bias.numel() == G, "bias has a wrong size");
  output.resize({s.steps, N, H});
  gates.resize({s.steps, N, G});
  floating(input, [&](auto t) {
    using T = typename decltype(t)::type;
    Dense x(input), w(weight), r(recurrent), b(bias);
    TensorRef h0d = h0 ? contiguous(*h0) : TensorRef();
    DenseResult out(output), gate(gates);
    T* all = gate.data<T>();
    repeat_row(b.data<T>(), G, all, s.steps * N, G);
    gemm<T>(false, true, s.steps * N, 3 * H, s.inputs, 1, x.data<T>(), s.inputs, w.data<T>(), s.inputs, 1, all, G);
    const T* h = h0d ? h0d->data<T>() : nullptr;
    for (int64_t step = 0; step < s.steps; ++step) {
      const int64_t at = s.at(step);
      T* g = all + at * N * G;
      T* hn = out.data<T>() + at * N * H;
      if (h) {
        gemm<T>(false, true, N, 2 * H, H, 1, h, H, r.data<T>(), H, 1, g, G);
        gemm<T>(false, true, N, H, H, 1, h, H, r.data<T>() + 2 * H * H, H, 1, g + 3 * H, G);
      }
      for (int64_t n = 0; n < N; ++n) {
        T* row = g + n * G;
        apply(ActivationKind::Sigmoid, row, 2 * H);
        T *z = row + H, *candidate = z + H;
        for (int64_t k = 0; k < H; ++k) candidate[k] += row[k] * row[3 * H + k];
        apply(ActivationKind::Tanh, candidate, H);
        for (int64_t k = 0; k < H; ++k)
          hn[n * H + k] = (1 - z[k]) * candidate[k] + (h ? z[k] * h[n * H + k] : T(0));
      }
      h = hn;
    }
  });
}

// Rows of gradGates: of r, z and the candidate before their functions, then of u.
void gru_backward(Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor& output, Tensor& gates, Tensor& gradGates,
                  Tensor& weight, Tensor& recurrent, Tensor* h0, Tensor& gradH0, bool reverse) {
  const Shape s = shape_of(input, weight, recurrent, 3, reverse);
  const int64_t H = s.hidden, N = s.batch, G = 4 * H;
  check_same_count(output, gradOutput, "output", "gradOutput");
  T9_CHECK(gates.numel() == s.steps * N * G, "run the forward pass first");
  check_state(h0, s, "the first hidden state");
  gradGates.resize({s.steps, N, G});
  gradInput.resize_as(input);
  gradH0.resize({N, H});
  floating(input, [&](auto t) {
    using T = typename decltype(t)::type;
    Dense go(gradOutput), gate(gates), w(weight), r(recurrent), out(output);
    TensorRef h0d = h0 ? contiguous(*h0) : TensorRef();
    DenseResult dg(gradGates), dx(gradInput), dh_result(gradH0);
    T* dh = dh_result.data<T>();
    std::fill(dh, dh + N * H, T(0));
    for (int64_t step = s.steps - 1; step >= 0; --step) {
      const int64_t at = s.at(step);
      const T* g = gate.data<T>() + at * N * G;
      const T* up = go.data<T>() + at * N * H;
      const T* before = step > 0 ? out.data<T>() + s.at(step - 1) * N * H : h0d ? h0d->data<T>() : nullptr;
      T* d = dg.data<T>() + at * N * G;
      for (int64_t n = 0; n < N; ++n) {
        const T *reset = g + n * G, *z = reset + H, *candidate = z + H, *u = candidate + H;
        T *dr = d + n * G, *dz = dr + H, *dn = dz + H, *du = dn + H;
        for (int64_t k = 0; k < H; ++k) {
          const int64_t e = n * H + k;
          const T back = up[e] + dh[e];
          dn[k] = back * (1 - z[k]) * (1 - candidate[k] * candidate[k]);
          dz[k] = back * ((before ? before[e] : T(0)) - candidate[k]) * z[k] * (1 - z[k]);
          dr[k] = dn[k] * u[k] * reset[k] * (1 - reset[k]);
          du[k] = dn[k] * reset[k];
          dh[e] = back * z[k];
        }
      }
      gemm<T>(false, false, N, H, 2 * H, 1, d, G, r.data<T>(), H, 1, dh, H);
      gemm<T>(false, false, N, H, H, 1, d + 3 * H, G, r.data<T>() + 2 * H * H, H, 1, dh, H);
    }
    gemm<T>(false, false, s.steps * N, s.inputs, 3 * H, 1, dg.data<T>(), G, w.data<T>(), s.inputs, 0, dx.data<T>(), s.inputs);
  });
}

// For both: `recurrent` has 4 blocks of rows (LSTM), or 3 of which the last belongs to u (GRU).
void acc_grad_parameters(Tensor& input, Tensor& output, Tensor& gradGates, Tensor& gradWeight, Tensor& gradRecurrent,
                         Tensor& gradBias, Tensor* h0, bool reverse, double scale) {
  T9_CHECK(gradRecurrent.nDimension == 2, "weights must be matrices");
  const int64_t blocks = gradRecurrent.size[0] / std::max<int64_t>(1, gradRecurrent.size[1]);
  T9_CHECK(blocks == 3 || blocks == 4, "weights do not fit each other");
  const Shape s = shape_of(input, gradWeight, gradRecurrent, blocks, reverse);
  const int64_t H = s.hidden, N = s.batch, G = 4 * H, rows = s.steps * N;
  T9_CHECK(gradGates.numel() == rows * G && output.numel() == rows * H, "run the backward pass first");
  T9_CHECK(gradBias.numel() == G, "bias has a wrong size");
  check_state(h0, s, "the first hidden state");
  floating(input, [&](auto t) {
    using T = typename decltype(t)::type;
    const T factor = T(scale);
    Dense x(input), out(output), dg(gradGates);
    TensorRef h0d = h0 ? contiguous(*h0) : TensorRef();
    DenseResult dw(gradWeight, true), dr(gradRecurrent, true), db(gradBias, true);
    const T* d = dg.data<T>();
    gemm<T>(true, false, blocks * H, s.inputs, rows, factor, d, G, x.data<T>(), s.inputs, 1, dw.data<T>(), s.inputs);
    // gradients of a block of steps against the hidden states before them
    auto add = [&](const T* gradients, const T* before, int64_t n) {
      const int64_t first = blocks == 4 ? G : 2 * H;
      gemm<T>(true, false, first, H, n, factor, gradients, G, before, H, 1, dr.data<T>(), H);
      if (blocks == 3) gemm<T>(true, false, H, H, n, factor, gradients + 3 * H, G, before, H, 1, dr.data<T>() + 2 * H * H, H);
    };
    const T* h = out.data<T>();
    if (s.steps > 1) {
      if (reverse) add(d, h + N * H, rows - N);
      else add(d + N * G, h, rows - N);
    }
    if (h0d) add(d + s.at(0) * N * G, h0d->data<T>(), N);
    std::vector<T> sum(static_cast<size_t>(G));
    for (int64_t k = 0; k < rows; ++k)
      for (int64_t j = 0; j < G; ++j) sum[size_t(j)] += d[k * G + j];
    for (int64_t j = 0; j < G; ++j) db.data<T>()[j] += factor * sum[size_t(j)];
  });
}

}  // namespace

}  // namespace t9::nn

t9::OpList t9::fused_recurrent_kernels() {
  using namespace nn;
  return {
      kernel("FusedLSTM_updateOutput", sig<lstm_forward, "T T T T T T T T? T? boolean">{}),
      kernel("FusedLSTM_updateGradInput", sig<lstm_backward, "T T T T T T T T T T? T T boolean">{}),
      kernel("FusedGRU_updateOutput", sig<gru_forward, "T T T T T T T? boolean">{}),
      kernel("FusedGRU_updateGradInput", sig<gru_backward, "T T T T T T T T T? T boolean">{}),
      kernel("FusedRecurrent_accGradParameters", sig<acc_grad_parameters, "T T T T T T T? boolean double">{}),
  };
}
