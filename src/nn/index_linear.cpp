// The linear layer on samples of keys and values, whose weights are updated by key.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "nn/families.h"
#include "nn/kernel.h"

namespace t9::nn {

namespace {

// In front of a row's weights when values are normalised.
enum { kMax, kInverse, kScale, kOffset, kNormalizeColumns };

// Rows of the weight, from 0.
std::vector<int64_t> rows_of(const Tensor& keys, int64_t offset, int64_t rows) {
  std::vector<int64_t> out(static_cast<size_t>(keys.numel()));
  for_each<int64_t>(keys, [&](int64_t& v, int64_t k) {
    const int64_t row = int64_t(uint64_t(v) + uint64_t(offset));
    T9_CHECK(row >= 0 && row < rows, "key %lld is not one of %lld rows", (long long)v, (long long)rows);
    out[size_t(k)] = row;
  });
  return out;
}

// The sample of each key.
std::vector<int64_t> samples_of(const Tensor& sizes, int64_t keys) {
  std::vector<int64_t> out;
  out.reserve(size_t(keys));
  for_each<int64_t>(sizes, [&](int64_t& n, int64_t sample) {
    T9_CHECK(n >= 0 && n <= keys - int64_t(out.size()), "sizes do not sum to the number of keys");
    out.insert(out.end(), size_t(n), sample);
  });
  T9_CHECK(int64_t(out.size()) == keys, "sizes do not sum to the number of keys");
  return out;
}

// 0, or the columns in front of the weights.
int64_t front_of(const Tensor& weight, const Tensor& bias) {
  T9_CHECK(weight.nDimension == 2, "weight must be a matrix");
  const int64_t front = weight.size[1] - bias.numel();
  T9_CHECK(front == 0 || front == kNormalizeColumns, "weight and bias do not fit");
  return front;
}

void update_output(Tensor& keys, int64_t keysOffset, Tensor& values, Tensor& sizes, Tensor&, Tensor& output, Tensor& weight,
                   Tensor& bias, Tensor& normalizedValues, bool train) {
  const int64_t front = front_of(weight, bias), outputs = bias.numel(), n = sizes.numel(), width = weight.size[1];
  const std::vector<int64_t> row = rows_of(keys, keysOffset, weight.size[0]);
  const std::vector<int64_t> sample = samples_of(sizes, int64_t(row.size()));
  T9_CHECK(values.numel() == int64_t(row.size()), "keys and values have different sizes");
  T9_CHECK(output.numel() == n * outputs, "output has a wrong size");
  floating(weight, [&](auto t) {
    using T = typename decltype(t)::type;
    Dense v(values), b(bias);
    DenseResult result(output);
    DenseResult table(weight, true);
    T* y = result.data<T>();
    for (int64_t k = 0; k < n; ++k) std::copy(b.data<T>(), b.data<T>() + outputs, y + k * outputs);
    if (front) normalizedValues.resize({std::max<int64_t>(1, int64_t(row.size()))});
    T* used = front ? normalizedValues.data<T>() : nullptr;
    for (size_t k = 0; k < row.size(); ++k) {
      T* w = table.data<T>() + row[k] * width;
      T value = v.data<T>()[k];
      if (front) {
        const T size = std::fabs(value);
        if (train) {
          if (size > w[kMax]) {
            w[kMax] = size;
            w[kInverse] = 1 / size;
          }
          w[kScale] = 1;
        }
        value = (size > w[kMax] ? std::copysign(T(1), value) : value * w[kInverse]) + w[kOffset];
        used[k] = value;
      }
      T* to = y + sample[k] * outputs;
      for (int64_t j = 0; j < outputs; ++j) to[j] += value * w[front + j];
    }
  });
}

void acc_grad_parameters(Tensor& keys, int64_t keysOffset, Tensor& values, Tensor& sizes, Tensor&, Tensor& gradOutput,
                         Tensor& gradWeight, Tensor& gradBias, Tensor& weight, Tensor& bias, Tensor&, double weightDecay,
                         double scale) {
  const int64_t front = front_of(weight, bias), outputs = bias.numel(), n = sizes.numel(), width = weight.size[1];
  const std::vector<int64_t> row = rows_of(keys, keysOffset, weight.size[0]);
  const std::vector<int64_t> sample = samples_of(sizes, int64_t(row.size()));
  T9_CHECK(values.numel() >= int64_t(row.size()), "keys and values have different sizes");
  T9_CHECK(gradOutput.numel() == n * outputs && gradBias.numel() == outputs, "gradOutput has a wrong size");
  if (row.empty()) return;
  const int64_t stride = front ? 2 * outputs : outputs;
  gradWeight.resize({int64_t(row.size()), stride});
  floating(weight, [&](auto t) {
    using T = typename decltype(t)::type;
    Dense v(values), g(gradOutput), table(weight);
    DenseResult dw(gradWeight), db(gradBias, true);
    for (size_t k = 0; k < row.size(); ++k) {
      const T* from = g.data<T>() + sample[k] * outputs;
      const T* w = table.data<T>() + row[k] * width + front;
      T* to = dw.data<T>() + int64_t(k) * stride;
      const T value = v.data<T>()[k];
      for (int64_t j = 0; j < outputs; ++j) {
        to[j] = T(scale) * from[j] * value + T(weightDecay) * w[j];
        if (front) to[outputs + j] = T(scale) * from[j];
      }
    }
    for (int64_t k = 0; k < n; ++k)
      for (int64_t j = 0; j < outputs; ++j) db.data<T>()[j] += T(scale) * g.data<T>()[k * outputs + j];
  });
}

void update_parameters(Tensor& gradWeight, Tensor& gradBias, Tensor& weight, Tensor& bias, Tensor& keys, Tensor*,
                       int64_t keysOffset, double, double lr) {
  const int64_t front = front_of(weight, bias), outputs = bias.numel(), width = weight.size[1];
  const int64_t stride = front ? 2 * outputs : outputs;
  const std::vector<int64_t> row = rows_of(keys, keysOffset, weight.size[0]);
  T9_CHECK(gradWeight.numel() == int64_t(row.size()) * stride && gradBias.numel() == outputs, "gradWeight has a wrong size");
  std::vector<int64_t> order(row.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return row[size_t(a)] < row[size_t(b)]; });
  floating(weight, [&](auto t) {
    using T = typename decltype(t)::type;
    Dense dw(gradWeight), db(gradBias);
    DenseResult table(weight, true), b(bias, true);
    for (int64_t j = 0; j < outputs; ++j) b.data<T>()[j] -= T(lr) * db.data<T>()[j];
    std::vector<T> sum(static_cast<size_t>(stride));
    for (size_t k = 0; k < order.size();) {
      const int64_t r = row[size_t(order[k])];
      std::fill(sum.begin(), sum.end(), T(0));
      for (; k < order.size() && row[size_t(order[k])] == r; ++k)
        for (int64_t j = 0; j < stride; ++j) sum[size_t(j)] += dw.data<T>()[order[k] * stride + j];
      T* w = table.data<T>() + r * width;
      T rate = T(lr);
      if (front) {
        rate *= w[kScale];
        T along = 0;
        for (int64_t j = 0; j < outputs; ++j) along += sum[size_t(outputs + j)] * w[front + j];
        w[kOffset] -= rate * along;
      }
      for (int64_t j = 0; j < outputs; ++j) w[front + j] -= rate * sum[size_t(j)];
    }
  });
}

}  // namespace

}  // namespace t9::nn

t9::OpList t9::index_linear_kernels() {
  using namespace nn;
  return {
      kernel("IndexLinear_updateOutput",
             sig<update_output, "LongTensor long T LongTensor LongTensor T T T T boolean">{}),
      kernel("IndexLinear_accGradParameters",
             sig<acc_grad_parameters, "LongTensor long T LongTensor LongTensor T T T T T T double double">{}),
      kernel("IndexLinear_updateParameters", sig<update_parameters, "T T T T LongTensor LongTensor? long double double">{}),
  };
}
