// The linear layer: y = x W' + b, on one sample or a batch.
#include "nn/families.h"
#include "nn/matrix.h"
#include "ops/gemm.h"

namespace t9::nn {

namespace {

void check_input(const Tensor& input, const Tensor& weight) {
  T9_CHECK(input.nDimension == 1 || input.nDimension == 2, "input must be vector or matrix");
  T9_CHECK(weight.nDimension == 2 && input.size[input.nDimension - 1] == weight.size[1],
           "size mismatch: input [%s], weight [%s]", input.size_text().c_str(), weight.size_text().c_str());
}

void check_output_gradient(const Tensor& input, const Tensor& gradient, int64_t outputs) {
  T9_CHECK(gradient.nDimension == input.nDimension && gradient.size[gradient.nDimension - 1] == outputs &&
               (input.nDimension == 1 || gradient.size[0] == input.size[0]),
           "size mismatch: input [%s], gradOutput [%s], outputs %lld", input.size_text().c_str(),
           gradient.size_text().c_str(), (long long)outputs);
}

void update_output(Tensor& input, Tensor& output, Tensor& weight, Tensor* bias) {
  check_input(input, weight);
  const int64_t outputs = weight.size[0], inputs = weight.size[1];
  const int64_t n = input.nDimension == 1 ? 1 : input.size[0];
  if (bias) T9_CHECK(bias->numel() == outputs, "bias has %lld elements, not %lld", (long long)bias->numel(), (long long)outputs);
  output.resize(input.nDimension == 1 ? Sizes{outputs} : Sizes{n, outputs});
  floating(input, [&](auto t) {
    using T = typename decltype(t)::type;
    Matrix x(input), w(weight);
    DenseResult result(output);
    T* y = result.data<T>();
    if (bias) {
      Dense b(*bias);
      const T* row = b.data<T>();
      for (int64_t k = 0; k < n; ++k) std::copy(row, row + outputs, y + k * outputs);
    }
    gemm<T>(x.transposed, !w.transposed, n, outputs, inputs, 1, x.data<T>(), x.ld, w.data<T>(), w.ld, bias ? 1 : 0, y,
            outputs);
  });
}

void update_grad_input(Tensor& input, Tensor& gradOutput, Tensor& gradInput, Tensor& weight) {
  check_input(input, weight);
  const int64_t outputs = weight.size[0], inputs = weight.size[1];
  check_output_gradient(input, gradOutput, outputs);
  gradInput.resize_as(input);
  floating(input, [&](auto t) {
    using T = typename decltype(t)::type;
    Matrix g(gradOutput), w(weight);
    DenseResult result(gradInput);
    gemm<T>(g.transposed, w.transposed, g.rows, inputs, outputs, 1, g.data<T>(), g.ld, w.data<T>(), w.ld, 0,
            result.data<T>(), inputs);
  });
}

// row[j] += scale * sum over the rows of g
template <class T>
void add_column_sums(const Matrix& g, T scale, T* row) {
  if (g.transposed) {
    for (int64_t j = 0; j < g.cols; ++j) {
      T total = 0;
      for (int64_t i = 0; i < g.rows; ++i) total += g.data<T>()[j * g.ld + i];
      row[j] += scale * total;
    }
    return;
  }
  if (g.rows == 1) {
    for (int64_t j = 0; j < g.cols; ++j) row[j] += scale * g.data<T>()[j];
    return;
  }
  // blocks of columns, whose sums stay in registers
  constexpr int64_t kBlock = 32;
  for (int64_t j = 0; j < g.cols; j += kBlock) {
    T total[kBlock] = {};
    const int64_t width = std::min(kBlock, g.cols - j);
    const T* p = g.data<T>() + j;
    if (width == kBlock) {
      for (int64_t i = 0; i < g.rows; ++i, p += g.ld)
        for (int64_t k = 0; k < kBlock; ++k) total[k] += p[k];
    } else {
      for (int64_t i = 0; i < g.rows; ++i, p += g.ld)
        for (int64_t k = 0; k < width; ++k) total[k] += p[k];
    }
    for (int64_t k = 0; k < width; ++k) row[j + k] += scale * total[k];
  }
}

void acc_grad_parameters(Tensor& input, Tensor& gradOutput, Tensor& gradWeight, Tensor* gradBias, double scale) {
  check_input(input, gradWeight);
  const int64_t outputs = gradWeight.size[0], inputs = gradWeight.size[1];
  check_output_gradient(input, gradOutput, outputs);
  if (gradBias)
    T9_CHECK(gradBias->numel() == outputs, "gradBias has %lld elements, not %lld", (long long)gradBias->numel(),
             (long long)outputs);
  floating(input, [&](auto t) {
    using T = typename decltype(t)::type;
    Matrix x(input), g(gradOutput);
    DenseResult dw(gradWeight, true);
    gemm<T>(!g.transposed, x.transposed, outputs, inputs, g.rows, T(scale), g.data<T>(), g.ld, x.data<T>(), x.ld, 1,
            dw.data<T>(), inputs);
    if (gradBias) {
      DenseResult db(*gradBias, true);
      add_column_sums<T>(g, T(scale), db.data<T>());
    }
  });
}

}  // namespace

}  // namespace t9::nn

t9::OpList t9::linear_kernels() {
  using namespace nn;
  return {
      kernel("Linear_updateOutput", sig<update_output, "T T T T?">{}),
      kernel("Linear_updateGradInput", sig<update_grad_input, "T T T T">{}),
      kernel("Linear_accGradParameters", sig<acc_grad_parameters, "T T T T? double">{}),
  };
}
