// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <memory>

#include "analysis/comparison/comparison.h"
#include "ui/theme/theme.h"

class QLabel;

namespace ui {

class VerdictList;

/// What the window can do about a check that warns.
enum class Remedy { none, addSeeds, measureMissing, measureEqualLoss };
/// The button's words: "Add 4 seeds to each"; empty for none.
QString remedyText(Remedy remedy, int seeds);

/// A line of the card, made from a check.
struct FairnessLine {
  analysis::FairnessCheck check;
  Remedy remedy = Remedy::none;
  bool operator==(const FairnessLine& o) const {
    return check.name == o.check.name && check.verdict == o.check.verdict && check.sentence == o.check.sentence && check.remedy == o.check.remedy && remedy == o.remedy;
  }
};

/// "Is it a fair comparison?": each check with its icon, sentence and, where the window can help, a button.
class FairnessCard : public QFrame {
  Q_OBJECT
 public:
  explicit FairnessCard(QWidget* parent = nullptr);
  /// `seeds`: how many the button would add; `cost` what that takes.
  void show(std::vector<FairnessLine> lines, int seeds, const QString& cost);
  void setTheme(const Theme& theme);
  const std::vector<FairnessLine>& lines() const { return lines_; }
  QString badge() const;

 signals:
  void remedyRequested(Remedy remedy);

 private:
  void rebuild();
  void addLine(const FairnessLine& line);
  std::vector<FairnessLine> lines_;
  int seeds_ = 4;
  QString cost_;
  const Theme* theme_ = nullptr;
  QLabel* badge_;
  VerdictList* list_;
};

}  // namespace ui
