// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <vector>

#include "ui/workspace/session.h"

class QLabel;
class QPushButton;

namespace ui {

class FieldEditor;

/// Changes by hand of a run that is training: its rate, radius and mix, as far as its method uses them. A small window below the button that opens it.
class AdjustPanel : public QFrame {
  Q_OBJECT
 public:
  explicit AdjustPanel(QWidget* parent = nullptr);
  /// Takes the present values of a run over.
  void setRun(const SessionRun& run);
  void showProblem(const QString& sentence);
  FieldEditor* editor(const QString& key) const;

 signals:
  void applied(const std::string& name, double value);  ///< one a field that differs

 private:
  struct Field {
    QString key;
    QLabel* label;
    FieldEditor* editor;
    QString shown;  ///< the value the run has
  };
  void apply();

  std::vector<Field> fields_;
  QLabel *title_, *problem_;
  QPushButton* apply_;
};

/// The value a run trains with now: that of the last change by hand, else of its settings. `name` is learning_rate, rho or alpha.
double presentValue(const SessionRun& run, const std::string& name);

}  // namespace ui
