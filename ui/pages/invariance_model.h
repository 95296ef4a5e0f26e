// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QColor>
#include <memory>

#include "analysis/export/result_file.h"

namespace ui {

/// What a measure deserves under a transformation that leaves the function as it is.
enum class Badge { earned, earnedUnclaimed, lost, broken };  ///< broken: theory says invariant, but it moved
Badge badgeOf(const analysis::InvarianceBadge& badge);
/// "lambda_max" -> the symbol with words that a reader knows.
QString invariantName(const std::string& measure);
/// "scale-layers" -> "scale ReLU layers".
QString transformName(const std::string& transform);

/// Measures down, transformations across: which measure earns the badge "invariant under" which.
class InvarianceMatrix : public QAbstractTableModel {
  Q_OBJECT
 public:
  using QAbstractTableModel::QAbstractTableModel;
  void setResult(std::shared_ptr<const analysis::InvarianceResult> result);
  void setColours(const QColor& ok, const QColor& second, const QColor& error);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;  ///< the measure, then one a transformation
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  const analysis::InvarianceBadge* badge(int row, int outcome) const;
  std::shared_ptr<const analysis::InvarianceResult> result_;
  std::vector<std::string> measures_;
  QColor ok_{0x1B, 0x7A, 0x58}, second_{0x4F, 0x59, 0x65}, error_{0xBF, 0x33, 0x28};
};

/// One transformation: every measure before and after, with the errors that decide whether they can be told apart.
class InvarianceModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { measure, before, beforeError, after, afterError, ratio, verdict, columnCount_ };
  using QAbstractTableModel::QAbstractTableModel;
  /// The badges of one outcome.
  void setBadges(std::vector<analysis::InvarianceBadge> badges);
  void setColours(const QColor& ok, const QColor& second, const QColor& error);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<analysis::InvarianceBadge> badges_;
  QColor ok_{0x1B, 0x7A, 0x58}, second_{0x4F, 0x59, 0x65}, error_{0xBF, 0x33, 0x28};
};

}  // namespace ui
