// Rows of a table by index: gradients and norms. (The forward pass is tensor:index.)
#include <algorithm>
#include <cmath>
#include <vector>

#include "nn/families.h"
#include "nn/kernel.h"

namespace t9::nn {

namespace {

// The indices, each checked to be a row from 1.
std::vector<int64_t> rows_of(const Tensor& input, int64_t rows) {
  std::vector<int64_t> out(static_cast<size_t>(input.numel()));
  for_each<int64_t>(input, [&](int64_t& v, int64_t k) {
    T9_CHECK(v >= 1 && v <= rows, "input need to be in the range %d <= input < %lld, but got input of value: %lld", 1,
             (long long)(rows + 1), (long long)v);
    out[size_t(k)] = v - 1;
  });
  return out;
}

void acc_grad_parameters(Tensor& input, Tensor& gradOutput, Tensor& gradWeight, Tensor*, Tensor*, Tensor*,
                         bool scaleGradByFreq, int64_t paddingValue, double scale) {
  T9_CHECK(gradWeight.nDimension == 2, "gradWeight must be a matrix");
  const int64_t rows = gradWeight.size[0], width = gradWeight.size[1];
  const std::vector<int64_t> index = rows_of(input, rows);
  const int64_t n = int64_t(index.size());
  T9_CHECK(gradOutput.numel() == n * width, "gradOutput [%s] does not fit %lld rows of %lld", gradOutput.size_text().c_str(),
           (long long)n, (long long)width);
  std::vector<int64_t> count;
  if (scaleGradByFreq) {
    count.resize(size_t(rows));
    for (int64_t k : index) ++count[size_t(k)];
  }
  floating(gradWeight, [&](auto t) {
    using T = typename decltype(t)::type;
    Dense g(gradOutput);
    DenseResult result(gradWeight, true);
    T* dw = result.data<T>();
    const T* source = g.data<T>();
    // every thread owns some rows, and looks through all indices
    parallel_for(rows, std::max<int64_t>(1, rows * kGrain / std::max<int64_t>(1, n * width)), [&](int64_t begin, int64_t end) {
      for (int64_t k = 0; k < n; ++k) {
        const int64_t row = index[size_t(k)];
        if (row < begin || row >= end || row + 1 == paddingValue) continue;
        const T factor = T(scaleGradByFreq ? scale / double(count[size_t(row)]) : scale);
        T* to = dw + row * width;
        const T* from = source + k * width;
        for (int64_t j = 0; j < width; ++j) to[j] += factor * from[j];
      }
    });
  });
}

void renorm(Tensor& input, Tensor& weight, double maxNorm, double normType) {
  T9_CHECK(weight.nDimension == 2, "weight must be a matrix");
  T9_CHECK(normType > 0, "non-positive-norm not supported");
  std::vector<int64_t> index = rows_of(input, weight.size[0]);
  std::sort(index.begin(), index.end());
  index.erase(std::unique(index.begin(), index.end()), index.end());
  const int64_t width = weight.size[1];
  floating(weight, [&](auto t) {
    using T = typename decltype(t)::type;
    DenseResult result(weight, true);
    for (int64_t k : index) {
      T* row = result.data<T>() + k * width;
      double sum = 0;
      for (int64_t j = 0; j < width; ++j) {
        const double v = std::fabs(double(row[j]));
        sum += normType == 1 ? v : normType == 2 ? v * v : std::pow(v, normType);
      }
      const double norm = normType == 1 ? sum : normType == 2 ? std::sqrt(sum) : std::pow(sum, 1 / normType);
      if (norm <= maxNorm) continue;
      const T factor = T(maxNorm / (norm + 1e-7));
      for (int64_t j = 0; j < width; ++j) row[j] *= factor;
    }
  });
}

}  // namespace

}  // namespace t9::nn

t9::OpList t9::lookup_table_kernels() {
  using namespace nn;
  return {
      kernel("LookupTable_accGradParameters",
             sig<acc_grad_parameters, "LongTensor T T IntTensor? LongTensor? LongTensor? boolean int double">{}),
      kernel("LookupTable_renorm", sig<renorm, "LongTensor T double double">{}),
  };
}
