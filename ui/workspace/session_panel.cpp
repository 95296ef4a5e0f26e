// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/session_panel.h"

#include <QDragEnterEvent>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QSignalBlocker>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QToolButton>
#include <QTreeView>
#include <QUrl>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/pages/measure_fields.h"
#include "ui/pages/train_curves.h"
#include "ui/scenes/height_scale.h"

namespace ui {
namespace {

enum Role { folderRole = Qt::UserRole + 1, kindRole };

QString number(double v, int digits = 4) { return QString::fromStdString(numberText(v, digits)); }

QString figureOf(const SessionRun& run) {
  if (run.state == RunState::training && run.totalSteps > 0) return QStringLiteral("%1 %").arg(100 * run.record.steps / run.totalSteps);
  if (const auto lambda = lastLambdaMax(run)) return number(*lambda);
  return stateText(run.state);
}

QList<QStandardItem*> resultRow(const QString& name, const QString& figure, const QString& kind, const SessionRun& run) {
  QList<QStandardItem*> row{new QStandardItem(name), new QStandardItem(figure)};
  for (QStandardItem* item : row) {
    item->setData(QString::fromStdString(run.folder), folderRole);
    item->setData(kind, kindRole);
    item->setEditable(false);
  }
  row[1]->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
  return row;
}

QString sizeText(const analysis::SurfaceGrid& grid) {
  return grid.slice ? grouped(grid.columns()) : QStringLiteral("%1 \u00D7 %2").arg(grid.columns()).arg(grid.rows());
}

/// What the tree shows below a run; equal lists need no rebuilding.
QList<QList<QStandardItem*>> resultRows(const SessionRun& run) {
  QList<QList<QStandardItem*>> rows;
  if (run.parts.newest) rows += resultRow(QStringLiteral("spectrum"), QStringLiteral("step %1").arg(grouped(run.parts.newest->spectrum.step)), QStringLiteral("spectrum"), run);
  if (run.sharpness) rows += resultRow(QStringLiteral("sharpness"), QStringLiteral("step %1").arg(grouped(run.sharpness->sharpness.step)), QStringLiteral("sharpness"), run);
  if (run.invariance) rows += resultRow(QStringLiteral("invariance"), QStringLiteral("step %1").arg(grouped(run.invariance->invariance.step)), QStringLiteral("invariance"), run);
  if (run.surface) rows += resultRow(QStringLiteral("surface"), sizeText(run.surface->grid), QStringLiteral("surface"), run);
  if (run.slice) rows += resultRow(QStringLiteral("slice"), sizeText(run.slice->grid), QStringLiteral("slice"), run);
  return rows;
}

}  // namespace

SessionPanel::SessionPanel(Session& session, const RunLooks& looks, const Theme& theme, QWidget* parent)
    : QWidget(parent), session_(session), looks_(looks), theme_(theme) {
  setAcceptDrops(true);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(makeHeader());
  column->addWidget(makeTree(), 1);
  column->addWidget(makeDetails());
  connect(&session_, &Session::listChanged, this, &SessionPanel::rebuild);
  connect(&session_, &Session::runChanged, this, &SessionPanel::refreshRun);
  connect(&session_, &Session::selectionChanged, this, &SessionPanel::showSelection);
  connect(&theme_, &Theme::changed, this, [this] {
    refreshIcons();
    rebuild();
  });
  refreshIcons();
  rebuild();
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
  open_->setToolTip(QStringLiteral("Open a run folder (Ctrl+O), or drop one here"));
  connect(add_, &QToolButton::clicked, this, &SessionPanel::newRunRequested);
  connect(open_, &QToolButton::clicked, this, &SessionPanel::openRequested);
  row->addWidget(add_);
  row->addWidget(open_);
  column->addLayout(row);
  filter_ = new QLineEdit;
  filter_->setPlaceholderText(QStringLiteral("Filter runs and results"));
  filter_->setClearButtonEnabled(true);
  column->addWidget(filter_);
  return header;
}

QWidget* SessionPanel::makeTree() {
  model_ = new QStandardItemModel(0, 2, this);
  model_->setHorizontalHeaderLabels({QStringLiteral("Run"), QStringLiteral("\u03BBmax")});
  proxy_ = new QSortFilterProxyModel(this);
  proxy_->setSourceModel(model_);
  proxy_->setFilterCaseSensitivity(Qt::CaseInsensitive);
  proxy_->setRecursiveFilteringEnabled(true);
  proxy_->setAutoAcceptChildRows(true);
  tree_ = new QTreeView;
  tree_->setModel(proxy_);
  tree_->setFrameShape(QFrame::NoFrame);
  tree_->setIconSize({28, 16});
  tree_->setUniformRowHeights(true);
  tree_->setContextMenuPolicy(Qt::CustomContextMenu);
  tree_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  tree_->header()->setStretchLastSection(false);
  tree_->header()->setMinimumSectionSize(56);
  tree_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
  tree_->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
  connect(filter_, &QLineEdit::textChanged, proxy_, &QSortFilterProxyModel::setFilterFixedString);
  connect(tree_, &QTreeView::customContextMenuRequested, this, &SessionPanel::showMenu);
  connect(tree_->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& index) {
    if (index.isValid()) session_.select(index.siblingAtColumn(0).data(folderRole).toString().toStdString());
  });
  connect(tree_, &QTreeView::activated, this, [this](const QModelIndex& index) {
    const QModelIndex first = index.siblingAtColumn(0);
    if (const QString kind = first.data(kindRole).toString(); !kind.isEmpty()) emit resultActivated(first.data(folderRole).toString().toStdString(), kind);
  });
  return tree_;
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
  return box;
}

void SessionPanel::refreshIcons() {
  add_->setIcon(theme_.icon(QStringLiteral("plus")));
  open_->setIcon(theme_.icon(QStringLiteral("folder")));
}

QStandardItem* SessionPanel::itemOf(const std::string& folder) const {
  for (int i = 0; i < model_->rowCount(); ++i)
    if (model_->item(i)->data(folderRole).toString().toStdString() == folder) return model_->item(i);
  return nullptr;
}

void SessionPanel::rebuild() {
  const QSignalBlocker quiet(tree_->selectionModel());
  model_->removeRows(0, model_->rowCount());
  for (const SessionRun& run : session_.runs()) {
    auto* name = new QStandardItem;
    auto* figure = new QStandardItem;
    name->setEditable(false);
    figure->setEditable(false);
    model_->appendRow({name, figure});
    fill(name, figure, run);
  }
  tree_->expandAll();
  showSelection();
}

void SessionPanel::fill(QStandardItem* name, QStandardItem* figure, const SessionRun& run) {
  name->setText(run.name);
  name->setIcon(QIcon(looks_.swatch(run)));
  name->setData(QString::fromStdString(run.folder), folderRole);
  name->setToolTip(QString::fromStdString(run.folder));
  figure->setText(figureOf(run));
  figure->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
  const auto rows = resultRows(run);
  bool same = rows.size() == name->rowCount();
  for (int i = 0; same && i < rows.size(); ++i) same = name->child(i, 0)->text() == rows[i][0]->text() && name->child(i, 1)->text() == rows[i][1]->text();
  if (same) {
    for (const auto& row : rows) qDeleteAll(row);
    return;
  }
  name->removeRows(0, name->rowCount());
  for (const auto& row : rows) name->appendRow(row);
  tree_->expand(proxy_->mapFromSource(name->index()));
}

void SessionPanel::refreshRun(const QString& folder) {
  const SessionRun* run = session_.find(folder.toStdString());
  QStandardItem* item = itemOf(folder.toStdString());
  if (run == nullptr || item == nullptr) return;
  fill(item, model_->item(item->row(), 1), *run);
  if (run == session_.selected()) showDetails();
}

void SessionPanel::showSelection() {
  const SessionRun* run = session_.selected();
  if (run != nullptr) {
    const QModelIndex current = tree_->currentIndex().siblingAtColumn(0);
    const QStandardItem* item = itemOf(run->folder);
    if (item != nullptr && current.data(folderRole).toString().toStdString() != run->folder) tree_->setCurrentIndex(proxy_->mapFromSource(item->index()));
  }
  showDetails();
}

void SessionPanel::showDetails() {
  const SessionRun* run = session_.selected();
  swatch_->setVisible(run != nullptr);
  name_->setText(run == nullptr ? QStringLiteral("No run is selected") : QStringLiteral("<b>%1</b>").arg(run->name.toHtmlEscaped()));
  showProblem(message_, run != nullptr ? run->message : QString());
  if (run != nullptr) swatch_->setPixmap(looks_.swatch(*run));
  const RunDetails wanted = run == nullptr ? RunDetails{} : runDetails(*run);
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

void SessionPanel::showMenu(const QPoint& at) {
  const std::string folder = tree_->indexAt(at).siblingAtColumn(0).data(folderRole).toString().toStdString();
  const SessionRun* run = session_.find(folder);
  if (run == nullptr) return;
  QMenu menu(this);
  QAction* take = menu.addAction(QStringLiteral("Take away from the session"), this, [this, folder] { emit removeRequested(folder); });
  take->setEnabled(run->state != RunState::training && run->state != RunState::waiting);
  take->setToolTip(QStringLiteral("The folder stays where it is"));
  menu.exec(tree_->viewport()->mapToGlobal(at));
}

void SessionPanel::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void SessionPanel::dropEvent(QDropEvent* event) {
  for (const QUrl& url : event->mimeData()->urls()) emit opened(url.toLocalFile());
}

}  // namespace ui
