// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/field_editor.h"

#include <QAbstractSpinBox>
#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QSignalBlocker>
#include <QStyle>
#include <QToolButton>
#include <algorithm>
#include <cmath>

#include "ui/forms/data_editor.h"

namespace ui {
namespace {

constexpr double kShareStep = 0.05;

/// The wheel scrolls the form unless it is meant for the field.
class WheelGuard : public QObject {
 public:
  using QObject::QObject;
  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() != QEvent::Wheel || static_cast<QWidget*>(watched)->hasFocus()) return false;
    event->ignore();
    return true;
  }
};

/// A line for a number with arrows that make sensible steps; its text is free, and empty where nothing is chosen.
class NumberBox : public QAbstractSpinBox {
 public:
  explicit NumberBox(FieldKind kind) : kind_(kind) { lineEdit()->setAlignment(Qt::AlignRight); }
  QLineEdit* line() const { return lineEdit(); }
  std::function<void()> stepped;

  void stepBy(int steps) override {
    bool good = false;
    double value = lineEdit()->text().toDouble(&good);
    if (!good) value = lineEdit()->placeholderText().toDouble(&good);
    lineEdit()->setText(QString::number(next(value, good, steps), 'g', 12));
    stepped();
  }

 protected:
  StepEnabled stepEnabled() const override { return StepUpEnabled | StepDownEnabled; }

 private:
  double next(double value, bool known, int steps) const {
    switch (kind_) {
      case FieldKind::count: return known ? std::max(0.0, std::round(value) + steps) : 1;
      case FieldKind::doubling: return known ? std::clamp(std::round(value * std::pow(2, steps)), 1.0, 1e9) : 64;
      case FieldKind::share: return std::max(0.0, std::round((value + kShareStep * steps) / kShareStep) * kShareStep);
      default: return steppedValue(known ? value : 1, steps);
    }
  }
  FieldKind kind_;
};

class NumberEditor : public FieldEditor {
 public:
  explicit NumberEditor(FieldKind kind) : box_(new NumberBox(kind)) {
    take(box_);
    box_->stepped = [this] { emit edited(); };
    connect(box_->line(), &QLineEdit::textEdited, this, &FieldEditor::edited);
    connect(box_, &QAbstractSpinBox::editingFinished, this, &FieldEditor::left);
  }
  QString text() const override { return box_->line()->text().trimmed(); }
  void setText(const QString& text) override { box_->line()->setText(text); }
  void setUnset(const QString& words) override { box_->line()->setPlaceholderText(words); }

 private:
  NumberBox* box_;
};

class LineEditor : public FieldEditor {
 public:
  LineEditor() : line_(new QLineEdit) {
    take(line_);
    connect(line_, &QLineEdit::textEdited, this, &FieldEditor::edited);
    connect(line_, &QLineEdit::editingFinished, this, &FieldEditor::left);
  }
  QString text() const override { return line_->text().trimmed(); }
  void setText(const QString& text) override { line_->setText(text); }
  void setUnset(const QString& words) override { line_->setPlaceholderText(words); }

 private:
  QLineEdit* line_;
};

class ToggleEditor : public FieldEditor {
 public:
  ToggleEditor() : box_(new QCheckBox) {
    take(box_);
    connect(box_, &QCheckBox::toggled, this, &FieldEditor::edited);
  }
  QString text() const override { return box_->isChecked() ? QStringLiteral("on") : QString(); }
  void setText(const QString& text) override {
    const QSignalBlocker quiet(box_);
    box_->setChecked(text == QStringLiteral("on"));
  }

 private:
  QCheckBox* box_;
};

/// A list of words; one that is not offered is added, so that every run can be shown.
class ChoiceEditor : public FieldEditor {
 public:
  explicit ChoiceEditor(const RunField& field) : box_(new QComboBox) {
    for (const auto& [word, shown] : field.choices) box_->addItem(QString::fromUtf8(shown), QString::fromLatin1(word));
    take(box_);
    connect(box_, &QComboBox::currentIndexChanged, this, &FieldEditor::edited);
  }
  QString text() const override { return box_->currentData().toString(); }
  void setText(const QString& text) override {
    const QSignalBlocker quiet(box_);
    if (box_->findData(text) < 0) box_->addItem(text, text);
    box_->setCurrentIndex(box_->findData(text));
  }

 private:
  QComboBox* box_;
};

/// A button with a menu of what can be checked; the text is the checked words with commas between, in the order offered.
class SeveralEditor : public FieldEditor {
 public:
  explicit SeveralEditor(const RunField& field) : button_(new QToolButton), menu_(new QMenu(button_)) {
    for (const auto& [word, shown] : field.choices) {
      QAction* action = menu_->addAction(QString::fromUtf8(shown));
      action->setData(QString::fromLatin1(word));
      action->setCheckable(true);
      connect(action, &QAction::triggered, this, [this] {
        showChosen();
        emit edited();
        emit left();
      });
    }
    button_->setMenu(menu_);
    button_->setPopupMode(QToolButton::InstantPopup);
    button_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    take(button_);
  }
  QString text() const override {
    QStringList words;
    for (const QAction* action : menu_->actions())
      if (action->isChecked()) words << action->data().toString();
    return words.join(QLatin1Char(','));
  }
  void setText(const QString& text) override {
    const QStringList words = text.split(QLatin1Char(','));
    for (QAction* action : menu_->actions()) action->setChecked(words.contains(action->data().toString()));
    showChosen();
  }
  void setUnset(const QString& words) override {
    unset_ = words;
    showChosen();
  }

 private:
  void showChosen() {
    const QStringList words = (text().isEmpty() ? unset_ : text()).split(QLatin1Char(','));
    QStringList names;
    for (const QAction* action : menu_->actions())
      if (words.contains(action->data().toString())) names << action->text();
    button_->setText(names.size() < 2 ? names.join(QString()) : QStringLiteral("%1 + %2").arg(names.front()).arg(names.size() - 1));
  }
  QToolButton* button_;
  QMenu* menu_;
  QString unset_;
};

class ModelEditor : public FieldEditor {
 public:
  ModelEditor() : box_(new QComboBox) {
    box_->setEditable(true);
    box_->setInsertPolicy(QComboBox::NoInsert);
    for (const std::string& name : offeredModels()) box_->addItem(QString::fromStdString(name));
    take(box_);
    connect(box_, &QComboBox::currentTextChanged, this, &FieldEditor::edited);
    connect(box_->lineEdit(), &QLineEdit::editingFinished, this, &FieldEditor::left);
  }
  QString text() const override { return box_->currentText().trimmed(); }
  void setText(const QString& text) override {
    const QSignalBlocker quiet(box_);
    box_->setCurrentText(text);
  }
  void setUnset(const QString& words) override { box_->lineEdit()->setPlaceholderText(words); }

 private:
  QComboBox* box_;
};

}  // namespace

bool FieldEditor::typing() const { return input_ != nullptr && input_->hasFocus(); }

void FieldEditor::setInvalid(bool invalid) {
  if (input_ == nullptr || input_->property("invalid").toBool() == invalid) return;
  input_->setProperty("invalid", invalid);
  input_->style()->unpolish(input_);
  input_->style()->polish(input_);
}

void FieldEditor::take(QWidget* input) {
  input_ = input;
  if (layout() == nullptr) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(input, 1);
  }
  input->setFocusPolicy(Qt::StrongFocus);
  input->installEventFilter(new WheelGuard(this));
  setFocusProxy(input);
}

FieldEditor* makeEditor(const RunField& field) {
  FieldEditor* editor = nullptr;
  switch (field.kind) {
    case FieldKind::data: editor = new DataEditor; break;
    case FieldKind::model: editor = new ModelEditor; break;
    case FieldKind::choice: editor = new ChoiceEditor(field); break;
    case FieldKind::several: editor = new SeveralEditor(field); break;
    case FieldKind::toggle: editor = new ToggleEditor; break;
    case FieldKind::list: editor = new LineEditor; break;
    default: editor = new NumberEditor(field.kind);
  }
  editor->setObjectName(QString::fromLatin1(field.key));
  editor->setToolTip(fieldToolTip(field));
  return editor;
}

double steppedValue(double value, int steps) {
  constexpr double kLeast = 1e-12;
  for (; steps > 0; --steps) {
    const double power = std::pow(10, std::floor(std::log10(std::max(value, kLeast)) + 1e-9));
    const double lead = value / power;
    value = lead < 1 - 1e-9 ? power : (lead < 2 - 1e-9 ? 2 : lead < 5 - 1e-9 ? 5 : 10) * power;
  }
  for (; steps < 0; ++steps) {
    const double power = std::pow(10, std::floor(std::log10(std::max(value, kLeast)) + 1e-9));
    const double lead = value / power;
    value = std::max(kLeast, (lead > 5 + 1e-9 ? 5 : lead > 2 + 1e-9 ? 2 : lead > 1 + 1e-9 ? 1 : 0.5) * power);
  }
  return value;
}

}  // namespace ui
