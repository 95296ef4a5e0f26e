// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <memory>

#include "analysis/export/result_file.h"
#include "ui/charts/band_chart.h"

namespace ui {

/// The sharpness measures of one run, a row each: kind, norm, rho, rise, standard error, and how hard the ascent still climbed.
class SharpnessModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { kind, rho, value, error, quality, columnCount_ };
  using QAbstractTableModel::QAbstractTableModel;

  void setResult(std::shared_ptr<const analysis::SharpnessResult> result);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::shared_ptr<const analysis::SharpnessResult> result_;
};

/// Which curve a measure belongs to, and what a chooser calls it: "worst case, l2, adaptive".
struct SharpnessCurveKey {
  std::string kind = "worst", norm = "l2";
  bool adaptive = false;
  bool operator==(const SharpnessCurveKey&) const = default;
};
SharpnessCurveKey curveOf(const analysis::SharpnessMeasure& measure);
QString curveName(const SharpnessCurveKey& key);

/// Every curve that a result has, in its order.
std::vector<SharpnessCurveKey> curvesIn(const analysis::Sharpness& sharpness);

/// Rise of the loss over rho with its standard errors, where there are any.
BandCurve riseCurve(const analysis::Sharpness& sharpness, const SharpnessCurveKey& key, const QString& name, const CurveLook& look);

/// Error of the penalty's difference over its radius.
BandCurve penaltyCurve(const analysis::Sharpness& sharpness, const QString& name, const CurveLook& look);

}  // namespace ui
