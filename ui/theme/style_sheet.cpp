// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/style_sheet.h"

#include <QHash>
#include <QRegularExpression>

namespace ui {
namespace {

// @name is a token, @arrows the version of the arrows for the theme. No sizes of fonts on widgets in general: they would win over
// setFont().

const char* const kWindow = R"(
QMainWindow { background: @window; }
QMainWindow::separator { background: @window; width: 4px; height: 4px; }
QMainWindow::separator:hover, QSplitter::handle:hover { background: @accentSoft; }
QSplitter::handle { background: transparent; }
QSplitter::handle:horizontal { width: 8px; }
QSplitter::handle:vertical { height: 8px; }
QDialog, QMessageBox, QDockWidget > QWidget, QFrame[role="panel"], QFrame[role="details"], QScrollArea { background: @panel; }
QDockWidget > QAbstractItemView { background: @sunken; }
QFrame[role="details"] { border: none; border-top: 1px solid @line; }
QScrollArea { border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QDockWidget {
  color: @text; font-weight: bold; titlebar-close-icon: url(:/icons/style-close-@arrows.svg);
  titlebar-normal-icon: url(:/icons/style-float-@arrows.svg); }
QDockWidget::title { background: @panel; border-bottom: 1px solid @line; padding: 7px 12px; text-align: left; }
QDockWidget::close-button, QDockWidget::float-button { border: 1px solid transparent; border-radius: 4px; padding: 1px; }
QDockWidget::close-button:hover, QDockWidget::float-button:hover { background: @button; }
QMenuBar { background: @window; color: @text; padding: 2px 8px; }
QMenuBar::item { background: transparent; border-radius: 4px; padding: 4px 8px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: @accentSoft; color: @selectedText; }
QMenu { background: @panel; color: @text; border: 1px solid @strongLine; padding: 4px 0; }
QMenu::item { padding: 4px 24px; border: 1px solid transparent; }
QMenu::item:selected { background: @accentSoft; color: @text; border-color: @accentLine; }
QMenu::item:disabled { color: @third; }
QMenu::icon { left: 8px; }
QMenu::indicator { width: 12px; height: 12px; left: 8px; }
QMenu::indicator:checked { image: url(:/icons/style-check-@arrows.svg); }
QMenu::right-arrow { image: url(:/icons/style-chevron-right-@arrows.svg); width: 12px; height: 12px; right: 6px; }
QMenu::separator { background: @line; height: 1px; margin: 4px 0; }
QToolBar { background: @panel; border: none; border-bottom: 1px solid @line; padding: 4px 8px; spacing: 4px; }
QToolBar::separator { background: @line; }
QToolBar::separator:horizontal { width: 1px; margin: 4px; }
QToolBar::separator:vertical { height: 1px; margin: 4px; }
QStatusBar { min-height: 23px; background: @window; color: @second; border-top: 1px solid @line; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: @second; padding: 0 6px; }
QToolTip { background: @header; color: @text; border: 1px solid @strongLine; padding: 4px; }
QTabWidget::pane { border: 1px solid @line; background: @panel; }
QTabBar { background: @window; font-size: 13px; qproperty-drawBase: 0; }
QTabBar::tab { background: @window; color: @second; border: none; border-right: 1px solid @line; border-top: 2px solid transparent;
  padding: 0 16px 2px 16px; height: 28px; }
QTabBar::tab:hover { color: @text; background: @header; }
QTabBar::tab:selected { background: @panel; color: @text; border-top: 2px solid @accent; }
QTabBar::tab:focus { color: @accent; }
QTabBar::tab:disabled { color: @third; }
QTabBar::tab:bottom { border-top: none; border-bottom: 2px solid transparent; padding: 2px 16px 0 16px; }
QTabBar::tab:bottom:selected { border-top: none; border-bottom: 2px solid @accent; }
QTabBar::close-button { image: url(:/icons/style-close-@arrows.svg); }
QMainWindow > QTabBar { font-size: 12px; }
QMainWindow > QTabBar::tab { height: 22px; padding: 0 12px; }
QTabBar[role="switcher"] { background: transparent; font-size: 12px; }
QTabBar[role="switcher"]::tab { background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 0 8px; height: 22px;
  margin-right: 4px; }
QTabBar[role="switcher"]::tab:hover { background: @button; }
QTabBar[role="switcher"]::tab:selected { background: @accentSoft; border: 1px solid @accent; }
)";

const char* const kInputs = R"(
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox {
  background: @sunken; color: @text; border: 1px solid @strongLine; border-radius: 4px;
  selection-background-color: @accentFill; selection-color: #FFFFFF; }
QLineEdit, QComboBox, QAbstractSpinBox { min-height: 20px; padding: 1px 6px; }
QComboBox, QAbstractSpinBox { min-width: 28px; }
QComboBox[role="whole"] { min-width: 56px; }
QAbstractSpinBox[role="whole"] { min-width: 34px; }
QLineEdit:hover, QComboBox:hover, QAbstractSpinBox:hover { border-color: @third; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QComboBox:on, QAbstractSpinBox:focus { border-color: @accent; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {
  background: @panel; color: @third; border-color: @line; }
QAbstractItemView QLineEdit { border-radius: 0; padding: 0 4px; }
QPlainTextEdit[role="command"] { color: @second; padding: 4px; }
QComboBox { combobox-popup: 0; }
QComboBox::drop-down { subcontrol-origin: border; subcontrol-position: center right; width: 20px; border: none; }
QComboBox::down-arrow { image: url(:/icons/style-chevron-down-@arrows.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @panel; border: 1px solid @strongLine; border-radius: 0; padding: 2px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: border; width: 16px; border: none; background: transparent; }
QAbstractSpinBox::up-button { subcontrol-position: top right; height: 11px; margin: 1px 1px 0 0; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; height: 11px; margin: 0 1px 1px 0; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: @button; }
QAbstractSpinBox::up-arrow { image: url(:/icons/style-chevron-up-@arrows.svg); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url(:/icons/style-chevron-down-@arrows.svg); width: 10px; height: 10px; }
*[invalid="true"], *[invalid="true"]:focus { border: 1px solid @error; }
QPushButton, QToolButton { background: @button; color: @text; border: 1px solid @buttonLine; border-radius: 4px; }
QPushButton { min-height: 20px; padding: 1px 12px; }
QToolButton { min-height: 16px; max-height: 16px; padding: 3px; }
QPushButton:hover, QToolButton:hover { border-color: @third; }
QPushButton:pressed, QToolButton:pressed { background: @accentSoft; }
QPushButton:focus, QToolButton:focus { border-color: @accent; }
QPushButton:disabled, QToolButton:disabled { background: @panel; color: @third; border-color: @line; }
QToolButton[autoRaise="true"] { background: transparent; border-color: transparent; }
QToolButton[autoRaise="true"]:hover { background: @button; }
QToolButton[autoRaise="true"]:focus { border-color: @accent; }
QPushButton:checked, QToolButton:checked, QToolButton[autoRaise="true"]:checked {
  background: @accentSoft; color: @accent; border-color: @accentLine; }
QToolButton:checked:disabled, QPushButton:checked:disabled { color: @third; }
QLineEdit QToolButton { min-height: 0; max-height: 24px; padding: 0; border: none; background: transparent; }
QToolButton[role="segment"] { border-radius: 2px; padding: 3px 8px; }
QToolButton[role="segment"]:checked { border-color: @accent; font-weight: bold; }
QToolButton[popupMode="1"] { padding-right: 18px; }
QToolButton[popupMode="2"] { padding-right: 16px; }
QToolButton::menu-button { border: none; width: 16px; }
QToolButton::menu-arrow { image: url(:/icons/style-chevron-down-@arrows.svg); width: 10px; height: 10px; }
QToolButton::menu-indicator { image: url(:/icons/style-chevron-down-@arrows.svg); width: 10px; height: 10px;
  subcontrol-position: center right; subcontrol-origin: padding; right: 2px; }
QPushButton::menu-indicator {
  image: url(:/icons/style-chevron-down-@arrows.svg); width: 12px; height: 12px; subcontrol-position: center right; right: 6px; }
QPushButton[primary="true"], QToolButton[primary="true"] { background: @accentFill; color: #FFFFFF; border-color: @accentFill; font-weight: bold; }
QPushButton[primary="true"]:hover, QToolButton[primary="true"]:hover { border-color: @accent; }
QPushButton[primary="true"]:pressed, QToolButton[primary="true"]:pressed { background: @accentDark; }
QPushButton[primary="true"]:focus, QToolButton[primary="true"]:focus { border-color: @text; }
QToolButton[primary="true"]::menu-arrow, QToolButton[primary="true"]::menu-indicator, QPushButton[primary="true"]::menu-indicator {
  image: url(:/icons/style-chevron-down-fill.svg); }
QPushButton[primary="true"]:disabled, QToolButton[primary="true"]:disabled { background: @panel; color: @third; border-color: @line; }
QCheckBox, QRadioButton { color: @text; spacing: 6px; }
QCheckBox:disabled, QRadioButton:disabled { color: @third; }
QCheckBox::indicator, QAbstractItemView::indicator, QGroupBox::indicator, QRadioButton::indicator {
  width: 12px; height: 12px; border: 1px solid @strongLine; border-radius: 3px; background: @sunken; }
QCheckBox::indicator:hover, QAbstractItemView::indicator:hover, QGroupBox::indicator:hover, QRadioButton::indicator:hover { border-color: @third; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked, QGroupBox::indicator:checked {
  background: @accentFill; border-color: @accentFill; image: url(:/icons/style-check-fill.svg); }
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate {
  background: @accentFill; border-color: @accentFill; image: url(:/icons/style-dash-fill.svg); }
QRadioButton::indicator { border-radius: 7px; }
QRadioButton::indicator:checked { border: 4px solid @accentFill; width: 6px; height: 6px; background: #FFFFFF; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: @accent; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: @line; background: @panel; }
QCheckBox::indicator:checked:disabled { background: @third; border-color: @third; }
QRadioButton::indicator:checked:disabled { border-color: @third; }
)";

const char* const kContents = R"(
QAbstractItemView { background: @sunken; color: @text; border: 1px solid @line; outline: none; gridline-color: @line;
  alternate-background-color: @baseline; selection-background-color: @accentSoft; selection-color: @selectedText; }
QAbstractItemView[frameShape="0"] { border: none; }
QTableView::item, QTreeView::item, QListView::item { min-height: 23px; padding: 0 6px; border: none; border-bottom: 1px solid @row; }
QTreeView::item, QListView::item { border-bottom: 1px solid transparent; }
QTableView::item:hover, QTreeView::item:hover, QListView::item:hover { background: @hover; }
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected {
  background: @accentSoft; color: @text; border-bottom-color: @accentLine; }
QTreeView::branch { background: transparent; }
QTreeView::branch:selected { background: @accentSoft; }
QTreeView::branch:closed:has-children { image: url(:/icons/style-chevron-right-@arrows.svg); }
QTreeView::branch:open:has-children { image: url(:/icons/style-chevron-down-@arrows.svg); }
QHeaderView { background: @header; border: none; }
QHeaderView::section {
  background: @header; color: @second; border: none; border-bottom: 1px solid @line; padding: 0 6px; height: 23px; font-weight: bold; }
QHeaderView::section:vertical { border-bottom: none; border-right: 1px solid @line; }
QHeaderView::up-arrow { image: url(:/icons/style-chevron-up-@arrows.svg); width: 10px; height: 10px; subcontrol-position: center right; }
QHeaderView::down-arrow { image: url(:/icons/style-chevron-down-@arrows.svg); width: 10px; height: 10px; subcontrol-position: center right; }
QTableCornerButton::section { background: @header; border: none; border-bottom: 1px solid @line; }
QProgressBar {
  background: @line; color: transparent; border: none; border-radius: 2px; min-height: 8px; max-height: 8px; qproperty-textVisible: 0; }
QProgressBar::chunk { background: @accent; border-radius: 2px; }
QProgressBar::chunk:disabled { background: @third; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: @strongLine; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: @third; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QGroupBox { border: 1px solid @line; border-radius: 4px; margin-top: 10px; padding: 8px 4px 4px 4px; }
QGroupBox::title { subcontrol-origin: margin; left: 8px; padding: 2px 4px; color: @text; }
QFrame[role="card"] { background: @sunken; border: 1px solid @line; border-radius: 4px; padding: -1px; }
QFrame[role="card"][active="true"] { border-color: @accent; }
QFrame[role="cardHeader"] {
  background: @header; border: none; border-bottom: 1px solid @line; border-top-left-radius: 3px; border-top-right-radius: 3px; }
QFrame[role="cardFooter"] {
  background: @header; border: none; border-top: 1px solid @line; border-bottom-left-radius: 3px; border-bottom-right-radius: 3px; }
QFrame[role="cardFooter"] QLabel { color: @second; font-size: 11px; }
QFrame[role="cardHeader"] QComboBox { min-width: 48px; min-height: 16px; padding: 1px 6px; }
QFrame[role="cardHeader"] QToolButton { padding: 1px; }
QPushButton[role="chooser"] { text-align: left; background: transparent; border: 1px solid transparent; padding: 0 4px; min-height: 18px; font-weight: bold; }
QPushButton[role="chooser"]:hover { background: @button; }
QPushButton[role="chooser"]:focus { border-color: @accent; }
QFrame[role="cardHeader"] QToolButton[role="segment"] { padding: 1px 8px; }
QLabel[role="badge"], QLabel[role="badgeWarning"], QLabel[role="badgeOk"], QLabel[role="badgeError"], QLabel[role="badgeInfo"] {
  min-height: 16px; max-height: 16px; padding: 0 6px; border: 1px solid @line; border-radius: 4px; font-size: 11px; color: @second; }
QLabel[role="badgeWarning"] { color: @warn; border-color: @warn; }
QLabel[role="badgeOk"] { color: @ok; border-color: @ok; }
QLabel[role="badgeError"] { color: @error; border-color: @error; }
QLabel[role="badgeInfo"] { color: @info; border-color: @info; }
QLabel[role="title"] { font-size: 13px; font-weight: bold; }
QLabel[role="second"] { color: @second; }
QLabel[role="hint"] { color: @second; font-size: 11px; }
QLabel[role="error"] { color: @error; font-size: 11px; }
)";

}  // namespace

QString styleSheetOf(const Tokens& t) {
  const bool dark = t.window.lightness() < 128;
  const bool soft = t.accentSoft != t.panel;  // on paper, selection has no fill
  QHash<QString, QString> words{{QStringLiteral("arrows"), dark ? QStringLiteral("dark") : QStringLiteral("light")}};
  const std::pair<const char*, QColor> colours[] = {{"window", t.window},
                                                    {"panel", t.panel},
                                                    {"header", t.header},
                                                    {"button", t.button},
                                                    {"sunken", t.sunken},
                                                    {"line", t.line},
                                                    {"strongLine", t.strongLine},
                                                    {"text", t.text},
                                                    {"second", t.second},
                                                    {"third", t.third},
                                                    {"accent", t.accent},
                                                    {"accentFill", t.accentFill},
                                                    {"accentSoft", t.accentSoft},
                                                    {"ok", t.ok},
                                                    {"warn", t.warn},
                                                    {"error", t.error},
                                                    {"info", t.info},
                                                    {"baseline", t.baseline},
                                                    {"accentDark", t.accentFill.darker(115)},
                                                    {"accentLine", soft ? t.accentSoft : t.accent},
                                                    {"selectedText", soft ? t.text : t.accent},
                                                    {"buttonLine", dark ? t.button : t.strongLine},
                                                    {"row", t.chartGrid},
                                                    {"hover", t.baseline}};
  for (const auto& [name, colour] : colours) words.insert(QString::fromLatin1(name), colour.name());
  const QString sheet = QString::fromLatin1(kWindow) + QString::fromLatin1(kInputs) + QString::fromLatin1(kContents);
  static const QRegularExpression token(QStringLiteral("@([A-Za-z]+)"));
  QString out;
  qsizetype from = 0;
  for (auto match = token.globalMatch(sheet); match.hasNext();) {
    const QRegularExpressionMatch found = match.next();
    out += QStringView(sheet).mid(from, found.capturedStart() - from);
    out += words.value(found.captured(1), found.captured(0));  // an unknown name stays, for the test to find
    from = found.capturedEnd();
  }
  out += QStringView(sheet).mid(from);
  return out;
}

QPalette paletteOf(const Tokens& t) {
  QPalette palette(t.text, t.button, t.strongLine, t.line, t.third, t.text, Qt::white, t.sunken, t.window);
  palette.setColor(QPalette::AlternateBase, t.baseline);
  palette.setColor(QPalette::Highlight, t.accentSoft);
  palette.setColor(QPalette::HighlightedText, t.text);
  palette.setColor(QPalette::PlaceholderText, t.third);
  palette.setColor(QPalette::ToolTipBase, t.header);
  palette.setColor(QPalette::ToolTipText, t.text);
  palette.setColor(QPalette::Link, t.accent);
  palette.setColor(QPalette::LinkVisited, t.accent);
  palette.setColor(QPalette::Midlight, t.line);
  palette.setColor(QPalette::Shadow, t.strongLine);
  for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
    palette.setColor(QPalette::Disabled, role, t.third);
  palette.setColor(QPalette::Disabled, QPalette::Button, t.panel);
  palette.setColor(QPalette::Disabled, QPalette::Base, t.panel);
  return palette;
}

}  // namespace ui
