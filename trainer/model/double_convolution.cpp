// SPDX-License-Identifier: GPL-3.0-or-later
// q counts the positions (n, y, x) of a grid; a tap (channel, dy, dx) says which number of the source a position takes: source[n, channel, s y + dy, s x + dx], 0 outside.
#include "trainer/model/double_convolution.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <vector>

#include "trainer/model/double_tiles.h"

namespace trainer {
namespace {

constexpr std::int64_t kPanelNumbers = 1 << 17;  ///< of an unfolded tile: 1 MB, which a core's own cache holds
constexpr std::int64_t kDotColumns = 192, kDotTaps = 36;

struct Tap {
  std::int64_t channel, dy, dx;
};

struct Images {
  const double* data;
  std::int64_t count, channels, height, width;
};

struct Grid {
  std::int64_t count, height, width;
  std::int64_t size() const { return count * height * width; }
};

/// Positions [q, q + length) that lie in one row of the grid, at `place` of the tile.
struct Segment {
  std::int64_t n, y, x, length, place;
};

std::int64_t roundedUp(std::int64_t n, std::int64_t to) { return (n + to - 1) / to * to; }

Images imagesOf(const at::Tensor& t) { return {t.const_data_ptr<double>(), t.size(0), t.size(1), t.size(2), t.size(3)}; }

std::vector<Segment> segmentsOf(const Grid& grid, std::int64_t from, std::int64_t to) {
  std::vector<Segment> segments;
  for (std::int64_t q = from; q < to;) {
    const std::int64_t row = q / grid.width, x = q % grid.width, length = std::min(grid.width - x, to - q);
    segments.push_back({row / grid.height, row % grid.height, x, length, q - from});
    q += length;
  }
  return segments;
}

/// out [columns] = what the tap takes at the segments' positions, 0 behind them.
void unfoldTap(const Images& source, std::int64_t stride, const Tap& tap, const std::vector<Segment>& segments, std::int64_t columns, double* out) {
  for (const Segment& s : segments) {
    double* const to = out + s.place;
    const std::int64_t y = s.y * stride + tap.dy, x = s.x * stride + tap.dx;
    std::int64_t first = s.length, last = s.length;
    if (y >= 0 && y < source.height) {
      first = std::min(s.length, x >= 0 ? 0 : (stride - 1 - x) / stride);
      last = std::clamp<std::int64_t>((source.width - x + stride - 1) / stride, first, s.length);
    }
    const double* const from = source.data + ((s.n * source.channels + tap.channel) * source.height + y) * source.width + x;
    for (std::int64_t j = 0; j < first; ++j) to[j] = 0;
    if (stride == 1) {
      for (std::int64_t j = first; j < last; ++j) to[j] = from[j];
    } else {
      for (std::int64_t j = first; j < last; ++j) to[j] = from[j * stride];
    }
    for (std::int64_t j = last; j < s.length; ++j) to[j] = 0;
  }
  const std::int64_t end = segments.back().place + segments.back().length;
  std::fill(out + end, out + columns, 0.0);
}

/// Where results go: position (n, y, x) of channel m to data[n, m, stride y + y0, stride x + x0], b [m] added where there is one.
struct Sink {
  double* data;
  const double* bias;
  std::int64_t channels, height, width, stride, y0, x0;
};

void scatter(const Sink& sink, std::int64_t m, const std::vector<Segment>& segments, const double* values) {
  const double b = sink.bias != nullptr ? sink.bias[m] : 0;
  for (const Segment& s : segments) {
    double* const to = sink.data + ((s.n * sink.channels + m) * sink.height + s.y * sink.stride + sink.y0) * sink.width + s.x * sink.stride + sink.x0;
    for (std::int64_t j = 0; j < s.length; ++j) to[j * sink.stride] = values[s.place + j] + b;
  }
}

/// The weights [channels,taps] in blocks of 8 channels, [channels/8][taps][8], zeros behind the last.
std::vector<double> blocksOf(const at::Tensor& weights) {
  const std::int64_t rows = weights.size(0), taps = weights.size(1);
  std::vector<double> blocks(static_cast<std::size_t>(roundedUp(rows, kTileRows) * taps));
  const double* const from = weights.const_data_ptr<double>();
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t t = 0; t < taps; ++t) blocks[static_cast<std::size_t>((r / kTileRows * taps + t) * kTileRows + r % kTileRows)] = from[r * taps + t];
  return blocks;
}

/// sink[., m, .] = sum_t weights[m,t] taps[t].
void correlate(const Images& source, std::int64_t stride, const std::vector<Tap>& taps, const at::Tensor& weights, const Grid& grid, const Sink& sink) {
  const auto depth = static_cast<std::int64_t>(taps.size());
  const std::vector<double> blocks = blocksOf(weights);
  const std::int64_t columns = std::clamp<std::int64_t>(kPanelNumbers / depth / kTileColumns, 1, 4) * kTileColumns;
  at::parallel_for(0, (grid.size() + columns - 1) / columns, 1, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> panel(static_cast<std::size_t>(depth * columns)), results(static_cast<std::size_t>(kTileRows * columns));
    for (std::int64_t block = begin; block < end; ++block) {
      const std::vector<Segment> segments = segmentsOf(grid, block * columns, std::min(grid.size(), (block + 1) * columns));
      for (std::int64_t t = 0; t < depth; ++t) unfoldTap(source, stride, taps[static_cast<std::size_t>(t)], segments, columns, panel.data() + t * columns);
      for (std::int64_t m = 0; m < sink.channels; m += kTileRows) {
        outerTile({blocks.data() + m * depth, panel.data(), depth, columns}, results.data());
        for (std::int64_t i = m; i < std::min(sink.channels, m + kTileRows); ++i) scatter(sink, i, segments, results.data() + (i - m) * columns);
      }
    }
  });
}

std::vector<Tap> forwardTaps(at::IntArrayRef weight, std::int64_t padding) {
  std::vector<Tap> taps;
  for (std::int64_t c = 0; c < weight[1]; ++c)
    for (std::int64_t i = 0; i < weight[2]; ++i)
      for (std::int64_t j = 0; j < weight[3]; ++j) taps.push_back({c, i - padding, j - padding});
  return taps;
}

/// g [N,O,.,.] as rows [O rounded up][positions rounded up], zeros behind both.
std::vector<double> rowsOf(const Images& g, std::int64_t columns) {
  const std::int64_t plane = g.height * g.width;
  std::vector<double> rows(static_cast<std::size_t>(roundedUp(g.channels, kDotRight) * columns));
  at::parallel_for(0, g.channels, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t o = begin; o < end; ++o)
      for (std::int64_t n = 0; n < g.count; ++n) std::copy_n(g.data + (n * g.channels + o) * plane, plane, rows.data() + o * columns + n * plane);
  });
  return rows;
}

/// out [outputs,taps], columns `from` to `to`: the sums over all positions of rows[o] taps[t].
struct WeightSums {
  const Images& source;
  std::int64_t stride;
  const Grid& grid;
  const std::vector<Tap>& taps;
  const std::vector<double>& rows;
  std::int64_t outputs, columns;
  double* out;

  void run(std::int64_t from, std::int64_t to) const {
    const std::int64_t left = roundedUp(to - from, kDotLeft), right = roundedUp(outputs, kDotRight);
    std::vector<double> sums(static_cast<std::size_t>(left * right * kLanes)), panel(static_cast<std::size_t>(left * kDotColumns));
    for (std::int64_t q = 0; q < grid.size(); q += kDotColumns) {
      const std::vector<Segment> segments = segmentsOf(grid, q, std::min(grid.size(), q + kDotColumns));
      for (std::int64_t t = from; t < to; ++t) unfoldTap(source, stride, taps[static_cast<std::size_t>(t)], segments, kDotColumns, panel.data() + (t - from) * kDotColumns);
      for (std::int64_t t = 0; t < left; t += kDotLeft)
        for (std::int64_t o = 0; o < right; o += kDotRight)
          dotTile({panel.data() + t * kDotColumns, rows.data() + o * columns + q, kDotColumns, columns, kDotColumns}, sums.data() + (t * right + o * kDotLeft) * kLanes);
    }
    for (std::int64_t t = 0; t < to - from; ++t)
      for (std::int64_t o = 0; o < outputs; ++o) {
        const std::int64_t tile = t / kDotLeft * kDotLeft * right + o / kDotRight * kDotRight * kDotLeft;
        const double* const lanes = sums.data() + (tile + t % kDotLeft * kDotRight + o % kDotRight) * kLanes;
        double total = 0;
        for (std::int64_t j = 0; j < kLanes; ++j) total += lanes[j];
        out[o * static_cast<std::int64_t>(taps.size()) + from + t] = total;
      }
  }
};

/// One residue class of the input's pixels modulo the stride: those that the same taps of the weight reach.
void toInputClass(const at::Tensor& g, const at::Tensor& w, const ConvolutionShape& s, std::int64_t y0, std::int64_t x0, at::Tensor& out) {
  std::vector<Tap> taps;
  std::vector<at::Tensor> columns;  // of the weights [C, taps]
  for (std::int64_t i = (y0 + s.padding) % s.stride; i < w.size(2); i += s.stride)
    for (std::int64_t j = (x0 + s.padding) % s.stride; j < w.size(3); j += s.stride) {
      for (std::int64_t o = 0; o < w.size(0); ++o) taps.push_back({o, (y0 + s.padding - i) / s.stride, (x0 + s.padding - j) / s.stride});
      columns.push_back(w.select(3, j).select(2, i).t());
    }
  if (taps.empty()) return;
  const Grid grid{out.size(0), (out.size(2) - y0 + s.stride - 1) / s.stride, (out.size(3) - x0 + s.stride - 1) / s.stride};
  if (grid.size() == 0) return;
  correlate(imagesOf(g), 1, taps, at::cat(columns, 1).contiguous(), grid,
            {out.mutable_data_ptr<double>(), nullptr, out.size(1), out.size(2), out.size(3), s.stride, y0, x0});
}

}  // namespace

bool hasDoubleConvolution(const at::Tensor& x) { return x.scalar_type() == at::kDouble && x.is_cpu() && x.dim() == 4 && x.numel() > 0; }

at::Tensor doubleConvolution(const at::Tensor& x, const at::Tensor& w, const at::Tensor& b, const ConvolutionShape& s) {
  const at::NoGradGuard noGradient;
  const at::Tensor input = x.contiguous(), weights = w.reshape({w.size(0), -1}).contiguous(), bias = b.defined() ? b.contiguous() : b;
  const Grid grid{x.size(0), (x.size(2) + 2 * s.padding - w.size(2)) / s.stride + 1, (x.size(3) + 2 * s.padding - w.size(3)) / s.stride + 1};
  at::Tensor y = at::empty({grid.count, w.size(0), grid.height, grid.width}, x.options().memory_format(at::MemoryFormat::Contiguous));
  correlate(imagesOf(input), s.stride, forwardTaps(w.sizes(), s.padding), weights, grid,
            {y.mutable_data_ptr<double>(), bias.defined() ? bias.const_data_ptr<double>() : nullptr, w.size(0), grid.height, grid.width, 1, 0, 0});
  return y;
}

at::Tensor doubleConvolutionToInput(const at::Tensor& g, at::IntArrayRef input, const at::Tensor& w, const ConvolutionShape& s) {
  const at::NoGradGuard noGradient;
  const at::Tensor outer = g.contiguous(), weights = w.contiguous();
  at::Tensor toX = s.stride == 1 ? at::empty(input, g.options()) : at::zeros(input, g.options());
  for (std::int64_t y0 = 0; y0 < s.stride; ++y0)
    for (std::int64_t x0 = 0; x0 < s.stride; ++x0) toInputClass(outer, weights, s, y0, x0, toX);
  return toX;
}

at::Tensor doubleConvolutionToWeight(const at::Tensor& g, const at::Tensor& x, at::IntArrayRef weight, const ConvolutionShape& s) {
  const at::NoGradGuard noGradient;
  const at::Tensor input = x.contiguous(), outer = g.contiguous();
  const std::vector<Tap> taps = forwardTaps(weight, s.padding);
  const auto count = static_cast<std::int64_t>(taps.size());
  const Grid grid{g.size(0), g.size(2), g.size(3)};
  const std::int64_t columns = roundedUp(grid.size(), kDotColumns);
  const std::vector<double> rows = rowsOf(imagesOf(outer), columns);
  at::Tensor toW = at::empty(weight, g.options());
  const Images source = imagesOf(input);
  const WeightSums sums{source, s.stride, grid, taps, rows, weight[0], columns, toW.mutable_data_ptr<double>()};
  at::parallel_for(0, (count + kDotTaps - 1) / kDotTaps, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t block = begin; block < end; ++block) sums.run(block * kDotTaps, std::min(count, (block + 1) * kDotTaps));
  });
  return toW;
}

}  // namespace trainer
