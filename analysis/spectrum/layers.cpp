// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/spectrum/layers.h"

#include <ATen/ATen.h>
#include <fmt/format.h>


#include "analysis/operators/make_operator.h"
#include "analysis/spectrum/krylov_space.h"
#include "analysis/spectrum/trace.h"
#include "trainer/base/error.h"
#include "trainer/base/random.h"

namespace analysis {
namespace {

struct Layer {
  std::string name;
  std::vector<IndexRange> ranges;
};

std::vector<Layer> layersOf(const trainer::ParameterLayout& layout) {
  std::vector<Layer> layers;
  for (const std::string& name : layerNames(layout)) layers.push_back({name, rangesOf(layout, name)});
  return layers;
}

void measureTraces(LinearOperator& a, const std::vector<Layer>& parts, const LayersOptions& o, const trainer::Context& context, std::vector<LayerSpectrum>& layers) {
  std::vector<std::vector<double>> forms(parts.size());
  std::int64_t products = 0;
  for (bool reached = false; !reached && products < o.traceProducts;) {
    for (const std::int64_t stop = nextProbes(products, o.traceProducts); products < stop; ++products) {
      context.checkpoint();
      context.report({.stage = "traces of the layers", .unit = "products", .done = products, .total = 0});
      const at::Tensor v = rademacherVector(a.size(), a.options(), trainer::deriveSeed(o.lanczos.seed, fmt::format("layers/{}", products)));
      const at::Tensor product = a.apply(v);
      for (std::size_t l = 0; l < parts.size(); ++l) forms[l].push_back(dotInDouble(taken(v, parts[l].ranges), taken(product, parts[l].ranges)));
    }
    reached = true;
    for (std::size_t l = 0; l < parts.size(); ++l) {
      layers[l].trace.estimate = estimateOf(forms[l]);
      layers[l].trace.reached = meets(layers[l].trace.estimate, o.traceTarget);
      reached = reached && layers[l].trace.reached;
    }
  }
  for (LayerSpectrum& layer : layers) layer.trace.method = "hutchinson", layer.trace.products = products;
}

}  // namespace

std::vector<LayerSpectrum> measureLayers(LinearOperator& a, const trainer::ParameterLayout& layout, const LayersOptions& options, const trainer::Context& context) {
  const std::vector<Layer> parts = layersOf(layout);
  std::vector<LayerSpectrum> layers;
  LanczosOptions lanczos = options.lanczos;
  lanczos.top = 1, lanczos.bottom = 0;
  for (const Layer& part : parts) {
    const OwnedOperator block = restricted(a, part.ranges);
    const Eigenpairs pairs = extremeEigenpairs(*block, lanczos, context);
    if (pairs.stopped) throw trainer::Cancelled();
    layers.push_back({.name = part.name, .parameters = block->size(), .lambdaMax = pairs.top.front(), .trace = {}, .products = pairs.products + pairs.residualProducts});
  }
  measureTraces(a, parts, options, context, layers);
  return layers;
}

}  // namespace analysis
