// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/shy_layout.h"

#include <QWidget>
#include <algorithm>

namespace ui {

ShyLayout::ShyLayout(QWidget* parent, int spacing) : QLayout(parent) {
  setContentsMargins(0, 0, 0, 0);
  setSpacing(spacing);
}

ShyLayout::~ShyLayout() = default;

void ShyLayout::addItem(QLayoutItem* item) { items_.emplace_back(item); }

QLayoutItem* ShyLayout::itemAt(int index) const { return index >= 0 && index < count() ? items_[static_cast<std::size_t>(index)].get() : nullptr; }

QLayoutItem* ShyLayout::takeAt(int index) {
  if (itemAt(index) == nullptr) return nullptr;
  QLayoutItem* item = items_[static_cast<std::size_t>(index)].release();
  items_.erase(items_.begin() + index);
  return item;
}

QSize ShyLayout::sizeHint() const {
  int width = 0, height = 0;
  for (const auto& item : items_) {
    if (item->isEmpty()) continue;
    width += (width > 0 ? spacing() : 0) + item->sizeHint().width();
    height = std::max(height, item->sizeHint().height());
  }
  return {width, height};
}

void ShyLayout::setGeometry(const QRect& rect) {
  QLayout::setGeometry(rect);
  int left = rect.left();
  bool fits = true;
  for (const auto& item : items_) {
    if (item->isEmpty()) continue;
    const QSize size = item->sizeHint();
    fits = fits && left + size.width() <= rect.right() + 1;
    item->setGeometry(fits ? QRect(left, rect.top() + (rect.height() - size.height()) / 2, size.width(), size.height()) : QRect(rect.topLeft(), QSize(0, 0)));
    left += size.width() + spacing();
  }
}

QWidget* shyRow(const std::vector<QWidget*>& parts) {
  auto* row = new QWidget;
  row->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
  auto* layout = new ShyLayout(row);
  for (QWidget* part : parts) layout->addWidget(part);
  return row;
}

}  // namespace ui
