// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QLabel>
#include <QString>
#include <utility>
#include <vector>

class QButtonGroup;
class QHBoxLayout;
class QVBoxLayout;

/// The frame that the parts of a page stand in.
namespace ui {

/// Makes `frame` a card and returns the column for its header, body and footer.
QVBoxLayout* makeCard(QFrame* frame);
/// Adds a bar 24 high to a card, "cardHeader" or "cardFooter", and returns its row.
QHBoxLayout* addCardBar(QVBoxLayout* card, const char* role);
/// A label that is cut where there is no room instead of making the window wider, with its words as a tool tip.
class ElidedLabel : public QLabel {
  Q_OBJECT
 public:
  explicit ElidedLabel(QWidget* parent = nullptr);
  void setWords(const QString& words);
  QSize minimumSizeHint() const override;

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void elide();
  QString words_;
};

/// A word and its tool tip for each of a row of buttons of which one is down, the first to begin with; its index is its id.
QButtonGroup* addSegments(QHBoxLayout* row, QObject* owner, const std::vector<std::pair<QString, QString>>& words);

}  // namespace ui
