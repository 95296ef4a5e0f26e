// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <string>
#include <utility>
#include <vector>

#include "analysis/surface/surface_grid.h"

class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace ui {

/// The fields of one axis: which direction, inside which layer, normalised how, from where to where. Fields that a kind does not use are hidden.
class AxisPicker : public QObject {
  Q_OBJECT
 public:
  /// `axis`: "x" or "y", part of the fields' names; `optional`: it may be left out.
  AxisPicker(QFormLayout* form, const QString& axis, bool optional, QObject* parent);

  bool none() const;
  /// What the fields say; `size` points.
  analysis::AxisSpec spec(std::int64_t size) const;
  /// "" or what is still missing: a run to point toward, a file.
  QString problem() const;
  /// The other runs of the session, by name and folder.
  void setOthers(const std::vector<std::pair<QString, std::string>>& others);
  /// What the direction is, before it is computed; shown under the fields.
  void showReport(const analysis::AxisReport& report);
  void clearReport();  ///< back to what the kind means
  QString hint() const;

 signals:
  void changed();

 private:
  std::string kind() const;  ///< as axis_kind.h has it, without the layer
  void addKind(bool optional);
  void addDetails();
  void refresh();

  QFormLayout* form_;
  QString axis_;
  QComboBox *kind_, *run_, *normalise_;
  QSpinBox* index_;
  QDoubleSpinBox *rho_, *from_, *to_;
  QLineEdit *file_, *layer_;
  QLabel* hint_;
};

/// "||d|| 3.21, lambda 0.35 (residual 2e-5), explains 74 % (a random walk's: 61 %), about 30 products, 0.4 s".
QString axisReportText(const analysis::AxisReport& report);

}  // namespace ui
