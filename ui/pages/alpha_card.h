// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "trainer/run/sweep_table.h"
#include "ui/charts/band_chart.h"

class QComboBox;
class QDialog;

namespace ui {

class ElidedLabel;
class Session;
class Theme;

/// What a group of runs has come to over the setting that varies, alpha before others: test error and lambda_max, the mean over seeds with a band of their deviation. A curve for each
/// combination of what else varies. It computes nothing.
class AlphaCard : public QFrame {
  Q_OBJECT
 public:
  explicit AlphaCard(QWidget* parent = nullptr);

  /// `table` as tableOf() makes it (ui/workspace/run_group.h).
  void show(const QString& title, const trainer::SweepTable& table);
  void setColours(const ChartColours& colours);

  BandChart* error() const { return error_; }
  BandChart* curvature() const { return curvature_; }
  QComboBox* setting() const { return setting_; }  ///< over which setting; as many as vary in numbers

 private:
  void offer();
  void refresh();

  trainer::SweepTable table_;
  BandChart *error_, *curvature_;
  QComboBox* setting_;
  ElidedLabel *title_, *note_;
};

/// The curves of one measure over `key`, with `scale` times its values. Settings whose `key` is no number are left out.
std::vector<BandCurve> curvesOver(const trainer::SweepTable& table, const std::string& key, trainer::SweepMeasure measure, double scale);

/// A window of its own with the card of a group; it follows the session and the theme, and goes with the group.
QDialog* showGroup(QWidget* parent, const Session& session, const Theme& theme, const QString& group);

}  // namespace ui
