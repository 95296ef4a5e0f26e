// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/frozen_table.h"

#include <QHeaderView>
#include <QIcon>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QStyleOptionHeader>
#include <algorithm>

namespace ui {
namespace {

constexpr int kSwatch = 28, kGap = 6, kPadding = 6;  ///< of a header section, in pixels

/// A header whose swatch stands beside its words; Qt's own puts it at the far side of a right-aligned title.
class SwatchHeader : public QHeaderView {
 public:
  explicit SwatchHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent) { setSectionsClickable(true); }

 protected:
  void initStyleOptionForIndex(QStyleOptionHeader* option, int section) const override {
    QHeaderView::initStyleOptionForIndex(option, section);
    option->icon = {};
  }
  QSize sectionSizeFromContents(int section) const override {
    const QSize size = QHeaderView::sectionSizeFromContents(section);
    return swatch(section).isNull() ? size : size + QSize(kSwatch, 0);
  }
  void paintSection(QPainter* painter, const QRect& rect, int section) const override {
    painter->save();
    QHeaderView::paintSection(painter, rect, section);
    painter->restore();
    const QIcon icon = swatch(section);
    if (icon.isNull()) return;
    QFont bold = font();
    bold.setBold(true);
    const int words = QFontMetrics(bold).horizontalAdvance(model()->headerData(section, orientation()).toString());
    const int left = std::max(rect.left() + 2, rect.right() - kPadding - words - kGap - kSwatch);
    painter->drawPixmap(QRect(left, rect.center().y() - 7, kSwatch, 16), icon.pixmap(QSize(kSwatch, 16)));
  }

 private:
  QIcon swatch(int section) const { return model() == nullptr ? QIcon() : model()->headerData(section, orientation(), Qt::DecorationRole).value<QIcon>(); }
};

void dress(QTableView* table) {
  table->setHorizontalHeader(new SwatchHeader(table));
  table->setFrameShape(QFrame::NoFrame);
  table->setShowGrid(false);
  table->verticalHeader()->hide();
  table->verticalHeader()->setDefaultSectionSize(24);
  table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  table->horizontalHeader()->setHighlightSections(false);
  table->horizontalHeader()->setMinimumSectionSize(20);
  table->setIconSize({28, 16});
  table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  table->setWordWrap(false);
}

}  // namespace

FrozenTable::FrozenTable(QWidget* parent) : QTableView(parent), over_(new QTableView(this)) {
  dress(this);
  dress(over_);
  over_->setFocusProxy(this);
  over_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  over_->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  viewport()->stackUnder(over_);
  connect(horizontalHeader(), &QHeaderView::sectionResized, this, [this](int column, int, int width) {
    over_->setColumnWidth(column, width);
    place();
  });
  connect(over_->horizontalHeader(), &QHeaderView::sectionResized, this, [this](int column, int, int width) {
    if (!over_->isColumnHidden(column) && width > 0 && columnWidth(column) != width) setColumnWidth(column, width);
  });
  connect(over_->verticalScrollBar(), &QScrollBar::valueChanged, verticalScrollBar(), &QScrollBar::setValue);
  connect(verticalScrollBar(), &QScrollBar::valueChanged, over_->verticalScrollBar(), &QScrollBar::setValue);
}

void FrozenTable::setModel(QAbstractItemModel* model) {
  QTableView::setModel(model);
  over_->setModel(model);
  over_->setSelectionModel(selectionModel());
  connect(model, &QAbstractItemModel::modelReset, this, &FrozenTable::place);
  place();
}

void FrozenTable::setFrozen(int columns) {
  columns_ = columns;
  place();
}

int FrozenTable::frozenNow() const {
  int width = 0, count = 0;
  const int all = model() != nullptr ? model()->columnCount() : 0;
  while (count < std::min(columns_, all) && (count == 0 || width + columnWidth(count) <= viewport()->width() / 2)) width += columnWidth(count++);
  return count;
}

void FrozenTable::place() {
  if (model() == nullptr) return;
  const int count = frozenNow(), all = model()->columnCount();
  int width = 0;
  for (int c = 0; c < all; ++c) {
    over_->setColumnHidden(c, c >= count);
    if (c >= count) continue;
    over_->setColumnWidth(c, columnWidth(c));
    width += columnWidth(c);
  }
  over_->horizontalHeader()->setFixedHeight(std::max(1, horizontalHeader()->height()));
  over_->setGeometry(frameWidth(), frameWidth(), std::min(width, viewport()->width()), viewport()->height() + horizontalHeader()->height());
  over_->verticalScrollBar()->setValue(verticalScrollBar()->value());
  over_->setVisible(count > 0 && horizontalScrollBar()->maximum() > 0);
}

void FrozenTable::fitColumns(int padding) {
  if (model() == nullptr) return;
  const QAbstractItemView& cells = *this;
  for (int c = 0; c < model()->columnCount(); ++c)
    horizontalHeader()->resizeSection(c, std::max(horizontalHeader()->sectionSizeHint(c), cells.sizeHintForColumn(c)) + padding);
  updateGeometries();
  place();
}

void FrozenTable::resizeEvent(QResizeEvent* event) {
  QTableView::resizeEvent(event);
  place();
}

/// A cell that is gone to must not end under the columns that stay.
void FrozenTable::scrollTo(const QModelIndex& index, ScrollHint hint) {
  const int count = frozenNow();
  if (index.column() < count) {
    const int before = horizontalScrollBar()->value();
    QTableView::scrollTo(index, hint);
    horizontalScrollBar()->setValue(before);
    return;
  }
  QTableView::scrollTo(index, hint);
  const int hidden = over_->isVisible() ? over_->width() : 0, left = visualRect(index).left();
  if (left < hidden) horizontalScrollBar()->setValue(horizontalScrollBar()->value() + left - hidden);
}

void FrozenTable::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Copy)) {
    emit copyRequested();
    event->accept();
    return;
  }
  QTableView::keyPressEvent(event);
}

}  // namespace ui
