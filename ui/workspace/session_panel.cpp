// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/session_panel.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>
#include <algorithm>
#include <functional>

#include "ui/models/session_tree_model.h"
#include "ui/pages/measure_fields.h"

namespace ui {
namespace {

/// More runs than this in a group are not opened by themselves.
constexpr int kFewRuns = 6;

/// Rows that are open unless they were closed: a run and its results, not its checkpoints.
bool opensByItself(const QModelIndex& index) {
  switch (index.data(SessionTreeModel::nodeRole).toInt()) {
    case SessionTreeModel::group: return index.model()->rowCount(index) <= kFewRuns;
    case SessionTreeModel::run: return !index.parent().isValid();
    case SessionTreeModel::results: return true;
    default: return false;
  }
}

}  // namespace

SessionPanel::SessionPanel(Session& session, const RunLooks& looks, const Theme& theme, QWidget* parent)
    : QWidget(parent), session_(session), looks_(looks), theme_(theme) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(makeHeader());
  column->addWidget(makeTree(), 1);
  column->addWidget(makeDetails());
  connect(&session_, &Session::runChanged, this, [this](const QString& folder) {
    if (folder.toStdString() == session_.selectedFolder()) showDetails();
  });
  connect(&session_, &Session::selectionChanged, this, &SessionPanel::showSelection);
  connect(&theme_, &Theme::changed, this, [this] {
    refreshIcons();
    showDetails();
  });
  refreshIcons();
  expandAsBefore();
}

QWidget* SessionPanel::makeHeader() {
  auto* header = new QWidget;
  auto* column = new QVBoxLayout(header);
  column->setContentsMargins(8, 4, 8, 8);
  column->setSpacing(4);
  auto* row = new QHBoxLayout;
  row->addWidget(new QLabel(QStringLiteral("<b>Session</b>")));
  row->addStretch(1);
  add_ = new QToolButton;
  add_->setToolTip(QStringLiteral("New run: opens the form on the Train page (Ctrl+N)"));
  open_ = new QToolButton;
  open_->setToolTip(QStringLiteral("Open a run folder (Ctrl+O), or drop one anywhere on the window"));
  add_->setAccessibleName(QStringLiteral("New run"));
  open_->setAccessibleName(QStringLiteral("Open a run"));
  connect(add_, &QToolButton::clicked, this, &SessionPanel::newRunRequested);
  connect(open_, &QToolButton::clicked, this, &SessionPanel::openRequested);
  row->addWidget(add_);
  row->addWidget(open_);
  column->addLayout(row);
  filter_ = new QLineEdit;
  filter_->setPlaceholderText(QStringLiteral("Filter runs and results"));
  filter_->setClearButtonEnabled(true);
  filter_->setAccessibleName(filter_->placeholderText());
  filter_->setToolTip(QStringLiteral("Lists what has these words in its name, and the runs they belong to"));
  column->addWidget(filter_);
  return header;
}

QWidget* SessionPanel::makeTree() {
  model_ = new SessionTreeModel(session_, looks_, theme_, this);
  proxy_ = new QSortFilterProxyModel(this);
  proxy_->setSourceModel(model_);
  proxy_->setFilterCaseSensitivity(Qt::CaseInsensitive);
  proxy_->setRecursiveFilteringEnabled(true);
  proxy_->setAutoAcceptChildRows(true);
  tree_ = new QTreeView;
  tree_->setModel(proxy_);
  tree_->setAccessibleName(QStringLiteral("Runs of the session"));
  tree_->setFrameShape(QFrame::NoFrame);
  tree_->setIconSize({28, 16});
  tree_->setIndentation(12);
  tree_->setUniformRowHeights(true);
  tree_->setContextMenuPolicy(Qt::CustomContextMenu);
  tree_->setEditTriggers(QAbstractItemView::EditKeyPressed);
  tree_->setDragDropMode(QAbstractItemView::DragDrop);
  tree_->setDefaultDropAction(Qt::MoveAction);
  tree_->header()->setStretchLastSection(false);
  tree_->header()->setMinimumSectionSize(24);
  tree_->header()->setSectionResizeMode(SessionTreeModel::name, QHeaderView::Stretch);
  tree_->header()->setSectionResizeMode(SessionTreeModel::figure, QHeaderView::ResizeToContents);
  tree_->header()->setSectionResizeMode(SessionTreeModel::eye, QHeaderView::Fixed);
  tree_->header()->resizeSection(SessionTreeModel::eye, 32);
  connect(filter_, &QLineEdit::textChanged, proxy_, &QSortFilterProxyModel::setFilterFixedString);
  connect(filter_, &QLineEdit::textChanged, this, &SessionPanel::expandAsBefore);
  connect(model_, &SessionTreeModel::rebuilt, this, &SessionPanel::expandAsBefore);
  connect(tree_, &QTreeView::expanded, this, [this](const QModelIndex& index) { noteExpansion(index, true); });
  connect(tree_, &QTreeView::collapsed, this, [this](const QModelIndex& index) { noteExpansion(index, false); });
  connect(tree_, &QTreeView::customContextMenuRequested, this, [this](const QPoint& at) {
    if (QMenu* menu = menuFor(tree_->indexAt(at)); menu != nullptr) {
      menu->setAttribute(Qt::WA_DeleteOnClose);
      menu->popup(tree_->viewport()->mapToGlobal(at));
    }
  });
  connect(tree_->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& index) {
    const std::string folder = index.siblingAtColumn(0).data(SessionTreeModel::folderRole).toString().toStdString();
    if (!folder.empty()) session_.select(folder);
  });
  connect(tree_, &QTreeView::clicked, this, [this](const QModelIndex& index) {
    if (index.column() == SessionTreeModel::eye) model_->toggleVisible(proxy_->mapToSource(index));
    else activate(index);
  });
  connect(tree_, &QTreeView::activated, this, &SessionPanel::activate);
  return tree_;
}

void SessionPanel::expandAsBefore() {
  expanding_ = true;
  const std::function<void(const QModelIndex&)> expand = [&](const QModelIndex& parent) {
    for (int i = 0; i < proxy_->rowCount(parent); ++i) {
      const QModelIndex index = proxy_->index(i, 0, parent);
      const QString key = index.data(SessionTreeModel::keyRole).toString();
      const bool open = opened_.contains(key) || (opensByItself(index) && !closed_.contains(key)) || (!filter_->text().isEmpty() && proxy_->hasChildren(index));
      tree_->setExpanded(index, open);
      expand(index);
    }
  };
  expand({});
  expanding_ = false;
  showSelection();
}

void SessionPanel::noteExpansion(const QModelIndex& index, bool open) {
  if (expanding_) return;
  const QString key = index.data(SessionTreeModel::keyRole).toString();
  (open ? opened_ : closed_).insert(key);
  (open ? closed_ : opened_).remove(key);
}

void SessionPanel::activate(const QModelIndex& index) {
  const QModelIndex first = index.siblingAtColumn(0);
  const std::string folder = first.data(SessionTreeModel::folderRole).toString().toStdString();
  const int node = first.data(SessionTreeModel::nodeRole).toInt();
  if (node == SessionTreeModel::more) QTimer::singleShot(0, this, [this, folder] { model_->unfoldCheckpoints(folder); });
  if (node != SessionTreeModel::result) return;
  const std::string file = first.data(SessionTreeModel::fileRole).toString().toStdString();
  const QString kind = first.data(SessionTreeModel::kindRole).toString();
  // Behind the click: the rows may be made again.
  QTimer::singleShot(0, this, [this, folder, file, kind] {
    bool shown = false;
    session_.update(folder, [&](SessionRun& run) {
      const auto found = std::ranges::find(run.results, file, &SessionResult::file);
      shown = found != run.results.end() && found->value.index() != 0;
      if (shown) run.show(SessionResult(*found));
    });
    if (shown) emit resultActivated(folder, kind);
  });
}

QWidget* SessionPanel::makeDetails() {
  auto* box = new QFrame;
  box->setProperty("role", QStringLiteral("details"));
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(12, 8, 12, 12);
  auto* title = new QHBoxLayout;
  swatch_ = new QLabel;
  name_ = new QLabel;
  title->addWidget(swatch_);
  title->addWidget(name_, 1);
  column->addLayout(title);
  details_ = newForm();
  details_->setVerticalSpacing(2);
  column->addLayout(details_);
  message_ = problemLabel();
  column->addWidget(message_);
  locate_ = new QPushButton(QStringLiteral("Locate\u2026"));
  locate_->setObjectName(QStringLiteral("locateRun"));
  locate_->setToolTip(QStringLiteral("Says where the run's folder is now; name, look and group stay"));
  connect(locate_, &QPushButton::clicked, this, [this] { emit locateRequested(session_.selectedFolder()); });
  column->addWidget(locate_, 0, Qt::AlignLeft);
  return box;
}

void SessionPanel::refreshIcons() {
  add_->setIcon(theme_.icon(QStringLiteral("plus")));
  open_->setIcon(theme_.icon(QStringLiteral("folder")));
}

void SessionPanel::showSelection() {
  const SessionRun* run = session_.selected();
  if (run != nullptr) {
    const QModelIndex current = tree_->currentIndex().siblingAtColumn(0);
    const QModelIndex index = proxy_->mapFromSource(model_->indexOf(run->folder));
    if (index.isValid() && current.data(SessionTreeModel::folderRole).toString().toStdString() != run->folder) tree_->setCurrentIndex(index);
  }
  showDetails();
}

void SessionPanel::showDetails() {
  const SessionRun* run = session_.selected();
  swatch_->setVisible(run != nullptr);
  name_->setText(run == nullptr ? QStringLiteral("No run is selected") : QStringLiteral("<b>%1</b>").arg(run->name.toHtmlEscaped()));
  showProblem(message_, run != nullptr ? run->message : QString());
  locate_->setVisible(run != nullptr && run->state == RunState::missing);
  if (run != nullptr) swatch_->setPixmap(looks_.swatch(*run));
  const RunDetails wanted = run == nullptr || run->spec.data.empty() ? RunDetails{} : runDetails(*run);
  // Ten times a second while it trains: only what differs is touched.
  const bool same = std::ranges::equal(wanted, shownDetails_, {}, &RunDetails::value_type::first, &RunDetails::value_type::first);
  if (!same) {
    while (details_->rowCount() > 0) details_->removeRow(0);
    for (const auto& [name, value] : wanted) {
      auto* label = new QLabel;
      label->setTextInteractionFlags(Qt::TextSelectableByMouse);
      details_->addRow(name, label);
    }
  }
  for (int i = 0; i < static_cast<int>(wanted.size()); ++i) {
    auto* label = static_cast<QLabel*>(details_->itemAt(i, QFormLayout::FieldRole)->widget());
    const QString& value = wanted[static_cast<std::size_t>(i)].second;
    if (label->text() == value) continue;
    label->setText(value);
    label->setToolTip(value);
  }
  shownDetails_ = wanted;
}

}  // namespace ui
