// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QSet>
#include <QWidget>
#include <functional>
#include <vector>

#include "trainer/run/run_spec.h"

class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QVBoxLayout;

namespace ui {

class FieldEditor;
struct RunField;
struct RunSection;

/// The form of a run: every flag of `sharpscape train`, in groups; only what the chosen methods use is shown, and what is
/// rarely wanted is folded away until it is changed. What is not changed follows the defaults, which
/// follow the methods; what is changed has a dot, and a click on the dot brings the default back. Below it what the run will cost, the command and the
/// button. An invalid field has a border and a sentence, and keeps the button off.
class RunForm : public QWidget {
  Q_OBJECT
 public:
  /// A sentence on what a run will cost, by its resolved settings.
  using Cost = std::function<QString(const trainer::RunSpec&)>;

  explicit RunForm(QWidget* parent = nullptr);

  /// What the form says, before resolve(). What was taken over by setSpec() and not changed comes back as it was.
  trainer::RunSpec spec() const;
  /// Takes a run's settings over.
  void setSpec(const trainer::RunSpec& spec);
  void setCost(Cost cost);
  void refreshCost();
  QString problem() const { return problem_; }
  QString command() const;
  void unfold(bool all);  ///< shows the rare fields of every section, or folds them away
  FieldEditor* editor(const QString& key) const;
  bool isShown(const QString& key) const;    ///< the field means something with the choices made; it may be folded away
  bool isChanged(const QString& key) const;  ///< it is not the default

 signals:
  void trainRequested();
  void validityChanged(bool valid);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  struct Row {
    QString key;
    FieldEditor* editor;
    QLabel* label;
    QString name;
    QString unset;
    QString usual;       ///< text of the default beside the present choices
    QString section;
    bool rare = false;
    bool given = false;  ///< chosen, rather than left at the default
    bool shown = true, visible = true;
  };

  void addSection(const RunSection& section);
  void addRow(const RunField& field, const QString& section);
  void addDerivedRows();
  void addBottom(QVBoxLayout* column);
  void reset();  ///< the defaults of a fourth run beside the example: SAM with rho 0.2 on the digits
  void edit(Row& row);
  void refresh();
  void refreshUsual();
  void showRow(Row& row, const trainer::RunSpec& spec);
  void showLabel(Row& row);
  void showDerived(const trainer::RunSpec& spec);
  void showProblemAt(const QString& sentence, const QString& key);
  trainer::RunSpec collect(QString* problem, QString* where) const;
  Row* find(const QString& key);
  const Row* find(const QString& key) const { return const_cast<RunForm*>(this)->find(key); }

  std::vector<Row> rows_;
  QHash<QString, std::size_t> index_;
  QFormLayout* form_ = nullptr;
  QHash<QString, QLabel*> folds_;  ///< by section
  QSet<QString> unfolded_;
  trainer::RunSpec base_;          ///< as it was taken over
  QLineEdit *alpha_, *lambda_;
  QLabel *lambdaHint_, *cost_, *problemLabel_;
  QPlainTextEdit* command_;
  QPushButton *train_, *reset_;
  QString problem_;
  Cost costOf_;
  trainer::RunSpec resolved_;  ///< what the cost was asked for
};

}  // namespace ui
