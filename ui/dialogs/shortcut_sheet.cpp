// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/shortcut_sheet.h"

#include <QAction>
#include <QDialog>
#include <QHeaderView>
#include <QLineEdit>
#include <QMainWindow>
#include <QMap>
#include <QMenu>
#include <QMenuBar>
#include <QShortcut>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTextDocumentFragment>
#include <QTreeView>
#include <QVBoxLayout>
#include <algorithm>

namespace ui {
namespace {

QString plain(QString words) {
  words.remove(QLatin1Char('&'));
  return words.remove(QStringLiteral("\u2026"));
}

QString groupOf(const QAction* action) {
  for (const QObject* at : action->associatedObjects())
    if (const auto* menu = qobject_cast<const QMenu*>(at); menu != nullptr && !menu->title().isEmpty()) return plain(menu->title());
  for (const QObject* at = action->parent(); at != nullptr; at = at->parent())
    if (const auto* widget = qobject_cast<const QWidget*>(at)) {
      if (!widget->accessibleName().isEmpty()) return widget->accessibleName();
      if (!widget->objectName().isEmpty() && !widget->isWindow()) return widget->objectName();
    }
  return QStringLiteral("Window");
}

}  // namespace

std::vector<ShortcutEntry> shortcutsOf(const QWidget& window) {
  std::vector<ShortcutEntry> entries;
  for (const QAction* action : window.findChildren<QAction*>())
    for (const QKeySequence& keys : action->shortcuts())
      if (!keys.isEmpty() && action->isVisible())
        entries.push_back({.group = groupOf(action), .words = plain(action->text()), .toolTip = QTextDocumentFragment::fromHtml(action->toolTip()).toPlainText(), .keys = keys});
  for (const QShortcut* shortcut : window.findChildren<QShortcut*>())
    entries.push_back({.group = QStringLiteral("Window"), .words = shortcut->objectName(), .toolTip = shortcut->whatsThis(), .keys = shortcut->key()});
  const QStringList menus{QStringLiteral("File"), QStringLiteral("Edit"), QStringLiteral("View"), QStringLiteral("Run"), QStringLiteral("Analysis"), QStringLiteral("Window"), QStringLiteral("Help")};
  std::ranges::stable_sort(entries, {}, [&](const ShortcutEntry& e) {
    const auto at = menus.indexOf(e.group);
    return std::pair(at < 0 ? menus.size() : at, at < 0 ? e.group : QString());
  });
  return entries;
}

QDialog* showShortcuts(QMainWindow& window) {
  if (auto* open = window.findChild<QDialog*>(QStringLiteral("shortcutSheet"))) {
    open->raise();
    open->activateWindow();
    return open;
  }
  auto* dialog = new QDialog(&window);
  dialog->setObjectName(QStringLiteral("shortcutSheet"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(QStringLiteral("Keyboard shortcuts"));
  dialog->resize(560, 620);
  auto* column = new QVBoxLayout(dialog);
  auto* search = new QLineEdit;
  search->setPlaceholderText(QStringLiteral("Search keys and what they do"));
  search->setAccessibleName(search->placeholderText());
  search->setToolTip(QStringLiteral("Words of the action, of its menu, or the key"));
  search->setClearButtonEnabled(true);
  auto* model = new QStandardItemModel(0, 3, dialog);
  model->setHorizontalHeaderLabels({QStringLiteral("Where"), QStringLiteral("What"), QStringLiteral("Key")});
  for (const ShortcutEntry& entry : shortcutsOf(window)) {
    QList<QStandardItem*> row{new QStandardItem(entry.group), new QStandardItem(entry.words), new QStandardItem(entry.keys.toString(QKeySequence::NativeText))};
    for (QStandardItem* item : row) {
      item->setEditable(false);
      item->setToolTip(entry.toolTip);
    }
    model->appendRow(row);
  }
  auto* proxy = new QSortFilterProxyModel(dialog);
  proxy->setSourceModel(model);
  proxy->setFilterKeyColumn(-1);
  proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
  auto* list = new QTreeView;
  list->setModel(proxy);
  list->setRootIsDecorated(false);
  list->setAccessibleName(QStringLiteral("Keyboard shortcuts"));
  list->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
  list->header()->setSectionResizeMode(1, QHeaderView::Stretch);
  list->header()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
  list->header()->setStretchLastSection(false);
  column->addWidget(search);
  column->addWidget(list, 1);
  QObject::connect(search, &QLineEdit::textChanged, proxy, &QSortFilterProxyModel::setFilterFixedString);
  dialog->show();
  return dialog;
}

}  // namespace ui
