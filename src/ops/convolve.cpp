// conv2, xcorr2, conv3, xcorr3. All become a valid cross-correlation: conv turns the kernel round, and the
// full form puts zeros around the input.
#include <algorithm>
#include <cstring>
#include <type_traits>

#include "base/scratch.h"
#include "base/threads.h"
#include "ops/convolve_simd.h"
#include "ops/copy.h"
#include "ops/iterate.h"
#include "ops/matrix.h"
#include "ops/op.h"

namespace t9 {

namespace {

template <class T>
void correlate_row(int64_t n, const T* in, int64_t plane, int64_t row, const T* kernel, const int64_t (&size)[3],
                   T* out) {
  if constexpr (std::is_floating_point_v<T>) return simd::correlate_row(n, in, plane, row, kernel, size, out);
  else
    for (int64_t l = 0; l < size[0]; ++l)
      for (int64_t i = 0; i < size[1]; ++i)
        for (int64_t j = 0; j < size[2]; ++j) {
          const auto weight = Wrapping<T>(*kernel++);
          const T* from = in + l * plane + i * row + j;
          for (int64_t x = 0; x < n; ++x) out[x] = T(Wrapping<T>(out[x]) + weight * Wrapping<T>(from[x]));
        }
}

// A contiguous copy of t (or t itself) with the last `dims` dimensions widened by zeros.
TensorRef padded(Tensor& t, int dims, const int64_t (&margin)[3]) {
  Sizes sizes = t.sizes();
  for (int k = 0; k < dims; ++k) sizes[t.nDimension - dims + k] += 2 * margin[3 - dims + k];
  if (sizes == t.sizes()) return contiguous(t);
  TensorRef out = make_tensor(t.type, sizes);
  std::memset(out->bytes(), 0, size_t(out->numel()) * info(t.type).size);
  TensorRef middle = alias(*out);
  for (int k = 0; k < dims; ++k) {
    const int at = t.nDimension - dims + k;
    middle->storageOffset += margin[3 - dims + k] * out->stride[at];
    middle->size[at] = t.size[at];
  }
  copy(*middle, t);
  return out;
}

// The kernel's elements in the order of their use.
template <class T>
void read_kernel(Tensor& k, int64_t volume, bool turn, T* out) {
  TensorRef held = contiguous(k);
  const T* p = held->data<T>();
  for (int64_t first = 0, n = k.numel(); first < n; first += volume)
    for (int64_t e = 0; e < volume; ++e) out[first + e] = p[first + (turn ? volume - 1 - e : e)];
}

// kDims: 2 or 3. Planes of x meet those of k one to one, or (more dimensions in k) are summed for each
// output plane.
template <int kDims, bool kTurn>
void convolve(Tensor& res, Tensor& x, Tensor& k, char mode) {
  const bool full = mode == 'F', planes = x.nDimension > kDims, sum = k.nDimension > x.nDimension;
  const char* name = kDims == 2 ? (sum ? "conv2Dmv" : planes ? "conv2Dcmul" : "conv2Dmul")
                                : (sum ? "conv3Dmv" : planes ? "conv3Dcmul" : "conv3Dmul");
  const int64_t in_planes = planes ? x.size[0] : 1, out_planes = planes ? k.size[0] : 1;
  T9_CHECK(!planes || in_planes == k.size[sum ? 1 : 0], "%s : invalid number of input planes: %lld, kernels for %lld",
           name, (long long)in_planes, (long long)k.size[sum ? 1 : 0]);

  int64_t kernel[3] = {1, 1, 1}, margin[3] = {0, 0, 0};
  Sizes out_sizes;
  if (planes) out_sizes.push(out_planes);
  for (int d = 0; d < kDims; ++d) {
    const int64_t in = x.size[x.nDimension - kDims + d], width = k.size[k.nDimension - kDims + d];
    T9_CHECK(full || in >= width, "%s : Input image is smaller than kernel", name);
    kernel[3 - kDims + d] = width;
    margin[3 - kDims + d] = full ? width - 1 : 0;
    out_sizes.push(full ? in + width - 1 : in - width + 1);
  }

  TensorRef out;
  if (!res.storage || (res.storage != x.storage && res.storage != k.storage)) {
    res.resize(out_sizes);
    if (res.contiguous()) out = TensorRef::share(&res);
  }
  if (!out) out = make_tensor(x.type, out_sizes);
  TensorRef in = padded(x, kDims, margin);
  dispatch(x.type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const int64_t volume = kernel[0] * kernel[1] * kernel[2];
    Scratch<T> weights(k.numel());
    read_kernel<T>(k, volume, kTurn, weights);
    const int n = out_sizes.n, w = in->nDimension;
    const int64_t cols = out_sizes[n - 1], rows = out_sizes[n - 2], depth = kDims == 3 ? out_sizes[n - 3] : 1;
    const int64_t row = in->size[w - 1], plane = row * in->size[w - 2];
    const int64_t whole = plane * (kDims == 3 ? in->size[w - 3] : 1);
    const T* from = in->data<T>();
    T* to = out->data<T>();
    const int64_t work = cols * volume * (sum ? in_planes : 1);
    parallel_for(out_planes * depth * rows, 4 * kGrain / work + 1, [&](int64_t begin, int64_t end) {
      for (int64_t line = begin; line < end; ++line) {
        const int64_t y = line % rows, z = line / rows % depth, o = line / rows / depth;
        T* sums = to + line * cols;
        std::fill(sums, sums + cols, T(0));
        for (int64_t p = sum ? 0 : o; p < (sum ? in_planes : o + 1); ++p)
          correlate_row<T>(cols, from + p * whole + z * plane + y * row, plane, row,
                           weights + (sum ? o * in_planes + p : o) * volume, kernel, sums);
      }
    });
  });
  if (out.get() == &res) return;
  res.resize(out_sizes);
  copy(res, *out);
}

template <bool kTurn>
Op two(const char* name) {
  constexpr auto f = convolve<2, kTurn>;
  return op(name, kNumeric, sig<f, "[*T*] T~2D T~2D [(V|F)]">{}, sig<f, "[*T*] T~3D T~3D [(V|F)]">{},
            sig<f, "[*T*] T~3D T~4D [(V|F)]">{});
}
template <bool kTurn>
Op three(const char* name) {
  constexpr auto f = convolve<3, kTurn>;
  return op(name, kNumeric, sig<f, "[*T*] T~3D T~3D [(V|F)]">{}, sig<f, "[*T*] T~4D T~4D [(V|F)]">{},
            sig<f, "[*T*] T~4D T~5D [(V|F)]">{});
}

}  // namespace

OpList convolve_ops() {
  return {two<true>("conv2"), two<false>("xcorr2"), three<true>("conv3"), three<false>("xcorr3")};
}

}  // namespace t9
