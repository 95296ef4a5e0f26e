// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/settings_model.h"

#include <QFont>
#include <QIcon>
#include <algorithm>

#include "trainer/run/run_spec.h"
#include "ui/forms/field_text.h"
#include "ui/forms/run_fields.h"

namespace ui {
namespace {

const QString kNone = QStringLiteral("\u2013");

/// The words of the form for a word of the flag: "cross entropy" for "cross-entropy".
QString shownWord(const RunField& field, const QString& text) {
  for (const auto& [word, words] : field.choices)
    if (text == QLatin1String(word)) return QString::fromUtf8(words);
  return text;
}

QString valueOf(const RunField& field, const trainer::RunSpec& spec) {
  if (!trainer::applies(spec, field.key)) return kNone;
  const QString text = fieldText(spec, QLatin1String(field.key));
  if (!text.isEmpty()) return shownWord(field, text);
  if (field.kind == FieldKind::toggle) return QStringLiteral("off");
  return field.unset[0] != '\0' ? QString::fromUtf8(field.unset) : kNone;
}

/// The values of an entry's runs, each once.
QString valueOf(const RunField& field, const Session& session, const CompareEntry& entry) {
  QStringList values;
  for (const std::string& folder : entry.folders)
    if (const SessionRun* run = session.find(folder))
      if (const QString value = valueOf(field, run->spec); !values.contains(value)) values << value;
  return values.join(QStringLiteral(", "));
}

}  // namespace

std::vector<SettingRow> settingRows(const Session& session, const std::vector<CompareEntry>& entries) {
  std::vector<SettingRow> rows;
  for (const RunSection& section : runSections()) {
    for (const RunField& field : section.fields) {
      SettingRow row{.section = QString::fromUtf8(section.title), .name = QString::fromUtf8(field.label), .toolTip = fieldToolTip(field), .values = {}};
      for (const CompareEntry& entry : entries) row.values << valueOf(field, session, entry);
      if (std::ranges::all_of(row.values, [](const QString& v) { return v == kNone || v.isEmpty(); })) continue;
      row.differs = std::ranges::any_of(row.values, [&](const QString& v) { return v != row.values.front(); });
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

void SettingsModel::show(std::vector<CompareEntry> entries, std::vector<SettingRow> rows, bool differencesOnly) {
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].differs || !differencesOnly) shown.push_back(i);
  if (entries == entries_ && rows == rows_ && shown == shown_) return;
  beginResetModel();
  entries_ = std::move(entries);
  rows_ = std::move(rows);
  shown_ = std::move(shown);
  endResetModel();
}

int SettingsModel::differing() const { return static_cast<int>(std::ranges::count(rows_, true, &SettingRow::differs)); }
int SettingsModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(shown_.size()); }
int SettingsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : 1 + static_cast<int>(entries_.size()); }

QVariant SettingsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount() || index.column() >= columnCount()) return {};
  const SettingRow& row = rows_[shown_[static_cast<std::size_t>(index.row())]];
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignVCenter | (index.column() == 0 ? Qt::AlignLeft : Qt::AlignRight));
  if (role == Qt::DisplayRole) return index.column() == 0 ? row.name : row.values[index.column() - 1];
  if (role == Qt::ToolTipRole) return index.column() == 0 ? row.toolTip : QStringLiteral("%1, %2: %3").arg(entries_[static_cast<std::size_t>(index.column() - 1)].name, row.name, row.values[index.column() - 1]);
  return {};
}

QVariant SettingsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignVCenter | (section == 0 ? Qt::AlignLeft : Qt::AlignRight));
  if (section == 0) return role == Qt::DisplayRole ? QVariant(QStringLiteral("Setting")) : QVariant();
  const CompareEntry& entry = entries_[static_cast<std::size_t>(section - 1)];
  if (role == Qt::DisplayRole || role == Qt::ToolTipRole) return entry.name;
  if (role == Qt::DecorationRole) return QIcon(entry.swatch);
  return {};
}

}  // namespace ui
