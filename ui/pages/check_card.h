// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QColor>
#include <QFrame>
#include <memory>

#include "analysis/export/result_file.h"
#include "ui/pages/card.h"

class QToolButton;

namespace ui {

/// The self-checks of one run: verdict, what was checked, figure; below them loss and lambda max by each batch-norm policy.
class CheckModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { verdict, name, value, columnCount_ };
  using QAbstractTableModel::QAbstractTableModel;

  void setResult(std::shared_ptr<const analysis::CheckResult> result);
  void setColours(const QColor& ok, const QColor& warning, const QColor& error, const QColor& info);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;

 private:
  QVariant checkData(const analysis::Check& check, int column, int role) const;
  QVariant policyData(const analysis::PolicyValue& policy, int column, int role) const;
  std::shared_ptr<const analysis::CheckResult> result_;
  QColor ok_{0x1B, 0x7A, 0x58}, warning_{0x8F, 0x5F, 0x00}, error_{0xBF, 0x33, 0x28}, info_{0x22, 0x63, 0x9F};
};

/// "2 of 8 failed: symmetry (dropout)", or that all passed.
QString checkSummary(const analysis::CheckReport& report);

/// The card with the self-checks of the chosen run and the button that makes them.
class CheckCard : public QFrame {
  Q_OBJECT
 public:
  explicit CheckCard(QWidget* parent = nullptr);
  void setResult(std::shared_ptr<const analysis::CheckResult> result, bool measurable);
  CheckModel* model() const { return model_; }

 signals:
  void checkRequested();

 private:
  CheckModel* model_;
  QLabel* badge_;
  ElidedLabel* note_;
  QToolButton* check_;
};

}  // namespace ui
