// SPDX-License-Identifier: GPL-3.0-or-later
// Every control of the real window says what it is: a tool tip, a name for a screen reader, a place in the order of Tab, a key that is its own.
#include <gtest/gtest.h>

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>
#include <QTextEdit>
#include <map>
#include <set>

#include "tests/ui/window_fixture.h"

namespace ui {
namespace {

/// What a person works with; not the parts that Qt makes inside them.
bool isControl(const QWidget* w) {
  if (w->objectName().startsWith(QLatin1String("qt_")) || qobject_cast<const QScrollBar*>(w)) return false;
  if (const QWidget* parent = w->parentWidget())
    if (qobject_cast<const QAbstractSpinBox*>(parent) || qobject_cast<const QComboBox*>(parent) || parent->inherits("QComboBoxPrivateContainer") || parent->inherits("QDockWidget") ||
        parent->inherits("QTabBar") || parent->inherits("QHeaderView") || parent->inherits("QTableView") || parent->inherits("QLineEdit") || parent->inherits("QMenuBar"))
      return false;
  return qobject_cast<const QAbstractButton*>(w) || qobject_cast<const QAbstractSpinBox*>(w) || qobject_cast<const QComboBox*>(w) || qobject_cast<const QLineEdit*>(w) ||
         qobject_cast<const QAbstractSlider*>(w);
}

/// Its path in the window, for a message that leads to it.
std::string whereIs(const QWidget* w) {
  QString path = QString::fromLatin1(w->metaObject()->className());
  if (!w->objectName().isEmpty()) path += QLatin1Char('#') + w->objectName();
  if (const auto* button = qobject_cast<const QAbstractButton*>(w); button && !button->text().isEmpty()) path += QStringLiteral(" '%1'").arg(button->text());
  for (const QWidget* p = w->parentWidget(); p != nullptr; p = p->parentWidget()) {
    const QString name = QString::fromLatin1(p->metaObject()->className());
    if (name.startsWith(QLatin1String("ui::"))) path += QStringLiteral(" in ") + name.mid(4);
  }
  return path.toStdString();
}

/// The words a screen reader has: the accessible name, the words on it, or those of a label whose buddy it is.
bool hasName(const QWidget* w, const std::set<const QWidget*>& buddies) {
  if (!w->accessibleName().isEmpty() || buddies.contains(w)) return true;
  const auto* button = qobject_cast<const QAbstractButton*>(w);
  return button != nullptr && !button->text().isEmpty();
}

class ControlsGl : public WindowGl {
 protected:
  void openEverything() {
    trainTiny();
    ASSERT_TRUE(waitFor([&] { return window->jobs().idle(); }));
    for (int page = 0; page < static_cast<int>(window->pages().size()); ++page) {
      window->showPage(page);
      QCoreApplication::processEvents();
    }
    for (QLabel* label : window->findChildren<QLabel*>())
      if (label->buddy() != nullptr) buddies.insert(label->buddy());
    for (QWidget* w : window->findChildren<QWidget*>())
      if (isControl(w)) controls.push_back(w);
  }
  std::set<const QWidget*> buddies;
  std::vector<QWidget*> controls;
};

TEST_F(ControlsGl, EachHasAToolTipAndAName) {
  openEverything();
  EXPECT_GT(controls.size(), 150u);
  std::set<std::string> silent, nameless;
  for (const QWidget* w : controls) {
    if (w->toolTip().isEmpty()) silent.insert(whereIs(w));
    if (!hasName(w, buddies)) nameless.insert(whereIs(w));
  }
  for (const std::string& w : silent) ADD_FAILURE() << "no tool tip: " << w;
  for (const std::string& w : nameless) ADD_FAILURE() << "no accessible name: " << w;
}

TEST_F(ControlsGl, TablesAndListsHaveNames) {
  openEverything();
  for (const QAbstractItemView* view : window->findChildren<QAbstractItemView*>())
    if (!view->inherits("QHeaderView") && !view->inherits("QComboBoxListView")) {
      EXPECT_FALSE(view->accessibleName().isEmpty()) << whereIs(view);
    }
}

// Tab goes round through all that can be reached by it, page by page.
TEST_F(ControlsGl, TabReachesEachControlThatIsSeen) {
  openEverything();
  for (int page = 0; page < static_cast<int>(window->pages().size()); ++page) {
    window->showPage(page);
    QCoreApplication::processEvents();
    std::set<const QWidget*> reached;
    const QWidget* w = window.get();
    do w = w->nextInFocusChain(), reached.insert(w);
    while (w != window.get());
    for (const QWidget* control : controls) {
      if (!control->isVisible() || !control->isEnabled()) continue;
      EXPECT_TRUE(reached.contains(control)) << whereIs(control);
      EXPECT_NE(control->focusPolicy() & Qt::TabFocus, 0) << "Tab passes over " << whereIs(control) << " on page " << page;
    }
  }
}

// Two actions with one key in one window do nothing but warn; a page's own keys may be another page's too.
TEST_F(ControlsGl, NoKeyIsTakenTwice) {
  openEverything();
  std::map<QString, std::set<QString>> users;
  for (const QAction* action : window->findChildren<QAction*>())
    for (const QKeySequence& key : action->shortcuts())
      if (action->shortcutContext() >= Qt::WindowShortcut) users[key.toString()].insert(action->text());
  for (int page = 0; page < static_cast<int>(window->pages().size()); ++page) {
    window->showPage(page);
    QCoreApplication::processEvents();
    auto seen = users;
    for (const QAbstractButton* button : window->findChildren<QAbstractButton*>())
      if (button->isVisible() && !button->shortcut().isEmpty()) seen[button->shortcut().toString()].insert(QString::fromStdString(whereIs(button)));
    for (const auto& [key, names] : seen) EXPECT_EQ(names.size(), 1u) << key.toStdString() << ": " << QStringList(names.begin(), names.end()).join(QStringLiteral(" | ")).toStdString();
  }
}

}  // namespace
}  // namespace ui
