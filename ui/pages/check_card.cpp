// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/check_card.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/pages/eigenpair_card.h"
#include "ui/pages/landscape_card.h"
#include "ui/scenes/height_scale.h"

namespace ui {
namespace {

QString number(double v, int digits) { return QString::fromStdString(numberText(v, digits)); }
QString words(const std::string& text) { return QString::fromStdString(text); }

/// What a check is about, in words; its own name where it is not known here.
QString titleOf(const std::string& name) {
  static const std::pair<const char*, const char*> titles[] = {{"repeatability", "Hv repeated"},           {"symmetry", "Symmetry u\u00B7Hv = v\u00B7Hu"}, {"linearity", "Linearity of Hv"},
                                                               {"batch-split", "Batch split"},    {"gradient", "Gradient vs differences"},   {"difference", "Hv vs differences"},
                                                               {"state", "Nothing is changed"},            {"batch-norm-policy", "Batch-norm policy"}};
  for (const auto& [word, title] : titles)
    if (name == word) return QString::fromUtf8(title);
  return words(name);
}

}  // namespace

QString checkSummary(const analysis::CheckReport& report) {
  QStringList failed;
  for (const analysis::Check& c : report.checks)
    if (c.verdict == analysis::Verdict::failed) failed << (c.culprit.empty() ? words(c.name) : QStringLiteral("%1 (%2)").arg(words(c.name), words(c.culprit)));
  if (failed.isEmpty()) return QStringLiteral("all checks that can fail passed");
  const auto first = std::ranges::find(report.checks, analysis::Verdict::failed, &analysis::Check::verdict);
  return QStringLiteral("%1 of %2 failed: %3. %4").arg(failed.size()).arg(report.checks.size()).arg(failed.join(QStringLiteral(", ")), words(first->advice));
}

void CheckModel::setResult(std::shared_ptr<const analysis::CheckResult> result) {
  if (result == result_) return;
  beginResetModel();
  result_ = std::move(result);
  endResetModel();
}

void CheckModel::setColours(const QColor& ok, const QColor& warning, const QColor& error, const QColor& info) {
  ok_ = ok, warning_ = warning, error_ = error, info_ = info;
  if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount_ - 1));
}

int CheckModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || !result_ ? 0 : static_cast<int>(result_->report.checks.size() + result_->report.policies.size());
}
int CheckModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columnCount_; }

QVariant CheckModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  if (role == Qt::TextAlignmentRole) {
    return QVariant((index.column() == value ? Qt::AlignRight : index.column() == verdict ? Qt::AlignHCenter : Qt::AlignLeft) | Qt::AlignVCenter);
  }
  const auto row = static_cast<std::size_t>(index.row());
  const analysis::CheckReport& report = result_->report;
  if (row < report.checks.size()) return checkData(report.checks[row], index.column(), role);
  return policyData(report.policies[row - report.checks.size()], index.column(), role);
}

QVariant CheckModel::checkData(const analysis::Check& c, int column, int role) const {
  const bool failed = c.verdict == analysis::Verdict::failed, informative = c.verdict == analysis::Verdict::informative;
  if (role == Qt::ForegroundRole && column != name) return failed ? QVariant(error_) : informative ? QVariant(info_) : column == verdict ? QVariant(ok_) : QVariant();
  if (role == Qt::ToolTipRole) {
    QString tip = QStringLiteral("%1: relative difference %2").arg(words(c.name), number(c.value, 3));
    if (c.tolerance > 0) tip += QStringLiteral(", at most %1 allowed").arg(number(c.tolerance, 2));
    if (!c.culprit.empty()) tip += QStringLiteral("; culprit: %1").arg(words(c.culprit));
    return c.advice.empty() ? tip : tip + QStringLiteral(". ") + words(c.advice);
  }
  if (role != Qt::DisplayRole) return {};
  if (column == verdict) return failed ? QStringLiteral("\u2717") : informative ? QStringLiteral("i") : QStringLiteral("\u2713");
  if (column == name) return c.culprit.empty() ? titleOf(c.name) : QStringLiteral("%1 \u2013 %2").arg(titleOf(c.name), words(c.culprit));
  return c.value == 0 ? QStringLiteral("identical") : number(c.value, 2);
}

QVariant CheckModel::policyData(const analysis::PolicyValue& p, int column, int role) const {
  if (role == Qt::ToolTipRole) return QStringLiteral("Batch norm %1: loss %2, \u03BBmax %3, residual %4").arg(words(p.policy), number(p.loss, 5), number(p.lambdaMax, 5), number(p.residual, 2));
  if (role != Qt::DisplayRole) return {};
  if (column == name) return QStringLiteral("\u03BBmax with BN %1").arg(words(p.policy));
  return column == value ? QVariant(number(p.lambdaMax, 4)) : QVariant();
}

CheckCard::CheckCard(QWidget* parent) : QFrame(parent), model_(new CheckModel(this)) {
  QVBoxLayout* column = makeCard(this);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  row->setContentsMargins(8, 0, 4, 0);
  row->addWidget(new QLabel(QStringLiteral("<b>Self-checks</b>")));
  badge_ = makeBadge(QStringLiteral("Checks that passed, of those that can fail"));
  row->addWidget(badge_);
  row->addStretch(1);
  check_ = new QToolButton;
  check_->setText(QStringLiteral("Check"));
  check_->setProperty("role", QStringLiteral("segment"));
  check_->setObjectName(QStringLiteral("checkRun"));
  check_->setToolTip(QStringLiteral("Whether Hessian products of the chosen run can be trusted: repeatable, symmetric, independent of the batches, and what makes them wrong where not"));
  row->addWidget(check_);
  QTableView* table = makeCardTable(model_);
  table->setSelectionMode(QAbstractItemView::NoSelection);
  table->horizontalHeader()->hide();
  table->verticalHeader()->setDefaultSectionSize(20);
  table->horizontalHeader()->setMinimumSectionSize(20);
  table->horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  table->horizontalHeader()->setSectionResizeMode(CheckModel::name, QHeaderView::Stretch);
  table->setColumnWidth(CheckModel::verdict, 24);
  table->setColumnWidth(CheckModel::value, 88);
  column->addWidget(table, 1);
  row = addCardBar(column, "cardFooter");
  note_ = new ElidedLabel;
  row->addWidget(note_, 1);
  connect(check_, &QToolButton::clicked, this, &CheckCard::checkRequested);
  setResult(nullptr, false);
}

void CheckCard::setResult(std::shared_ptr<const analysis::CheckResult> result, bool measurable) {
  check_->setEnabled(measurable);
  model_->setResult(result);
  if (!result) {
    setBadge(badge_, {});
    note_->setWords(QStringLiteral("not checked yet"));
    return;
  }
  const auto& checks = result->report.checks;
  const auto count = [&](analysis::Verdict v) { return std::ranges::count(checks, v, &analysis::Check::verdict); };
  const auto passed = count(analysis::Verdict::passed), failed = count(analysis::Verdict::failed);
  setBadge(badge_, QStringLiteral("%1 of %2").arg(passed).arg(passed + failed), failed > 0);
  note_->setWords(checkSummary(result->report));
}

}  // namespace ui
