// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job_model.h"

#include <QFont>
#include <QLocale>
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/jobs/job_queue.h"

namespace ui {
namespace {

/// Begun, waiting, over.
int groupOf(const JobInfo& info) {
  if (isOver(info.state)) return 2;
  return info.state == JobState::queued || !info.started ? 1 : 0;
}

double percentOf(const JobInfo& info) {
  if (info.state == JobState::done) return 100;
  if (info.progress.total <= 0) return -1;
  return std::clamp(100.0 * static_cast<double>(info.progress.done) / static_cast<double>(info.progress.total), 0.0, 100.0);
}

QString grouped(std::int64_t count) {
  return QLocale(QLocale::English).toString(static_cast<qlonglong>(count));
}

QString stageText(const JobInfo& info) {
  if (info.state == JobState::failed) return info.message;
  if (isOver(info.state)) return stateText(info.state);
  if (info.stopping) return QStringLiteral("stopping");
  const QString stage = QString::fromStdString(info.progress.stage);
  if (info.state == JobState::running) return stage;
  return stage.isEmpty() ? stateText(info.state) : QStringLiteral("%1, %2").arg(stateText(info.state), stage);
}

QString textOf(const JobInfo& info, int column) {
  switch (column) {
    case JobModel::job:
      return info.spec.title;
    case JobModel::stage:
      return stageText(info);
    case JobModel::done:
      return doneText(info.progress);
    case JobModel::rate:
      return rateText(info.rate, info.progress.unit);
    case JobModel::elapsed:
      return info.started ? durationText(info.elapsedSeconds) : QString();
    case JobModel::left:
      return durationText(info.secondsLeft);
    default:
      return {};
  }
}

QFont bold() {
  QFont font;
  font.setBold(true);
  return font;
}

QString accessibleText(const JobInfo& info, int column) {
  if (column == JobModel::state) return stateText(info.state);
  const double percent = percentOf(info);
  if (column == JobModel::progress && percent >= 0) return QStringLiteral("%1 %").arg(std::floor(percent));
  return textOf(info, column);
}

}  // namespace

JobModel::JobModel(JobQueue& queue, QObject* parent) : QAbstractTableModel(parent), queue_(queue) {
  for (const JobInfo& info : queue.jobs()) rows_.insert(rows_.begin() + placeOf(info), info);
  connect(&queue, &JobQueue::added, this, &JobModel::insert);
  connect(&queue, &JobQueue::changed, this, &JobModel::update);
  connect(&queue, &JobQueue::removed, this, &JobModel::remove);
}

void JobModel::setRunLabel(std::function<std::pair<QString, QIcon>(const QString& run)> label) {
  runLabel_ = std::move(label);
  refreshLabels();
}

void JobModel::setIcons(std::function<QIcon(JobState)> icons) {
  icons_ = std::move(icons);
  refreshLabels();
}

void JobModel::refreshLabels() {
  if (!rows_.empty()) emit dataChanged(index(0, state), index(rowCount() - 1, run));
}

int JobModel::rowOf(std::int64_t id) const {
  const auto at = std::ranges::find(rows_, id, &JobInfo::id);
  return at == rows_.end() ? -1 : static_cast<int>(at - rows_.begin());
}

const JobInfo* JobModel::at(const QModelIndex& index) const {
  return index.isValid() && index.row() < rowCount() ? &rows_[static_cast<std::size_t>(index.row())] : nullptr;
}

int JobModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}
int JobModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : columnCount_;
}

QVariant JobModel::data(const QModelIndex& index, int role) const {
  const JobInfo* info = at(index);
  if (!info) return {};
  const int column = index.column();
  switch (role) {
    case idRole:
      return QVariant::fromValue<qint64>(info->id);
    case stateRole:
      return static_cast<int>(info->state);
    case percentRole:
      return percentOf(*info);
    case stoppingRole:
      return info->stopping;
    case Qt::DisplayRole:
      if (column == run) return runLabel_ ? runLabel_(info->spec.run).first : info->spec.run;
      return textOf(*info, column);
    case Qt::DecorationRole:
      return decoration(*info, column);
    case Qt::AccessibleTextRole:
      return column == run ? data(index, Qt::DisplayRole) : accessibleText(*info, column);
    case Qt::ToolTipRole:
      if (info->state == JobState::failed) return info->message;
      return column == state || column == progress ? accessibleText(*info, column) : data(index, Qt::DisplayRole);
    case Qt::FontRole:
      return column == left ? QVariant(bold()) : QVariant();
    case Qt::TextAlignmentRole:
      return QVariant((column >= done && column <= left ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
      return {};
  }
}

QVariant JobModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount_) return {};
  static constexpr std::array<const char*, columnCount_> names = {"",     "Job",  "Run",     "Stage", "Progress",
                                                                  "Done", "Rate", "Elapsed", "Left",  ""};
  static constexpr std::array<const char*, columnCount_> tips = {"State",
                                                                 "",
                                                                 "The run it works on",
                                                                 "",
                                                                 "",
                                                                 "Of how many",
                                                                 "Average since the start; the last half minute counts most",
                                                                 "Without pauses",
                                                                 "At the present rate",
                                                                 ""};
  const auto at = static_cast<std::size_t>(section);
  if (role == Qt::DisplayRole) return QString::fromUtf8(names[at]);
  if (role == Qt::ToolTipRole) return QString::fromUtf8(tips[at]);
  if (role == Qt::TextAlignmentRole)
    return QVariant((section >= done && section <= left ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
  return {};
}

void JobModel::insert(std::int64_t id) {
  const auto info = queue_.job(id);
  if (!info || rowOf(id) >= 0) return;
  const int row = placeOf(*info);
  beginInsertRows({}, row, row);
  rows_.insert(rows_.begin() + row, *info);
  endInsertRows();
}

void JobModel::update(std::int64_t id) {
  const auto info = queue_.job(id);
  int row = rowOf(id);
  if (!info || row < 0) return;
  if (groupOf(*info) != groupOf(rows_[static_cast<std::size_t>(row)])) {
    const int place = placeOf(*info);  // counts the others only
    if (place != row) {
      beginMoveRows({}, row, row, {}, place > row ? place + 1 : place);  // Qt names the row it comes to lie before
      const auto from = rows_.begin() + row, to = rows_.begin() + place;
      place > row ? std::rotate(from, from + 1, to + 1) : std::rotate(to, from, from + 1);
      endMoveRows();
      row = place;
    }
  }
  rows_[static_cast<std::size_t>(row)] = *info;
  emit dataChanged(index(row, 0), index(row, columnCount_ - 1));
}

void JobModel::remove(std::int64_t id) {
  const int row = rowOf(id);
  if (row < 0) return;
  beginRemoveRows({}, row, row);
  rows_.erase(rows_.begin() + row);
  endRemoveRows();
}

/// The row it belongs to among the others.
int JobModel::placeOf(const JobInfo& info) const {
  const int group = groupOf(info);
  return static_cast<int>(std::ranges::count_if(rows_, [&](const JobInfo& other) {
    if (other.id == info.id) return false;
    const int otherGroup = groupOf(other);
    return otherGroup < group || (otherGroup == group && group != 2 && other.id < info.id);
  }));
}

QVariant JobModel::decoration(const JobInfo& info, int column) const {
  if (column == state && icons_) return icons_(info.state);
  if (column == run && runLabel_) return runLabel_(info.spec.run).second;
  return {};
}

QString durationText(double seconds) {
  if (seconds < 0) return {};
  const auto whole = static_cast<qlonglong>(std::llround(seconds));
  const auto two = [](qlonglong n) { return QStringLiteral("%1").arg(n, 2, 10, QLatin1Char('0')); };
  if (whole < 3600) return QStringLiteral("%1:%2").arg(whole / 60).arg(two(whole % 60));
  return QStringLiteral("%1:%2:%3").arg(whole / 3600).arg(two(whole / 60 % 60), two(whole % 60));
}

QString rateText(double rate, const std::string& unit) {
  if (rate <= 0) return {};
  const QString number =
      rate >= 9.95 ? grouped(std::llround(rate)) : (rate >= 0.995 ? QString::number(rate, 'f', 1) : QString::number(rate, 'g', 2));
  return unit.empty() ? number + QStringLiteral("/s") : QStringLiteral("%1 %2/s").arg(number, QString::fromStdString(unit));
}

QString doneText(const trainer::Progress& progress) {
  if (progress.total > 0) return QStringLiteral("%1 / %2").arg(grouped(progress.done), grouped(progress.total));
  return progress.done > 0 ? grouped(progress.done) : QString();
}

QString stateText(JobState state) {
  switch (state) {
    case JobState::queued:
      return QStringLiteral("queued");
    case JobState::running:
      return QStringLiteral("running");
    case JobState::paused:
      return QStringLiteral("paused");
    case JobState::done:
      return QStringLiteral("done");
    case JobState::cancelled:
      return QStringLiteral("cancelled");
    default:
      return QStringLiteral("failed");
  }
}

}  // namespace ui
