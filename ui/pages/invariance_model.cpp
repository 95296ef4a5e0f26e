// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/invariance_model.h"

#include <algorithm>
#include <cmath>

#include "ui/scenes/height_scale.h"

namespace ui {
namespace {

QString number(double v, int digits) { return QString::fromStdString(numberText(v, digits)); }

QString tipOf(const analysis::InvarianceBadge& b) {
  const QString moved = QStringLiteral("%1 before, %2 after; up to %3 cannot be told from equal.").arg(number(b.before, 5), number(b.after, 5), number(b.tolerance, 2));
  switch (badgeOf(b)) {
    case Badge::earned: return moved + QStringLiteral(" Invariant, as theory says.");
    case Badge::earnedUnclaimed: return moved + QStringLiteral(" Did not move here, but no theory says that it never does.");
    case Badge::lost: return moved + QStringLiteral(" Not invariant: it changes although the function does not.");
    default: return moved + QStringLiteral(" Theory says invariant, yet it moved: its error is larger than it knows.");
  }
}

QString signOf(Badge badge) {
  return badge == Badge::earned ? QStringLiteral("\u2713") : badge == Badge::earnedUnclaimed ? QStringLiteral("(\u2713)") : badge == Badge::lost ? QStringLiteral("\u2717") : QStringLiteral("\u26A0");
}

template <class T>
QVariant colourOf(Badge badge, const T& ok, const T& second, const T& error) {
  return badge == Badge::earned ? ok : badge == Badge::broken ? error : second;
}

}  // namespace

Badge badgeOf(const analysis::InvarianceBadge& b) {
  if (b.earned) return b.claimed ? Badge::earned : Badge::earnedUnclaimed;
  return b.claimed ? Badge::broken : Badge::lost;
}

QString invariantName(const std::string& measure) {
  static const std::pair<const char*, const char*> names[] = {{"lambda_max", "\u03BBmax"},       {"lambda_min", "\u03BBmin"},          {"trace", "trace"},
                                                              {"worst", "worst case"},           {"one_step", "one step"},             {"average", "average"},
                                                              {"gradient_norm", "\u2016g\u2016"}, {"parameter_norm", "\u2016\u03B8\u2016"}};
  std::string plain = measure;
  const std::string tail = "_adaptive";
  const bool adaptive = plain.ends_with(tail);
  if (adaptive) plain.resize(plain.size() - tail.size());
  QString name = QString::fromStdString(plain);
  for (const auto& [word, text] : names)
    if (plain == word) name = QString::fromUtf8(text);
  name.replace(QLatin1Char('_'), QLatin1Char(' '));
  return adaptive ? name + QStringLiteral(", adaptive") : name;
}

QString transformName(const std::string& transform) {
  static const std::pair<const char*, const char*> names[] = {{"scale-layers", "scale ReLU layers"}, {"scale-units", "scale ReLU units"},       {"permute", "permute units"},
                                                              {"norm-scale", "scale before norm"},   {"attention-query-key", "query and key"}, {"attention-value", "value"},
                                                              {"last-layer", "scale last layer"}};
  for (const auto& [word, text] : names)
    if (transform == word) return QString::fromLatin1(text);
  return QString::fromStdString(transform);
}

void InvarianceMatrix::setResult(std::shared_ptr<const analysis::InvarianceResult> result) {
  if (result == result_) return;
  beginResetModel();
  result_ = std::move(result);
  measures_.clear();
  if (result_) {
    for (const auto& outcome : result_->invariance.outcomes)
      for (const auto& b : outcome.badges)
        if (std::ranges::find(measures_, b.measure) == measures_.end()) measures_.push_back(b.measure);
  }
  endResetModel();
}

void InvarianceMatrix::setColours(const QColor& ok, const QColor& second, const QColor& error) {
  ok_ = ok, second_ = second, error_ = error;
  if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

const analysis::InvarianceBadge* InvarianceMatrix::badge(int row, int outcome) const {
  const auto& badges = result_->invariance.outcomes[static_cast<std::size_t>(outcome)].badges;
  const auto found = std::ranges::find(badges, measures_[static_cast<std::size_t>(row)], &analysis::InvarianceBadge::measure);
  return found == badges.end() ? nullptr : &*found;
}

int InvarianceMatrix::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(measures_.size()); }
int InvarianceMatrix::columnCount(const QModelIndex& parent) const { return parent.isValid() || !result_ ? 0 : 1 + static_cast<int>(result_->invariance.outcomes.size()); }

QVariant InvarianceMatrix::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  if (index.column() == 0) return role == Qt::DisplayRole ? QVariant(invariantName(measures_[static_cast<std::size_t>(index.row())])) : QVariant();
  const analysis::InvarianceBadge* b = badge(index.row(), index.column() - 1);
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignCenter);
  if (role == Qt::DisplayRole) return b == nullptr ? QStringLiteral("\u2013") : signOf(badgeOf(*b));
  if (role == Qt::ForegroundRole) return b == nullptr ? QVariant(second_) : colourOf(badgeOf(*b), ok_, second_, error_);
  if (role == Qt::ToolTipRole) return b == nullptr ? QStringLiteral("not measured: the outputs were not the same") : tipOf(*b);
  return {};
}

QVariant InvarianceMatrix::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
  if (section == 0) return role == Qt::DisplayRole ? QVariant(QStringLiteral("Invariant under")) : role == Qt::TextAlignmentRole ? QVariant(Qt::AlignLeft | Qt::AlignVCenter) : QVariant();
  const auto& outcome = result_->invariance.outcomes[static_cast<std::size_t>(section - 1)];
  if (role == Qt::DisplayRole) return transformName(outcome.transform);
  if (role == Qt::ToolTipRole) return QStringLiteral("%1: %2").arg(QString::fromStdString(outcome.transform), QString::fromStdString(outcome.layers));
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignCenter);
  return {};
}

void InvarianceModel::setBadges(std::vector<analysis::InvarianceBadge> badges) {
  beginResetModel();
  badges_ = std::move(badges);
  endResetModel();
}

void InvarianceModel::setColours(const QColor& ok, const QColor& second, const QColor& error) {
  ok_ = ok, second_ = second, error_ = error;
  if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount_ - 1));
}

int InvarianceModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(badges_.size()); }
int InvarianceModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columnCount_; }

QVariant InvarianceModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const analysis::InvarianceBadge& b = badges_[static_cast<std::size_t>(index.row())];
  if (role == Qt::TextAlignmentRole) return QVariant((index.column() == measure ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  if (role == Qt::ToolTipRole) return tipOf(b);
  if (role == Qt::ForegroundRole && index.column() == verdict) return colourOf(badgeOf(b), ok_, second_, error_);
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case measure: return invariantName(b.measure);
    case before: return number(b.before, 5);
    case beforeError: return b.beforeError > 0 ? number(b.beforeError, 2) : QStringLiteral("\u2013");
    case after: return number(b.after, 5);
    case afterError: return b.afterError > 0 ? number(b.afterError, 2) : QStringLiteral("\u2013");
    case ratio: return b.before != 0 ? number(b.after / b.before, 4) : QStringLiteral("\u2013");
    default: return signOf(badgeOf(b));
  }
}

QVariant InvarianceModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount_) return {};
  static const char* const names[] = {"Measure", "Before", "error", "After", "error", "After / before", ""};
  static const char* const tips[] = {"", "At the checkpoint", "Solver residual, standard error over draws, or what an ascent may still lack", "At the transformed checkpoint: the same function",
                                     "Solver residual, standard error over draws, or what an ascent may still lack", "1 where it is invariant",
                                     "\u2713 invariant as theory says, (\u2713) did not move here, \u2717 moved, \u26A0 should not have moved"};
  if (role == Qt::DisplayRole) return QString::fromUtf8(names[section]);
  if (role == Qt::ToolTipRole) return QString::fromUtf8(tips[section]);
  if (role == Qt::TextAlignmentRole) return QVariant((section == measure ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  return {};
}

}  // namespace ui
