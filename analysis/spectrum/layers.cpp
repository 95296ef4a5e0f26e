// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/layers.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>

#include "analysis/spectrum/krylov_space.h"
#include "analysis/spectrum/trace.h"
#include "trainer/base/error.h"
#include "trainer/base/random.h"

namespace analysis {
namespace {

/// A_ll: rows and columns of one range.
class LayerBlock : public LinearOperator {
 public:
  LayerBlock(LinearOperator& a, const LayerRange& range) : a_(a), range_(range) {}
  std::string name() const override { return a_.name(); }
  std::int64_t size() const override { return range_.count; }
  at::TensorOptions options() const override { return a_.options(); }
  at::Tensor apply(const at::Tensor& v) override {
    at::Tensor whole = at::zeros({a_.size()}, a_.options());
    whole.narrow(0, range_.offset, range_.count).copy_(v);
    return a_.apply(whole).narrow(0, range_.offset, range_.count);
  }

 private:
  LinearOperator& a_;
  const LayerRange& range_;
};

void measureTraces(LinearOperator& a, const std::vector<LayerRange>& ranges, const LayersOptions& o, const trainer::Context& context, std::vector<LayerSpectrum>& layers) {
  std::vector<std::vector<double>> forms(ranges.size());
  std::int64_t products = 0;
  for (bool reached = false; !reached && products < o.traceProducts;) {
    for (const std::int64_t stop = nextProbes(products, o.traceProducts); products < stop; ++products) {
      context.checkpoint();
      context.report({.stage = "traces of the layers", .unit = "products", .done = products, .total = 0});
      const at::Tensor v = rademacherVector(a.size(), a.options(), trainer::deriveSeed(o.lanczos.seed, fmt::format("layers/{}", products)));
      const at::Tensor product = a.apply(v);
      for (std::size_t l = 0; l < ranges.size(); ++l) forms[l].push_back(dotInDouble(v.narrow(0, ranges[l].offset, ranges[l].count), product.narrow(0, ranges[l].offset, ranges[l].count)));
    }
    reached = true;
    for (std::size_t l = 0; l < ranges.size(); ++l) {
      layers[l].trace.estimate = estimateOf(forms[l]);
      layers[l].trace.reached = meets(layers[l].trace.estimate, o.traceTarget);
      reached = reached && layers[l].trace.reached;
    }
  }
  for (LayerSpectrum& layer : layers) layer.trace.method = "hutchinson", layer.trace.products = products;
}

}  // namespace

std::vector<LayerRange> layerRanges(const trainer::ParameterLayout& layout) {
  std::vector<LayerRange> ranges;
  for (const auto& slice : layout.slices()) {
    const std::string name = slice.name.substr(0, std::min(slice.name.rfind('.'), slice.name.size()));
    if (ranges.empty() || ranges.back().name != name) ranges.push_back({name, slice.offset, 0});
    ranges.back().count += slice.count();
  }
  return ranges;
}

std::vector<LayerSpectrum> measureLayers(LinearOperator& a, const trainer::ParameterLayout& layout, const LayersOptions& options, const trainer::Context& context) {
  const std::vector<LayerRange> ranges = layerRanges(layout);
  std::vector<LayerSpectrum> layers;
  LanczosOptions lanczos = options.lanczos;
  lanczos.top = 1, lanczos.bottom = 0;
  for (const LayerRange& range : ranges) {
    LayerBlock block(a, range);
    const Eigenpairs pairs = extremeEigenpairs(block, lanczos, context);
    if (pairs.stopped) throw trainer::Cancelled();
    layers.push_back({.name = range.name, .parameters = range.count, .lambdaMax = pairs.top.front(), .trace = {}, .products = pairs.products + pairs.residualProducts});
  }
  measureTraces(a, ranges, options, context, layers);
  return layers;
}

}  // namespace analysis
