// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/spectrum_view.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/pages/card.h"
#include "ui/pages/measure_fields.h"
#include "ui/scenes/height_scale.h"

namespace ui {
namespace {

QString number(double v, int digits) { return QString::fromStdString(numberText(v, digits)); }

QSplitter* makeSplitter(Qt::Orientation orientation, const std::vector<QWidget*>& widgets, const QList<int>& sizes) {
  auto* splitter = new QSplitter(orientation);
  splitter->setChildrenCollapsible(false);
  for (QWidget* widget : widgets) splitter->addWidget(widget);
  for (int i = 0; i < sizes.size(); ++i) splitter->setStretchFactor(i, sizes[i]);
  QList<int> first;
  for (const int size : sizes) first << 10 * size;
  splitter->setSizes(first);
  return splitter;
}

}  // namespace

BandCurve extrapolationCurve(const analysis::Extrapolation& e, const QString& name, const CurveLook& look) {
  BandCurve curve{.name = name, .look = look, .points = {}};
  for (const analysis::SubsampleSize& size : e.sizes) {
    curve.points.emplace_back(1.0 / static_cast<double>(size.samples), size.mean);
    curve.errors.push_back(size.deviation);
  }
  if (!e.sizes.empty() && e.population > e.sizes.back().samples) curve.extrapolated = QPointF(1.0 / static_cast<double>(e.population), e.atPopulation);
  return curve;
}

SpectrumView::SpectrumView(QWidget* parent)
    : QWidget(parent), eigenvalues_(new EigenvalueCard), density_(new DensityCard), layers_(new LayersCard), pairs_(new EigenpairCard), traces_(new TraceModel(this)),
      checks_(new CheckCard) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  QSplitter* upper = makeSplitter(Qt::Horizontal, {eigenvalues_, density_}, {51, 49});
  QSplitter* lower = makeSplitter(Qt::Horizontal, {layers_, pairs_, makeSplitter(Qt::Vertical, {makeTraceCard(), checks_}, {40, 60})}, {29, 31, 40});
  column->addWidget(makeSplitter(Qt::Vertical, {upper, lower}, {48, 52}));
}

QWidget* SpectrumView::makeTraceCard() {
  auto* frame = new QFrame;
  QVBoxLayout* column = makeCard(frame);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  row->addWidget(new QLabel(QStringLiteral("<b>Trace</b>")));
  traceAbout_ = new QLabel;
  traceAbout_->setProperty("role", QStringLiteral("hint"));
  row->addWidget(traceAbout_);
  row->addStretch(1);
  QTableView* table = makeCardTable(traces_);
  table->setSelectionMode(QAbstractItemView::NoSelection);
  table->horizontalHeader()->setMinimumSectionSize(24);
  table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
  table->horizontalHeader()->setSectionResizeMode(TraceModel::run, QHeaderView::Fixed);
  table->setColumnWidth(TraceModel::run, 44);
  column->addWidget(table, 1);
  row = addCardBar(column, "cardFooter");
  traceNote_ = new QLabel;
  row->addWidget(traceNote_);
  return frame;
}

void SpectrumView::show(const std::vector<BoardRun>& runs, const std::map<std::string, SpectrumParts>& parts, const std::string& selected) {
  std::vector<EigenvalueMarks> top, bottom;
  std::vector<RunLayers> layers;
  for (const BoardRun& run : runs) {
    const auto found = parts.find(run.folder);
    if (found == parts.end()) continue;
    if (const auto& pairs = found->second.pairs) {
      top.push_back({.name = run.name, .look = run.look, .marks = eigenvalueMarks(pairs->spectrum.top)});
      bottom.push_back({.name = run.name, .look = run.look, .marks = eigenvalueMarks(pairs->spectrum.bottom)});
    }
    if (const auto& of = found->second.layers) layers.push_back({.name = run.name, .look = run.look, .layers = of->spectrum.layers});
  }
  eigenvalues_->show(std::move(top), std::move(bottom));
  layers_->setLayers(std::move(layers));
  showDensities(runs, parts);
  showTraces(runs, parts);
  const auto found = parts.find(selected);
  const auto chosen = std::ranges::find(runs, selected, &BoardRun::folder);
  pairs_->setSpectrum(chosen == runs.end() ? QString() : chosen->name, found == parts.end() ? nullptr : found->second.pairs);
}

void SpectrumView::showDensities(const std::vector<BoardRun>& runs, const std::map<std::string, SpectrumParts>& parts) {
  std::vector<DensityCurve> densities;
  std::vector<BandCurve> extrapolations;
  QString about, over;
  std::int64_t steps = 0;
  for (const BoardRun& run : runs) {
    const auto found = parts.find(run.folder);
    if (found == parts.end()) continue;
    if (const auto& of = found->second.density) {
      const analysis::Density& density = *of->spectrum.density;
      const auto& pairs = found->second.pairs;
      densities.push_back({.name = run.name, .look = run.look, .nodes = density.nodes, .weights = density.weights, .largest = std::nullopt});
      if (pairs && !pairs->spectrum.top.empty()) densities.back().largest = pairs->spectrum.top.front().value;
      steps = std::max(steps, density.steps);
      about = QStringLiteral("Lanczos quadrature, %1 probes \u00D7 %2").arg(density.probes).arg(density.steps);
    }
    if (const auto& of = found->second.extrapolation) {
      const analysis::Extrapolation& e = *of->spectrum.extrapolation;
      extrapolations.push_back(extrapolationCurve(e, run.name, run.look));
      over = QStringLiteral("%1 of %2 samples").arg(grouped(e.sizes.empty() ? 0 : e.sizes.back().samples), grouped(e.population));
    }
  }
  const QPointF range = nodeRange(densities);
  density_->setDensities(std::move(densities), about, steps > 0 ? (range.y() - range.x()) / static_cast<double>(steps) : 0);
  density_->setExtrapolations(std::move(extrapolations), over);
}

void SpectrumView::showTraces(const std::vector<BoardRun>& runs, const std::map<std::string, SpectrumParts>& parts) {
  std::vector<TraceRow> rows;
  QString about, note;
  for (const BoardRun& run : runs) {
    const auto found = parts.find(run.folder);
    if (found == parts.end() || found->second.empty()) continue;
    rows.push_back({.name = run.name, .swatch = QIcon(run.swatch), .trace = found->second.trace, .density = found->second.density});
    if (const auto& of = found->second.trace) {
      const analysis::Trace& trace = *of->spectrum.trace;
      about = QStringLiteral("%1, %2 probes").arg(QString::fromStdString(trace.method)).arg(trace.estimate.probes);
    }
    if (const auto& of = found->second.density; of && of->spectrum.effectiveDimension) {
      note = QStringLiteral("d eff at c = %1 \u00B7 %2").arg(number(of->spectrum.effectiveDimension->c, 3), QString::fromStdString(of->spectrum.effectiveDimension->operatorName));
    }
  }
  traceAbout_->setText(about);
  traceNote_->setText(note.isEmpty() ? QStringLiteral("s.e.: standard error over the probes") : note);
  traces_->setRows(std::move(rows));
}

void SpectrumView::setColours(const ChartColours& charts, const Tokens& t) {
  eigenvalues_->setColours(charts);
  density_->setColours(charts);
  layers_->setColours(charts);
  pairs_->model()->setColours(t.ok, t.warn);
  checks_->model()->setColours(t.ok, t.warn, t.error, t.info);
}

}  // namespace ui
