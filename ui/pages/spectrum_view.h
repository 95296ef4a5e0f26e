// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <map>

#include "ui/models/spectrum_parts.h"
#include "ui/pages/check_card.h"
#include "ui/pages/density_card.h"
#include "ui/pages/eigenpair_card.h"
#include "ui/pages/eigenvalue_card.h"
#include "ui/pages/landscape_board.h"
#include "ui/pages/layers_card.h"
#include "ui/pages/trace_model.h"
#include "ui/theme/tokens.h"

namespace ui {

/// The spectrum of all runs: eigenvalues at both ends, density or lambda max over N, layers, pairs, traces. It computes nothing.
class SpectrumView : public QWidget {
  Q_OBJECT
 public:
  explicit SpectrumView(QWidget* parent = nullptr);

  /// `selected`: the run of the tables.
  void show(const std::vector<BoardRun>& runs, const std::map<std::string, SpectrumParts>& parts, const std::string& selected);
  void setColours(const ChartColours& charts, const Tokens& tokens);

  EigenvalueCard* eigenvalues() const { return eigenvalues_; }
  DensityCard* density() const { return density_; }
  LayersCard* layers() const { return layers_; }
  EigenpairCard* pairs() const { return pairs_; }
  TraceModel* traces() const { return traces_; }
  CheckCard* checks() const { return checks_; }

 private:
  QWidget* makeTraceCard();
  void showDensities(const std::vector<BoardRun>& runs, const std::map<std::string, SpectrumParts>& parts);
  void showTraces(const std::vector<BoardRun>& runs, const std::map<std::string, SpectrumParts>& parts);
  EigenvalueCard* eigenvalues_;
  DensityCard* density_;
  LayersCard* layers_;
  EigenpairCard* pairs_;
  TraceModel* traces_;
  CheckCard* checks_;
  QLabel *traceAbout_, *traceNote_;
};

/// How lambda max falls with the number of samples, over 1 / N, as a card shows it; its extrapolated value stands at 1 / population.
BandCurve extrapolationCurve(const analysis::Extrapolation& e, const QString& name, const CurveLook& look);

}  // namespace ui
