// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <memory>

#include "analysis/export/result_file.h"
#include "ui/theme/theme.h"

class QLabel;
class QToolButton;

namespace ui {

class ElidedLabel;
class VerdictList;

/// "Why does my surface look odd?": what was looked for, what was found first, each with its icon, what was measured and what to do.
class OddityCard : public QFrame {
  Q_OBJECT
 public:
  explicit OddityCard(QWidget* parent = nullptr);
  /// Of nothing: the card says that it is being looked at.
  void setResult(std::shared_ptr<const analysis::OdditiesResult> result);
  void setFailure(const QString& sentence);
  void setTheme(const Theme& theme);
  const std::shared_ptr<const analysis::OdditiesResult>& result() const { return result_; }
  QString badge() const;

 signals:
  void closeRequested();
  void copyRequested();  ///< the command that looks again

 private:
  void rebuild();
  void addLine(const analysis::Finding& finding);
  std::shared_ptr<const analysis::OdditiesResult> result_;
  QString waiting_;
  const Theme* theme_ = nullptr;
  QLabel* badge_;
  ElidedLabel* title_;
  QToolButton *copy_, *close_;
  VerdictList* list_;
};

/// What a finding is about, in words: "Centre value"; its own name where it is not known here.
QString oddityTitle(const std::string& name);

}  // namespace ui
