// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/jobs_panel.h"

#include <QAction>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QStackedLayout>
#include <QTableView>
#include <algorithm>

#include "ui/jobs/job_queue.h"

namespace ui {
namespace {

constexpr int kRowHeight = 24, kRunWidth = 124, kStageWidth = 96, kProgressWidth = 88, kMostFigureWidth = 200;
constexpr int kRoomForElapsed = 820, kRoomForRate = 720;
constexpr int kHeaderSlack = 16;  // the theme's bold and padding, which the header does not count in its hint
constexpr JobModel::Column kFigures[] = {JobModel::done, JobModel::rate, JobModel::elapsed, JobModel::left};

bool isOurs(const QKeyEvent& event) {
  if (event.modifiers() & ~Qt::KeypadModifier) return false;
  return event.key() == Qt::Key_Space || event.key() == Qt::Key_Delete || event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter;
}

}  // namespace

JobsPanel::JobsPanel(JobQueue& queue, QWidget* parent)
    : QWidget(parent), queue_(queue), model_(new JobModel(queue, this)), table_(new QTableView), stack_(new QStackedLayout(this)) {
  setUpTable();
  auto* hint = new QLabel(QStringLiteral("Trainings and measurements that you start appear here, with progress and time left."));
  hint->setAlignment(Qt::AlignCenter);
  hint->setForegroundRole(QPalette::PlaceholderText);
  stack_->addWidget(hint);
  stack_->addWidget(table_);
  setUpActions();
  connect(&queue, &JobQueue::stateChanged, this, &JobsPanel::refresh);
  connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &JobsPanel::refresh);
  refresh();
}

QString JobsPanel::title() const {
  QStringList parts;
  for (const JobState state :
       {JobState::running, JobState::paused, JobState::queued, JobState::done, JobState::cancelled, JobState::failed}) {
    if (const int count = queue_.count(state)) parts.append(QStringLiteral("%1 %2").arg(count).arg(stateText(state)));
  }
  return parts.isEmpty() ? QStringLiteral("Jobs") : QStringLiteral("Jobs  ") + parts.join(QStringLiteral(" \u00B7 "));
}

std::int64_t JobsPanel::selected() const {
  return table_->currentIndex().data(JobModel::idRole).toLongLong();
}

bool JobsPanel::eventFilter(QObject* watched, QEvent* event) {
  const bool overrides = event->type() == QEvent::ShortcutOverride;
  if (watched != table_ || (!overrides && event->type() != QEvent::KeyPress)) return QWidget::eventFilter(watched, event);
  const auto& key = *static_cast<QKeyEvent*>(event);
  if (!isOurs(key) || selected() == 0) return QWidget::eventFilter(watched, event);
  if (overrides) {  // a window-wide shortcut on the same key is for when the table has no focus
    event->accept();
  } else if (key.isAutoRepeat()) {
    return true;  // a key held down would cancel a job and then remove it
  } else if (key.key() == Qt::Key_Space) {
    togglePause(selected());
  } else if (key.key() == Qt::Key_Delete) {
    cancelOrRemove(selected());
  } else {
    emit activated(selected());
  }
  return true;
}

void JobsPanel::setUpTable() {
  table_->setModel(model_);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  table_->setTabKeyNavigation(false);
  table_->setShowGrid(false);
  table_->setWordWrap(false);
  table_->setMouseTracking(true);
  table_->setFrameShape(QFrame::NoFrame);
  table_->setIconSize({28, 16});
  table_->setAccessibleName(QStringLiteral("Jobs"));
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  table_->verticalHeader()->setDefaultSectionSize(kRowHeight);
  table_->installEventFilter(this);
  auto* buttons = new JobButtonsDelegate(table_);
  table_->setItemDelegateForColumn(JobModel::state, new JobStateDelegate(table_));
  table_->setItemDelegateForColumn(JobModel::progress, new ProgressDelegate(table_));
  table_->setItemDelegateForColumn(JobModel::buttons, buttons);

  QHeaderView* header = table_->horizontalHeader();
  header->setHighlightSections(false);
  header->setMinimumSectionSize(kRowHeight);
  header->setFixedHeight(kRowHeight);
  header->setSectionResizeMode(JobModel::job, QHeaderView::Stretch);
  for (const int column : {JobModel::state, JobModel::buttons}) header->setSectionResizeMode(column, QHeaderView::Fixed);
  header->resizeSection(JobModel::state, kRowHeight + 4);
  header->resizeSection(JobModel::run, kRunWidth);
  header->resizeSection(JobModel::stage, kStageWidth);
  header->resizeSection(JobModel::progress, kProgressWidth);
  header->resizeSection(JobModel::buttons, buttons->sizeHint({}, {}).width());
  for (const int column : kFigures) header->resizeSection(column, header->sectionSizeHint(column) + kHeaderSlack);
  connect(model_, &QAbstractItemModel::dataChanged, this, [this, header] {
    const QAbstractItemView& view = *table_;
    for (const int column : kFigures) {  // they only grow: nothing trembles while figures change
      const int needed = std::min(view.sizeHintForColumn(column), kMostFigureWidth);
      if (needed > header->sectionSize(column)) header->resizeSection(column, needed);
    }
  });
  connect(buttons, &JobButtonsDelegate::pressed, this, [this](JobButtonsDelegate::Button button, qint64 id) {
    button == JobButtonsDelegate::pause ? togglePause(id) : cancelOrRemove(id);
  });
  connect(table_, &QTableView::clicked, this, [this](const QModelIndex& index) {
    if (index.column() != JobModel::buttons) emit activated(index.data(JobModel::idRole).toLongLong());
  });
}

/// What can be spared goes first where there is little room.
void JobsPanel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  table_->setColumnHidden(JobModel::elapsed, width() < kRoomForElapsed);
  table_->setColumnHidden(JobModel::rate, width() < kRoomForRate);
}

void JobsPanel::setUpActions() {
  pause_ = new QAction(this);
  cancel_ = new QAction(this);
  clear_ = new QAction(QStringLiteral("Remove everything that is over"), this);
  table_->addActions({pause_, cancel_, clear_});
  table_->setContextMenuPolicy(Qt::ActionsContextMenu);
  connect(pause_, &QAction::triggered, this, [this] { togglePause(selected()); });
  connect(cancel_, &QAction::triggered, this, [this] { cancelOrRemove(selected()); });
  connect(clear_, &QAction::triggered, this, [this] {
    for (const JobInfo& info : queue_.jobs()) queue_.remove(info.id);
  });
}

void JobsPanel::refresh() {
  stack_->setCurrentIndex(model_->rowCount() == 0 ? 0 : 1);
  const QModelIndex index = table_->currentIndex();
  for (const auto& [action, button] : {std::pair(pause_, JobButtonsDelegate::pause), std::pair(cancel_, JobButtonsDelegate::cancel)}) {
    const QString name = JobButtonsDelegate::name(button, index);
    action->setEnabled(JobButtonsDelegate::offers(button, index));
    action->setToolTip(name);
    action->setText(name.section(QStringLiteral(" ("), 0, 0) +
                    (button == JobButtonsDelegate::pause ? QStringLiteral("\tSpace") : QStringLiteral("\tDel")));
  }
  clear_->setEnabled(queue_.count(JobState::done) + queue_.count(JobState::cancelled) + queue_.count(JobState::failed) > 0);
  emit titleChanged(title());
}

void JobsPanel::togglePause(std::int64_t id) {
  if (const auto info = queue_.job(id)) queue_.setPaused(id, info->state != JobState::paused);
}

void JobsPanel::cancelOrRemove(std::int64_t id) {
  const auto info = queue_.job(id);
  if (!info) return;
  isOver(info->state) ? queue_.remove(id) : queue_.cancel(id);
}

}  // namespace ui
