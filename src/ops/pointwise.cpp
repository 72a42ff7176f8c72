#include "ops/pointwise.h"

#include "ops/copy.h"
#include "ops/op.h"
#include "ops/tiles.h"

namespace t9 {

namespace {

Scalar number_at(Type type, const char* p) {
  return type == Type::Long ? Scalar(*reinterpret_cast<const int64_t*>(p)) : Scalar(get_element(type, p));
}

void run_tiles(Loop loop, Tensor& res, const Tensor* const* operands, int count, const Scalar* numbers, int64_t grain, Loop with_number) {
  std::array<const Tensor*, 4> t = {&res, &res, &res, &res};
  for (int k = 0; k < count; ++k) t[size_t(k) + 1] = operands[k];
  // Long runs for the sake of the loop, until the lines of the operands' columns fill the cache.
  const Tiling tiling(t, count > 2 ? 64 : std::min(256, 64 * info(res.type).size));
  char* base[4];
  int width[4];
  for (int o = 0; o < 4; ++o) {
    base[o] = t[size_t(o)]->bytes();
    width[o] = info(t[size_t(o)]->type).size;
  }
  const bool expanded = with_number && count == 2 && !tiling.packed() && tiling.step_i(2) == 0;
  auto body = [&](int64_t begin, int64_t end) {
    alignas(64) char buffer[4][kTileBytes];
    tiling.run(begin, end, [&](const int64_t* offset, int64_t ni, int64_t nj) {
      char* p[4];
      int64_t row[4];  // bytes from one run along i to the next
      bool held = false;
      for (int o = 0; o <= count; ++o) {
        p[o] = base[o] + offset[o] * width[o];
        const int64_t si = tiling.step_i(o), sj = tiling.step_j(o);
        row[o] = sj * width[o];
        if (si == 1 && (!tiling.packed() || sj == ni || nj == 1)) continue;
        if (o == 2 && expanded) continue;
        if (o == 0) held = true;
        else copy_grid({buffer[o], 1, ni}, {p[o], si, sj}, ni, nj, width[o]);
        p[o] = buffer[o];
        row[o] = ni * width[o];
      }
      if (tiling.packed()) {
        loop(ni * nj, p[0], p[1], p[2], p[3], numbers);
      } else if (expanded) {
        for (int64_t j = 0; j < nj; ++j) {
          const Scalar number = number_at(t[2]->type, p[2] + j * row[2]);
          with_number(ni, p[0] + j * row[0], p[1] + j * row[1], nullptr, nullptr, &number);
        }
      } else {
        for (int64_t j = 0; j < nj; ++j)
          loop(ni, p[0] + j * row[0], p[1] + j * row[1], count > 1 ? p[2] + j * row[2] : nullptr,
               count > 2 ? p[3] + j * row[3] : nullptr, numbers);
      }
      if (held)
        copy_grid({base[0] + offset[0] * width[0], tiling.step_i(0), tiling.step_j(0)}, {buffer[0], 1, ni}, ni, nj, width[0]);
    });
  };
  parallel_for(tiling.count(), std::max<int64_t>(1, grain / tiling.tile_elements()), body);
}

}  // namespace

void run_loop(Loop loop, Tensor& res, const Tensor* const* operands, int count, const Scalar* numbers, int64_t grain, Loop with_number) {
  bool dense = res.contiguous();
  for (int k = 0; dense && k < count; ++k) dense = operands[k]->contiguous();
  if (!dense) return run_tiles(loop, res, operands, count, numbers, grain, with_number);
  char* r = res.bytes();
  char* p[3] = {};
  int64_t width[3] = {};
  for (int k = 0; k < count; ++k) p[k] = operands[k]->bytes(), width[k] = info(operands[k]->type).size;
  const int64_t n = res.numel();
  if (n < 2 * grain) return loop(n, r, p[0], p[1], p[2], numbers);
  const int64_t result_width = info(res.type).size;
  const bool in_place = r == p[0] || r == p[1] || r == p[2];
  if (!in_place && worth_streaming(n * (result_width + width[0] + width[1] + width[2]))) {
    const TileKernels& kernels = tile_kernels();
    return parallel_for(n, grain, [&](int64_t begin, int64_t end) {
      alignas(64) char buffer[kTileBytes];
      for (int64_t k = begin; k < end; k += kTileElements) {
        const int64_t m = std::min(kTileElements, end - k);
        loop(m, buffer, p[0] + k * width[0], p[1] + k * width[1], p[2] + k * width[2], numbers);
        kernels.stream(r + k * result_width, buffer, m * result_width);
      }
      kernels.flush();
    });
  }
  parallel_for(n, grain, [&](int64_t begin, int64_t end) {
    loop(end - begin, r + begin * result_width, p[0] + begin * width[0], p[1] + begin * width[1], p[2] + begin * width[2], numbers);
  });
}

void pointwise(Loop loop, Tensor& res, std::initializer_list<Tensor*> list, std::initializer_list<Scalar> numbers, int64_t grain,
               Loop with_number) {
  const int count = int(list.size());
  const Tensor* operands[3] = {};
  for (int k = 0; k < count; ++k) operands[k] = list.begin()[k];
  const Tensor& first = *operands[0];
  TensorRef held[3];
  for (int k = 1; k < count; ++k) {
    if (operands[k] == &first || operands[k]->same_size(first)) continue;
    check_counts(first, *operands[k]);
    held[k] = with_shape(*operands[k], first);
    operands[k] = held[k].get();
  }
  if (&res != &first) res.resize_as(first);
  if (res.empty()) return;
  bool unsafe = false;
  for (int k = 0; k < count; ++k) unsafe = unsafe || overlaps_unsafely(res, *operands[k]);
  if (unsafe) {
    TensorRef safe = make_workspace(res.type, res.sizes());
    run_loop(loop, *safe, operands, count, numbers.begin(), grain, with_number);
    copy(res, *safe);
  } else {
    run_loop(loop, res, operands, count, numbers.begin(), grain, with_number);
  }
}

}  // namespace t9
