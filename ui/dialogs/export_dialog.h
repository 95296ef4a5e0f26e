// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QPointer>
#include <memory>
#include <string>
#include <vector>

#include "analysis/export/result_file.h"

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace ui {

class SurfaceView;
class Workbench;

/// A surface or a slice as a file: its 3-D view as drawn, its figure in 2-D, or its data, in every format that there is. Stays open beside the window; what is wrong is
/// said in it, and nothing is written over before the new file is whole.
class ExportDialog : public QDialog {
  Q_OBJECT
 public:
  enum class What { view, figure, data };
  using SharedResult = std::shared_ptr<const analysis::SurfaceResult>;
  /// `view`: the one that draws the result; nullptr: there is none.
  ExportDialog(Workbench& workbench, SharedResult result, SurfaceView* view, QWidget* parent = nullptr);

  What what() const;
  void setWhat(What what);
  std::string ending() const;  ///< ".png"
  void setEnding(const std::string& ending);
  QString file() const;
  void setFile(const QString& file);
  const QString& problem() const { return problem_; }
  /// The command that computes the numbers again and, of a figure or data, writes the same file.
  QString command() const;
  bool writing() const { return writing_; }

 signals:
  void exported(const QString& file, const QString& failure);  ///< an export; failure is empty where the file is there

 private:
  void addFields(QFormLayout* form);
  void addButtons();
  void fillFormats();
  void takeEnding();
  void browse();
  void refresh();
  void exportNow();
  void ended(const QString& file, const QString& failure);
  bool viewShowsResult() const;
  QString findProblem() const;

  Workbench& workbench_;
  SharedResult result_;
  QPointer<SurfaceView> view_;
  QFormLayout* form_;
  QComboBox *what_, *format_, *colours_;
  QSpinBox* width_;
  QCheckBox* transparent_;
  QLineEdit* file_;
  QWidget* fileRow_;
  QLabel *problemLabel_, *note_;
  QPushButton *copy_, *export_;
  QString problem_;
  bool writing_ = false;
};

}  // namespace ui
