// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/layers_card.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QStackedLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/scenes/height_scale.h"

namespace ui {

LayersCard::LayersCard(QWidget* parent) : QFrame(parent), chart_(new LayerChart) {
  QVBoxLayout* column = makeCard(this);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  row->setContentsMargins(8, 0, 4, 0);
  row->addWidget(new QLabel(QStringLiteral("<b>By layer</b>")));
  row->addStretch(1);
  figure_ = addSegments(row, this,
                        {{QStringLiteral("\u03BBmax"), QStringLiteral("Largest eigenvalue of the layer's diagonal block")},
                         {QStringLiteral("trace"), QStringLiteral("Trace of the layer's diagonal block, with the standard error below")}});
  auto* body = new QWidget;
  body_ = new QStackedLayout(body);
  auto* empty = new QLabel(QStringLiteral("Which layer is sharp. Switch on \u201CBy layer\u201D in the form and measure."));
  empty->setWordWrap(true);
  empty->setAlignment(Qt::AlignCenter);
  empty->setMargin(16);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidget(chart_);
  body_->addWidget(empty);
  body_->addWidget(scroll);
  column->addWidget(body, 1);
  row = addCardBar(column, "cardFooter");
  note_ = new ElidedLabel;
  row->addWidget(note_, 1);
  connect(figure_, &QButtonGroup::idClicked, this, &LayersCard::refresh);
  refresh();
}

void LayersCard::setLayers(std::vector<RunLayers> runs) {
  if (runs == runs_) return;
  runs_ = std::move(runs);
  refresh();
}

QString LayersCard::note() const { return note_->toolTip(); }

void LayersCard::refresh() {
  const bool trace = figure_->checkedId() == 1;
  std::vector<LayerBars> bars;
  std::int64_t open = 0, count = 0;
  double worst = 0;  // standard error relative to its trace
  for (const RunLayers& run : runs_) {
    bars.push_back({.name = run.name, .look = run.look, .layers = {}});
    for (const analysis::LayerSpectrum& layer : run.layers) {
      bars.back().layers.emplace_back(QString::fromStdString(layer.name), trace ? layer.trace.estimate.value : layer.lambdaMax.value);
      ++count;
      if (!layer.lambdaMax.converged) ++open;
      if (layer.trace.estimate.value != 0) worst = std::max(worst, std::abs(layer.trace.estimate.standardError / layer.trace.estimate.value));
    }
  }
  body_->setCurrentIndex(bars.empty() ? 0 : 1);
  if (bars.empty()) note_->setWords({});
  else if (trace) note_->setWords(QStringLiteral("diagonal blocks \u00B7 standard error up to %1 %").arg(QString::fromStdString(numberText(100 * worst, 2))));
  else note_->setWords(open > 0 ? QStringLiteral("diagonal blocks \u00B7 %1 of %2 not converged").arg(open).arg(count) : QStringLiteral("diagonal blocks, in network order"));
  chart_->show(std::move(bars), trace ? QStringLiteral("trace of the layer's block") : QStringLiteral("\u03BBmax of the layer's block"));
}

}  // namespace ui
