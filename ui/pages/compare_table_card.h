// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QStringList>

#include "ui/pages/card.h"
#include "ui/pages/compare_model.h"

class QCheckBox;
class QLabel;
class QPushButton;
class QStackedLayout;
class QToolButton;

namespace ui {

class FrozenTable;

/// What the button under the table would do, and what it takes.
struct CompareMeasures {
  QStringList missing;          ///< what some compared run lacks, without the costly ones: "trace"
  bool equalLoss = false;       ///< is there already
  bool barriers = false;
  QString equalLossCost, barriersCost;  ///< "about 40 s"; empty: unknown
  QString running;              ///< "measuring: lambda max of SAM, 3 of 12"; empty: nothing runs
  bool possible = false;        ///< two or more compared runs are trained
  bool operator==(const CompareMeasures&) const = default;
};

/// The card with the comparison table: copy, seeds, and the button that measures what is missing.
class CompareTableCard : public QFrame {
  Q_OBJECT
 public:
  enum class Format { tabs, csv, markdown, latex };
  explicit CompareTableCard(QWidget* parent = nullptr);

  /// Without a comparison `why` says what is needed.
  void show(std::shared_ptr<const analysis::Comparison> comparison, const std::vector<CompareEntry>& entries, const QString& why);
  void setMeasures(const CompareMeasures& measures);
  void setDigits(int digits);
  void setSeedsApart(bool apart);
  bool seedsApart() const { return shown_.seedsApart; }
  void setColours(const Tokens& tokens);
  CompareModel* model() const { return model_; }
  FrozenTable* table() const { return table_; }
  QPushButton* measureButton() const { return measure_; }
  /// The measures that are asked for, as CompareSpec::measures names them.
  std::vector<std::string> wanted() const;
  /// What is selected, or everything with its header, in full precision with tabs between.
  QString selectionText() const;
  QString wholeText() const;
  QString footer() const;
  QList<int> columnWidths() const;  ///< those that were set by hand, else empty
  void setColumnWidths(const QList<int>& widths);

 signals:
  void measureRequested();
  void cancelRequested();
  void copyRequested(Format format);  ///< of the whole table

 private:
  void fillHeader(QHBoxLayout* row);
  void fillFooter(QHBoxLayout* row);
  void fit();
  void refresh();

  CompareModel* model_;
  FrozenTable* table_;
  CompareShown shown_;
  std::shared_ptr<const analysis::Comparison> comparison_;
  std::vector<CompareEntry> entries_;
  CompareMeasures measures_;
  QList<int> widths_;
  bool fitting_ = false;
  QStackedLayout* body_;
  QLabel *with_, *why_;
  ElidedLabel* note_;
  QCheckBox *seeds_, *equalLoss_, *barriers_;
  QToolButton* copy_;
  QPushButton* measure_;
};

}  // namespace ui
