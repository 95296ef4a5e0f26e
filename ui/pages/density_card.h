// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <vector>

#include "ui/charts/band_chart.h"
#include "ui/charts/density_chart.h"
#include "ui/pages/card.h"

class QButtonGroup;
class QSlider;
class QStackedLayout;

namespace ui {

/// The card of the spectral density, with a slider of its smoothing, and at a switch lambda max over the number of samples with where it leads.
class DensityCard : public QFrame {
  Q_OBJECT
 public:
  explicit DensityCard(QWidget* parent = nullptr);

  /// `about`: "Lanczos quadrature, 20 probes x 40"; `width`: the smoothing to begin with, in units of lambda.
  void setDensities(std::vector<DensityCurve> curves, const QString& about, double width);
  /// Over 1 / N; the extrapolated value stands at the 1 / N of the whole split.
  void setExtrapolations(std::vector<BandCurve> curves, const QString& about);
  void setColours(const ChartColours& colours);

  double sigma() const;
  DensityChart* density() const { return density_; }
  BandChart* overSamples() const { return overSamples_; }

 private:
  QWidget* makeSmoothing();
  void refresh();

  std::vector<DensityCurve> curves_;
  std::vector<BandCurve> extrapolations_;
  QString densityAbout_, extrapolationAbout_;
  double width_ = 0;
  bool touched_ = false;  ///< the slider was moved: new results keep its place
  DensityChart* density_;
  BandChart* overSamples_;
  QStackedLayout* body_;
  QButtonGroup* which_;
  QWidget* smoothing_;
  QSlider* slider_;
  ElidedLabel *about_, *note_;
  QLabel *title_, *value_, *empty_, *mass_;
};

}  // namespace ui
