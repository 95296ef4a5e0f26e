// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/run_table_model.h"

#include <QIcon>
#include <QLocale>
#include <algorithm>
#include <cmath>

#include "ui/pages/train_curves.h"
#include "ui/scenes/height_scale.h"

namespace ui {

bool RunTableModel::Row::operator==(const Row& other) const {
  return folder == other.folder && name == other.name && state == other.state && swatch.cacheKey() == other.swatch.cacheKey() && std::ranges::equal(cells, other.cells);
}

void RunTableModel::setRows(std::vector<Row> rows) {
  if (rows.size() != rows_.size()) {
    beginResetModel();
    rows_ = std::move(rows);
    endResetModel();
    return;
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] == rows_[i]) continue;
    rows_[i] = std::move(rows[i]);
    emit dataChanged(index(static_cast<int>(i), 0), index(static_cast<int>(i), columnCount_ - 1));
  }
}

bool RunTableModel::hasValidation() const {
  return std::ranges::any_of(rows_, [](const Row& r) { return !r.cells[validationAccuracy].isEmpty(); });
}

int RunTableModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(rows_.size()); }
int RunTableModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columnCount_; }

QVariant RunTableModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const Row& r = row(index.row());
  if (role == Qt::DisplayRole) return index.column() == name ? r.name : r.cells[index.column()];
  if (role == Qt::DecorationRole && index.column() == name) return QIcon(r.swatch);
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignVCenter | (index.column() <= state ? Qt::AlignLeft : Qt::AlignRight));
  return {};
}

QVariant RunTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
  static const char* const titles[] = {"Run", "State", "Step", "Loss", "Test loss", "Val. %", "Test %", "\u03BBmax", "\u2207/step", "Seconds"};
  static const char* const tips[] = {"",
                                     "",
                                     "Optimizer steps so far",
                                     "Training loss: mean over the whole training set, evaluation mode, no L2; the last evaluation",
                                     "The same over the test set",
                                     "Share of the validation set classified right",
                                     "Share of the test set classified right",
                                     "Largest eigenvalue of the Hessian of the training loss, as last measured",
                                     "Gradient evaluations a step: 1 for plain, 2 for SAM and the penalty, 3 with the exact product",
                                     "Training time, evaluation and saving left out"};
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::DisplayRole) return QString::fromUtf8(titles[section]);
  if (role == Qt::ToolTipRole) return QString::fromUtf8(tips[section]);
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignVCenter | (section <= state ? Qt::AlignLeft : Qt::AlignRight));
  return {};
}

RunTableModel::Row runRow(const SessionRun& run, const QPixmap& swatch) {
  RunTableModel::Row row;
  row.folder = QString::fromStdString(run.folder);
  row.name = run.name;
  row.swatch = swatch;
  const auto number = [](double v, int digits) { return QString::fromStdString(numberText(v, digits)); };
  row.cells[RunTableModel::state] = stateText(run.state);
  if (run.record.steps > 0) row.cells[RunTableModel::step] = QLocale(QLocale::English).toString(static_cast<qlonglong>(run.record.steps));
  if (!run.record.evaluations.empty()) {
    const trainer::EvaluationRecord& e = run.record.evaluations.back();
    row.cells[RunTableModel::trainLoss] = number(e.trainLoss, 4);
    const auto percent = [](double share) { return std::isnan(share) ? QString() : QString::number(100 * share, 'f', 2); };
    if (!std::isnan(e.testLoss)) row.cells[RunTableModel::testLoss] = number(e.testLoss, 4);
    row.cells[RunTableModel::validationAccuracy] = percent(e.validationAccuracy);
    row.cells[RunTableModel::testAccuracy] = percent(e.testAccuracy);
  }
  if (const auto lambda = lastLambdaMax(run)) row.cells[RunTableModel::lambdaMax] = number(*lambda, 4);
  if (!run.record.stepRecords.empty()) {
    const trainer::StepRecord& s = run.record.stepRecords.back();
    row.cells[RunTableModel::gradientsPerStep] = QString::number(static_cast<double>(s.gradientEvaluations) / static_cast<double>(s.step), 'f', 2);
    row.cells[RunTableModel::seconds] = QString::number(run.record.seconds, 'f', 1);
  }
  return row;
}

}  // namespace ui
