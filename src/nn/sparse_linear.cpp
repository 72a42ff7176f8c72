// The linear layer on sparse input: a list of rows (sample, index, value), both counted from 1.
#include <vector>

#include "nn/families.h"
#include "nn/kernel.h"

namespace t9::nn {

namespace {

template <class T>
struct Entry {
  int64_t sample, column;
  T value;
};

// The entries, checked. An index of 0 is padding, and left out.
template <class T>
std::vector<Entry<T>> entries_of(const Tensor& list, int64_t samples, int64_t columns) {
  T9_CHECK(list.nDimension == 2 && list.size[1] == 3, "input must be in coo format, nnz x 3");
  Dense dense(list);
  const T* p = dense.data<T>();
  std::vector<Entry<T>> out;
  out.reserve(size_t(list.size[0]));
  for (int64_t k = 0; k < list.size[0]; ++k, p += 3) {
    const int64_t sample = Scalar(double(p[0])).i, column = Scalar(double(p[1])).i;
    if (column == 0) continue;
    T9_CHECK(sample >= 1 && sample <= samples && column >= 1 && column <= columns,
             "index out of bound. updateOutput: %lld not between 1 and %lld", (long long)column, (long long)columns);
    out.push_back({sample - 1, column - 1, p[2]});
  }
  return out;
}

void check_parameters(const Tensor& weight, const Tensor& bias) {
  T9_CHECK(weight.nDimension == 2 && bias.numel() == weight.size[0], "Output size doesn't match weight and bias");
}

void update_output(Tensor& input, Tensor& output, Tensor& weight, Tensor& bias) {
  check_parameters(weight, bias);
  T9_CHECK(output.nDimension == 2 && output.size[1] == weight.size[0], "output must be batchsize x outputsize");
  const int64_t n = output.size[0], outputs = weight.size[0];
  floating(weight, [&](auto t) {
    using T = typename decltype(t)::type;
    Dense w(weight), b(bias);
    DenseResult result(output);
    const int64_t columns = weight.size[1];
    T* y = result.data<T>();
    for (int64_t k = 0; k < n; ++k) std::copy(b.data<T>(), b.data<T>() + outputs, y + k * outputs);
    for (const auto& e : entries_of<T>(input, n, columns)) {
      T* row = y + e.sample * outputs;
      const T* column = w.data<T>() + e.column;
      for (int64_t j = 0; j < outputs; ++j) row[j] += e.value * column[j * columns];
    }
  });
}

void acc_grad_parameters(Tensor& input, Tensor& gradOutput, Tensor& gradWeight, Tensor& gradBias, Tensor& weight, Tensor&,
                         double weightDecay, double scale) {
  check_parameters(gradWeight, gradBias);
  T9_CHECK(gradOutput.nDimension == 2 && gradOutput.size[1] == gradWeight.size[0], "gradOutput must be batchsize x outputsize");
  T9_CHECK(weight.same_size(gradWeight), "weight and gradWeight have different sizes");
  const int64_t n = gradOutput.size[0], outputs = gradWeight.size[0], columns = gradWeight.size[1];
  floating(gradWeight, [&](auto t) {
    using T = typename decltype(t)::type;
    Dense g(gradOutput), w(weight);
    DenseResult dw(gradWeight, true), db(gradBias, true);
    for (const auto& e : entries_of<T>(input, n, columns)) {
      const T* row = g.data<T>() + e.sample * outputs;
      T* column = dw.data<T>() + e.column;
      for (int64_t j = 0; j < outputs; ++j) column[j * columns] += T(scale) * e.value * row[j];
    }
    for (int64_t k = 0; k < n; ++k)
      for (int64_t j = 0; j < outputs; ++j) db.data<T>()[j] += T(scale) * g.data<T>()[k * outputs + j];
    if (weightDecay != 0)
      for (int64_t k = 0; k < outputs * columns; ++k) dw.data<T>()[k] += T(weightDecay) * w.data<T>()[k];
  });
}

// The columns that an input touches, each once.
template <class T>
std::vector<int64_t> columns_of(const Tensor& list, int64_t columns) {
  std::vector<bool> seen(static_cast<size_t>(columns));
  std::vector<int64_t> out;
  for (const auto& e : entries_of<T>(list, INT64_MAX, columns))
    if (!seen[size_t(e.column)]) {
      seen[size_t(e.column)] = true;
      out.push_back(e.column);
    }
  return out;
}

void update_parameters(Tensor& weight, Tensor& bias, Tensor& gradWeight, Tensor& gradBias, Tensor& lastInput, double lr) {
  check_parameters(weight, bias);
  check_parameters(gradWeight, gradBias);
  T9_CHECK(weight.same_size(gradWeight), "weight and gradWeight have different sizes");
  const int64_t outputs = weight.size[0], columns = weight.size[1];
  floating(weight, [&](auto t) {
    using T = typename decltype(t)::type;
    DenseResult w(weight, true), b(bias, true);
    Dense dw(gradWeight), db(gradBias);
    for (int64_t j = 0; j < outputs; ++j) b.data<T>()[j] -= T(lr) * db.data<T>()[j];
    for (int64_t c : columns_of<T>(lastInput, columns))
      for (int64_t j = 0; j < outputs; ++j) w.data<T>()[j * columns + c] -= T(lr) * dw.data<T>()[j * columns + c];
  });
}

void zero_grad_parameters(Tensor& gradWeight, Tensor& gradBias, Tensor& lastInput) {
  check_parameters(gradWeight, gradBias);
  const int64_t outputs = gradWeight.size[0], columns = gradWeight.size[1];
  floating(gradWeight, [&](auto t) {
    using T = typename decltype(t)::type;
    DenseResult dw(gradWeight, true), db(gradBias);
    std::fill(db.data<T>(), db.data<T>() + outputs, T(0));
    for (int64_t c : columns_of<T>(lastInput, columns))
      for (int64_t j = 0; j < outputs; ++j) dw.data<T>()[j * columns + c] = 0;
  });
}

}  // namespace

}  // namespace t9::nn

t9::OpList t9::sparse_linear_kernels() {
  using namespace nn;
  return {
      kernel("SparseLinear_updateOutput", sig<update_output, "T T T T">{}),
      kernel("SparseLinear_accGradParameters", sig<acc_grad_parameters, "T T T T T T double double">{}),
      kernel("SparseLinear_updateParameters", sig<update_parameters, "T T T T T double">{}),
      kernel("SparseLinear_zeroGradParameters", sig<zero_grad_parameters, "T T T">{}),
  };
}
