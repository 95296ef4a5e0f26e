// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_probe_model.h"

#include "ui/scenes/height_scale.h"

namespace ui {
namespace {

QString signedText(double number) {
  const QString text = QString::fromStdString(numberText(number, 6));
  return number > 0 ? QLatin1Char('+') + text : text;
}

}  // namespace

void LandscapeProbeModel::setRows(std::vector<ProbeRow> rows) {
  if (rows.size() != rows_.size()) {
    beginResetModel();
    rows_ = std::move(rows);
    endResetModel();
    return;
  }
  rows_ = std::move(rows);
  if (!rows_.empty()) emit dataChanged(index(0, 0), index(static_cast<int>(rows_.size()) - 1, columnCount_ - 1));
}

void LandscapeProbeModel::setValueName(const QString& name) {
  if (name == valueName_) return;
  valueName_ = name;
  emit headerDataChanged(Qt::Horizontal, value, value);
}

int LandscapeProbeModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(rows_.size()); }
int LandscapeProbeModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columnCount_; }

QString LandscapeProbeModel::textOf(const ProbeRow& row, int column) const {
  if (column == run) return row.name;
  if (!row.reading) return column == origin ? QString() : QStringLiteral("\u2013");
  const auto number = [](double v) { return QString::fromStdString(numberText(v, 6)); };
  switch (column) {
    case x:
      return QString::fromStdString(numberText(row.reading->x, 4));
    case y:
      return QString::fromStdString(numberText(row.reading->y, 4));
    case value:
      return number(row.reading->value);
    case loss:
      return number(row.reading->loss);
    case accuracy:
      return QString::number(100 * row.reading->accuracy, 'f', 2);
    case aboveCentre:
      return signedText(row.reading->aboveCentre);
    default:
      return row.reading->computed ? QStringLiteral("\u25CF") : QStringLiteral("\u25CB");
  }
}

QVariant LandscapeProbeModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const ProbeRow& row = rows_[static_cast<std::size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
      return textOf(row, index.column());
    case Qt::DecorationRole:
      return index.column() == run ? QVariant(row.swatch) : QVariant();
    case Qt::TextAlignmentRole:
      return QVariant(index.column() == run ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    case Qt::ToolTipRole:
      if (!row.reading) return QStringLiteral("No surface of this run at this point yet");
      return row.reading->computed ? QStringLiteral("computed: a grid point") : QStringLiteral("interpolated: between grid points, or at one that was not evaluated");
    default:
      return {};
  }
}

QVariant LandscapeProbeModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  static const char* const names[] = {"Run", "x", "y", "", "Loss", "Acc. %", "\u0394 centre", ""};
  static const char* const tips[] = {"Run", "Coordinate along the first direction", "Coordinate along the second direction", "What is drawn: the layer chosen below the views", "Mean loss L on the samples",
                                     "Share of samples classified correctly", "Loss minus the loss at (0, 0)",
                                     "\u25CF computed at a grid point, \u25CB interpolated between grid points"};
  if (section < 0 || section >= columnCount_) return {};
  if (role == Qt::DisplayRole) return section == value ? valueName_ : QString::fromUtf8(names[section]);
  if (role == Qt::ToolTipRole) return QString::fromUtf8(tips[section]);
  if (role == Qt::TextAlignmentRole) return QVariant((section == run ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  return {};
}

}  // namespace ui
