// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_model.h"

#include <QFont>
#include <QIcon>
#include <algorithm>
#include <cmath>

#include "ui/pages/compare_text.h"

namespace ui {
namespace {

using analysis::ComparedRow;

const ComparedRow& rowOf(const analysis::Comparison& c, int row) { return c.rows[static_cast<std::size_t>(row)]; }

std::vector<CompareModel::Column> columnsOf(const analysis::Comparison& c, bool seedsApart) {
  std::vector<CompareModel::Column> out{{CompareModel::group}, {CompareModel::measure}, {CompareModel::error}};
  std::vector<std::size_t> order{c.baseline};
  for (std::size_t s = 0; s < c.settings.size(); ++s)
    if (s != c.baseline) order.push_back(s);
  for (const std::size_t s : order) {
    out.push_back({CompareModel::value, s});
    if (s != c.baseline) {
      out.push_back({CompareModel::delta, s});
      out.push_back({CompareModel::ratio, s});
    }
    if (seedsApart && c.settings[s].runs.size() > 1)
      for (const std::size_t run : c.settings[s].runs) out.push_back({CompareModel::seed, s, run});
  }
  return out;
}

}  // namespace

void CompareModel::show(std::shared_ptr<const analysis::Comparison> comparison, std::vector<CompareEntry> entries, const CompareShown& shown) {
  std::vector<Column> columns = comparison && !comparison->settings.empty() ? columnsOf(*comparison, shown.seedsApart) : std::vector<Column>{};
  const bool same = comparison && comparison_ && columns == columns_ && comparison->rows.size() == comparison_->rows.size();
  if (!same) beginResetModel();
  comparison_ = std::move(comparison);
  entries_ = std::move(entries);
  shown_ = shown;
  columns_ = std::move(columns);
  if (!same) {
    endResetModel();
  } else if (rowCount() > 0) {
    emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    emit headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
  }
}

void CompareModel::setColours(const QColor& baseline, const QColor& second, const QColor& third) {
  baseline_ = baseline, second_ = second, third_ = third;
  if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

const CompareEntry* CompareModel::entryOf(std::size_t setting) const {
  const auto& runs = comparison_->settings[setting].runs;
  if (runs.empty()) return nullptr;
  const std::string& folder = comparison_->runs[runs.front()].folder;
  const auto found = std::ranges::find_if(entries_, [&](const CompareEntry& e) { return std::ranges::find(e.folders, folder) != e.folders.end(); });
  return found == entries_.end() ? nullptr : &*found;
}

QString CompareModel::settingName(std::size_t setting) const {
  const CompareEntry* entry = entryOf(setting);
  return entry != nullptr ? entry->name : QString::fromStdString(comparison_->settings[setting].name);
}

std::pair<int, int> CompareModel::openContrasts() const {
  std::pair<int, int> out{0, 0};
  if (!comparison_) return out;
  for (const ComparedRow& row : comparison_->rows)
    for (const analysis::Contrast& contrast : row.contrasts) {
      if (contrast.verdict == analysis::ComparedVerdict::none) continue;
      ++out.second;
      if (contrast.verdict != analysis::ComparedVerdict::different) ++out.first;
    }
  return out;
}

bool CompareModel::ofBaseline(const Column& column) const { return column.kind >= value && column.setting == comparison_->baseline; }

bool CompareModel::startsGroup(int row) const { return row == 0 || rowOf(*comparison_, row).group != rowOf(*comparison_, row - 1).group; }

int CompareModel::rowCount(const QModelIndex& parent) const { return parent.isValid() || columns_.empty() ? 0 : static_cast<int>(comparison_->rows.size()); }
int CompareModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(columns_.size()); }

QString CompareModel::text(int row, const Column& column) const {
  const ComparedRow& r = rowOf(*comparison_, row);
  const QString kind = errorName(r);
  switch (column.kind) {
    case group: return startsGroup(row) ? QString::fromStdString(r.group) : QString();
    case measure: return measureName(r);
    case error: return kind;
    case value: return valueText(r, r.settings[column.setting], shown_.digits, kind.isEmpty());
    case seed: return valueText(r, r.runs[column.run], shown_.digits, true);
    case delta: return deltaText(r, r.contrasts[column.setting], shown_.digits);
    case ratio: return ratioText(r.contrasts[column.setting]);
  }
  return {};
}

QVariant CompareModel::number(int row, const Column& column) const {
  const ComparedRow& r = rowOf(*comparison_, row);
  const double scale = r.percent ? 100 : 1;
  const auto full = [](double v) { return std::isnan(v) ? QVariant(QString()) : QVariant(QString::number(v, 'g', 17)); };
  switch (column.kind) {
    case value: return full(scale * r.settings[column.setting].value);
    case seed: return full(scale * r.runs[column.run].value);
    case delta: return full(scale * r.contrasts[column.setting].delta);
    case ratio: return full(r.contrasts[column.setting].ratio);
    case group: return QString::fromStdString(r.group);
    default: return text(row, column);
  }
}

QString CompareModel::toolTip(int row, const Column& column) const {
  const ComparedRow& r = rowOf(*comparison_, row);
  switch (column.kind) {
    case value: return valueToolTip(r, r.settings[column.setting], settingName(column.setting));
    case seed: return valueToolTip(r, r.runs[column.run], QString::fromStdString(comparison_->runs[column.run].name));
    case delta:
    case ratio: return contrastToolTip(r, r.contrasts[column.setting], settingName(column.setting), settingName(comparison_->baseline));
    case error: return QStringLiteral("What stands behind \u00B1 in this row. Different kinds of error are never mixed.");
    default: return QString::fromStdString(r.name);
  }
}

QVariant CompareModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount() || index.column() >= columnCount()) return {};
  const Column& column = columns_[static_cast<std::size_t>(index.column())];
  switch (role) {
    case Qt::DisplayRole: return text(index.row(), column);
    case Qt::EditRole: return number(index.row(), column);
    case Qt::ToolTipRole: return toolTip(index.row(), column);
    case Qt::TextAlignmentRole: return QVariant(Qt::AlignVCenter | (column.kind <= error ? Qt::AlignLeft : Qt::AlignRight));
    case Qt::BackgroundRole: return ofBaseline(column) ? QVariant(baseline_) : QVariant();
    case Qt::ForegroundRole: {
      if (column.kind == group || column.kind == error || column.kind == seed) return second_;
      if (column.kind != ratio) return {};
      const auto verdict = rowOf(*comparison_, index.row()).contrasts[column.setting].verdict;
      return verdict == analysis::ComparedVerdict::different ? QVariant() : QVariant(second_);
    }
    default: return {};
  }
}

QVariant CompareModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
  const Column& column = columns_[static_cast<std::size_t>(section)];
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignVCenter | (column.kind <= error ? Qt::AlignLeft : Qt::AlignRight));
  if (role == Qt::DecorationRole && column.kind == value) {
    const CompareEntry* entry = entryOf(column.setting);
    return entry != nullptr ? QVariant(QIcon(entry->swatch)) : QVariant();
  }
  if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
  const bool tip = role == Qt::ToolTipRole;
  switch (column.kind) {
    case group: return QString();
    case measure: return tip ? QString() : QStringLiteral("Measure");
    case error: return tip ? QStringLiteral("What the error behind \u00B1 is, by row") : QStringLiteral("\u00B1 is");
    case value: {
      const std::size_t seeds = comparison_->settings[column.setting].runs.size();
      return seeds > 1 ? QStringLiteral("%1, %2 seeds").arg(settingName(column.setting)).arg(seeds) : settingName(column.setting);
    }
    case seed: return tip ? QString::fromStdString(comparison_->runs[column.run].name) : QStringLiteral("seed %1").arg(comparison_->runs[column.run].seed);
    case delta: return tip ? QStringLiteral("Difference to the baseline; in points where the row is in percent") : QStringLiteral("\u0394");
    case ratio: return tip ? QStringLiteral("Over the baseline. \"within noise\": not told apart, which is no proof that they are equal. ?: cannot tell, the tool tip of the cell says why.") : QStringLiteral("ratio");
  }
  return {};
}

}  // namespace ui
