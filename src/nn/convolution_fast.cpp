// Convolutions with oneDNN. Primitives are kept a thread, keyed by their shape: making one costs
// more than many a run.
#include <list>
#include <optional>

#include "nn/blocked.h"
#include "nn/convolution.h"
#include "nn/kernel.h"
#include "nn/winograd.h"

namespace t9::nn::fast {

namespace {

enum class Pass { Forward, ForwardBias, Data, Weights, WeightsBias };

struct Plan {
  ConvShape shape;
  Pass pass;
  int threads;
  Primitive primitive;
  int tile = 0;                      // of our own Winograd method, instead of the primitive
  Layout x, w, b, y;                 // as the primitive wants them
  Layout plain_x, plain_w, plain_y;  // row-major
};

Sizes image(const ConvShape& s, int64_t planes, const int64_t* size) {
  Sizes out{s.n, planes};
  for (int k = int(3 - s.dims); k < 3; ++k) out.push(size[k]);
  return out;
}

Sizes kernel_sizes(const ConvShape& s) {
  Sizes out;
  if (s.groups > 1) out.push(s.groups);
  out.push(s.o / s.groups);
  out.push(s.c / s.groups);
  for (int k = int(3 - s.dims); k < 3; ++k) out.push(s.k[k]);
  return out;
}

bool with_bias(Pass p) { return p == Pass::ForwardBias || p == Pass::WeightsBias; }

bool build(Plan& p, dnnl_alg_kind_t method) {
  const ConvShape& s = p.shape;
  const Dnnl& d = *dnnl();
  dnnl_dims_t stride, dilate, pad, pad_end;
  for (int k = int(3 - s.dims), i = 0; k < 3; ++k, ++i) {
    stride[i] = s.stride[k];
    dilate[i] = s.dilation[k] - 1;
    pad[i] = s.pad[k];
    // what the last window needs, which may be less than the padding
    pad_end[i] = (s.out[k] - 1) * s.stride[k] + s.dilation[k] * (s.k[k] - 1) + 1 - s.in[k] - s.pad[k];
  }
  Sizes xs = image(s, s.c, s.in), ys = image(s, s.o, s.out), ws = kernel_sizes(s);
  Layout any_x = any_layout(xs), any_w = any_layout(ws), any_y = any_layout(ys), bias = plain_layout({s.o});
  const Layout* b = with_bias(p.pass) ? &bias : nullptr;

  auto forward = [&](Primitive& out) {
    dnnl_convolution_desc_t c;
    // inference with Winograd's method would want weights that are transformed outside, slowly
    return d.dilated_convolution_forward_desc_init(&c, dnnl_forward_training, method, &any_x, &any_w, b, &any_y, stride,
                                                   dilate, pad, pad_end) == dnnl_success &&
           out.make(&c);
  };
  bool made = false;
  Primitive hint;
  dnnl_convolution_desc_t c;
  switch (p.pass) {
    case Pass::Forward:
    case Pass::ForwardBias: made = forward(p.primitive); break;
    case Pass::Data:
      made = forward(hint) &&
             d.dilated_convolution_backward_data_desc_init(&c, method, &any_x, &any_w, &any_y, stride, dilate, pad,
                                                           pad_end) == dnnl_success &&
             p.primitive.make(&c, hint.descriptor());
      break;
    case Pass::Weights:
    case Pass::WeightsBias:
      made = forward(hint) &&
             d.dilated_convolution_backward_weights_desc_init(&c, method, &any_x, &any_w, b, &any_y, stride, dilate,
                                                              pad, pad_end) == dnnl_success &&
             p.primitive.make(&c, hint.descriptor());
  }
  if (!made) return false;
  p.plain_x = plain_layout(xs);
  p.plain_w = plain_layout(ws);
  p.plain_y = plain_layout(ys);
  p.b = bias;
  const bool data = p.pass == Pass::Data, weights = p.pass == Pass::Weights || p.pass == Pass::WeightsBias;
  p.x = p.primitive.layout(data ? dnnl_query_diff_src_md : dnnl_query_src_md);
  p.w = p.primitive.layout(weights ? dnnl_query_diff_weights_md : dnnl_query_weights_md);
  p.y = p.primitive.layout(data || weights ? dnnl_query_diff_dst_md : dnnl_query_dst_md);
  p.primitive.argument(data ? DNNL_ARG_DIFF_SRC : DNNL_ARG_SRC, p.x);
  p.primitive.argument(weights ? DNNL_ARG_DIFF_WEIGHTS : DNNL_ARG_WEIGHTS, p.w);
  p.primitive.argument(data || weights ? DNNL_ARG_DIFF_DST : DNNL_ARG_DST, p.y);
  if (b) p.primitive.argument(weights ? DNNL_ARG_DIFF_BIAS : DNNL_ARG_BIAS, bias);
  return true;
}

// For processors where oneDNN has no Winograd method.
void build_own(Plan& p) {
  const ConvShape& s = p.shape;
  const Sizes xs = image(s, s.c, s.in), ys = image(s, s.o, s.out);
  p.plain_x = plain_layout(xs);
  p.plain_y = plain_layout(ys);
  p.w = p.plain_w = plain_layout(kernel_sizes(s));
  p.x = block_layout(xs, 8);
  p.y = block_layout(ys, 8);
}

constexpr size_t kPlans = 1024;

// Null when oneDNN cannot do it.
Plan* plan(const ConvShape& s, Pass pass) {
  if (!dnnl()) return nullptr;
  thread_local std::list<Plan> recent;  // the last used first
  const int threads = num_threads();
  auto at = recent.begin();
  while (at != recent.end() && !(at->pass == pass && at->threads == threads && at->shape == s)) ++at;
  if (at == recent.end()) {
    recent.emplace_front();
    at = recent.begin();
    at->shape = s;
    at->pass = pass;
    at->threads = threads;
    if (!(winograd::suits(s) && build(*at, dnnl_convolution_winograd))) {
      at->primitive = Primitive();
      at->tile = winograd::tile(s);
      if (at->tile) build_own(*at);
      else if (!build(*at, dnnl_convolution_auto)) at->primitive = Primitive();
    }
    if (recent.size() > kPlans) recent.pop_back();
  } else if (at != recent.begin()) {
    recent.splice(recent.begin(), recent, at);
  }
  return at->tile || at->primitive ? &*at : nullptr;
}

}  // namespace

bool conv_forward(const ConvShape& s, const Tensor& x, const Tensor& weight, const Tensor* bias, Tensor& y) {
  Plan* p = x.type == Type::Float ? plan(s, bias ? Pass::ForwardBias : Pass::Forward) : nullptr;
  if (!p) return false;
  Feed fx(x, p->plain_x, p->x), fw(weight, p->plain_w, p->w);
  Sink out(y, p->plain_y, p->y);
  std::optional<Dense> b;
  if (bias) b.emplace(*bias);
  if (p->tile) winograd::forward(s, p->tile, fx.data(), fw.data(), b ? b->data<float>() : nullptr, out.data());
  else if (b) p->primitive.run({fx.data(), fw.data(), out.data(), b->data<float>()});
  else p->primitive.run({fx.data(), fw.data(), out.data()});
  out.finish();
  return true;
}

bool conv_backward_data(const ConvShape& s, const Tensor& gy, const Tensor& weight, Tensor& gx) {
  Plan* p = gy.type == Type::Float ? plan(s, Pass::Data) : nullptr;
  if (!p) return false;
  Feed fy(gy, p->plain_y, p->y), fw(weight, p->plain_w, p->w);
  Sink out(gx, p->plain_x, p->x);
  if (p->tile) winograd::backward_data(s, p->tile, fy.data(), fw.data(), out.data());
  else p->primitive.run({out.data(), fw.data(), fy.data()});
  out.finish();
  return true;
}

bool conv_backward_weights(const ConvShape& s, const Tensor& x, const Tensor& gy, Tensor& gradWeight, Tensor* gradBias,
                           double scale) {
  Plan* p = x.type == Type::Float ? plan(s, gradBias ? Pass::WeightsBias : Pass::Weights) : nullptr;
  if (!p) return false;
  Feed fx(x, p->plain_x, p->x), fy(gy, p->plain_y, p->y);
  Block gw(p->w, Use::Workspace), gb(size_t(s.o) * sizeof(float), Use::Workspace);
  if (p->tile) winograd::backward_weights(s, p->tile, fx.data(), fy.data(), gw.data(), gradBias ? gb.data() : nullptr);
  else if (gradBias) p->primitive.run({fx.data(), gw.data(), fy.data(), gb.data()});
  else p->primitive.run({fx.data(), gw.data(), fy.data()});

  auto accumulate = [scale](Tensor& to, const float* from) {
    DenseResult r(to, true);
    float* q = r.data<float>();
    const float k = float(scale);
    parallel_for(to.numel(), kGrain, [=](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) q[i] += k * from[i];
    });
  };
  if (same_layout(p->w, p->plain_w)) {
    accumulate(gradWeight, gw.data());
  } else if (scale == 1 && gradWeight.contiguous()) {
    reorder(p->w, gw.data(), p->plain_w, gradWeight.data<float>(), true);
  } else {
    Block plain(p->plain_w, Use::Workspace);
    reorder(p->w, gw.data(), p->plain_w, plain.data());
    accumulate(gradWeight, plain.data());
  }
  if (gradBias) accumulate(*gradBias, gb.data());
  return true;
}

}  // namespace t9::nn::fast
