// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <vector>

#include "analysis/spectrum/spectrum.h"
#include "ui/charts/layer_chart.h"
#include "ui/pages/card.h"

class QButtonGroup;
class QStackedLayout;

namespace ui {

/// What one run's layers say.
struct RunLayers {
  QString name;
  CurveLook look;
  std::vector<analysis::LayerSpectrum> layers;
  bool operator==(const RunLayers&) const = default;
};

/// The card of the diagonal blocks: lambda max or trace of every layer, for all runs.
class LayersCard : public QFrame {
  Q_OBJECT
 public:
  explicit LayersCard(QWidget* parent = nullptr);
  void setLayers(std::vector<RunLayers> runs);
  void setColours(const ChartColours& colours) { chart_->setColours(colours); }
  LayerChart* chart() const { return chart_; }
  QString note() const;

 private:
  void refresh();
  std::vector<RunLayers> runs_;
  LayerChart* chart_;
  QStackedLayout* body_;
  QButtonGroup* figure_;
  ElidedLabel* note_;
};

}  // namespace ui
