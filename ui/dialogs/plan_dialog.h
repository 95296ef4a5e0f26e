// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <functional>
#include <map>

#include "ui/workspace/run_templates.h"

class QCheckBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace ui {

class FieldEditor;

/// A form that makes a plan of several runs; it stays open beside the window. Below the fields how many runs it is and what they cost, before anything runs; an impossible one keeps the button
/// off and says why. It trains nothing.
class PlanDialog : public QDialog {
  Q_OBJECT
 public:
  /// A sentence on what runs with these resolved settings cost, all together.
  using Cost = std::function<QString(const std::vector<trainer::RunSpec>&)>;

  /// What the form says. @throws std::invalid_argument, trainer::Error where it is not possible.
  virtual GroupPlan plan() const = 0;
  QString problem() const { return problem_; }
  QString cost() const;
  void setCost(Cost cost);

 signals:
  void planned(const ui::GroupPlan& plan);

 protected:
  PlanDialog(const QString& title, const QString& about, QWidget* parent);

  /// The editor of a flag of a run, with `text` in it.
  FieldEditor* addField(const QString& key, const QString& text);
  QLineEdit* addLine(const QString& name, const QString& label, const QString& text, const QString& toolTip);
  QCheckBox* addCheck(const QString& name, const QString& label, bool on, const QString& toolTip);
  QFormLayout* form() const { return form_; }
  QVBoxLayout* middle() const { return middle_; }  ///< between the fields and the cost
  /// What the editors of flags say.
  trainer::RunSpec base() const;
  void refresh();

 private:
  QFormLayout* form_;
  QVBoxLayout* middle_;
  std::map<QString, FieldEditor*> editors_;
  QLabel *problemLabel_, *cost_;
  QPushButton* train_;
  QString problem_;
  Cost costOf_;
};

/// Plain, SAM and the penalty: data, model, epochs, rho, alpha, seeds.
class ComparisonDialog : public PlanDialog {
  Q_OBJECT
 public:
  explicit ComparisonDialog(QWidget* parent = nullptr);
  GroupPlan plan() const override;

 private:
  QLineEdit *rho_, *alpha_, *seeds_;
  QCheckBox* lambda_;
};

/// Values of alpha from plain to SAM over seeds, lambda_max of each.
class AlphaDialog : public PlanDialog {
  Q_OBJECT
 public:
  explicit AlphaDialog(QWidget* parent = nullptr);
  GroupPlan plan() const override;
  trainer::SweepSpec spec() const;

 private:
  QLineEdit *rho_, *alphas_, *seeds_;
  QCheckBox* lambda_;
};

/// Any fields of a run times values, over seeds, on top of the settings it was opened with.
class SweepDialog : public PlanDialog {
  Q_OBJECT
 public:
  explicit SweepDialog(const trainer::RunSpec& base, QWidget* parent = nullptr);
  GroupPlan plan() const override;
  trainer::SweepSpec spec() const;
  void addValues(const QString& key, const QString& values);

 private:
  struct Row;
  trainer::RunSpec base_;
  QVBoxLayout* rows_;
  QLineEdit *title_, *seeds_, *validation_;
  QCheckBox* lambda_;
};

}  // namespace ui
