// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "ui/charts/axes_chart.h"

namespace ui {

/// The eigenvalues of a run at one end of the spectrum; hollow where not converged.
struct EigenvalueMarks {
  struct Mark {
    double index = 0, value = 0, residual = 0;
    bool converged = true;
    bool operator==(const Mark&) const = default;
  };
  QString name;
  CurveLook look;
  std::vector<Mark> marks;
  bool operator==(const EigenvalueMarks&) const = default;
};

/// Eigenvalues over their index with residuals as bars. Runs stand side by side within an index. A log axis drops and counts values <= 0.
class EigenvalueChart : public AxesChart {
  Q_OBJECT
 public:
  using AxesChart::AxesChart;
  void show(std::vector<EigenvalueMarks> runs, bool logY, const QString& indexTitle);
  std::int64_t dropped() const { return dropped_; }

 protected:
  void redraw() override;

 private:
  void addRun(const EigenvalueMarks& run, double shift, double lowest);
  std::vector<EigenvalueMarks> runs_;
  bool logY_ = true;
  QString title_;
  std::int64_t dropped_ = 0;
};

}  // namespace ui
