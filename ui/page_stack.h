// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStackedWidget>

namespace ui {

/// One page in front; only that one says how small the window can be.
class PageStack : public QStackedWidget {
 public:
  explicit PageStack(QWidget* parent = nullptr) : QStackedWidget(parent) {
    connect(this, &QStackedWidget::currentChanged, this, [this] { updateGeometry(); });
  }
  QSize minimumSizeHint() const override { return currentWidget() != nullptr ? currentWidget()->minimumSizeHint() : QSize(); }
};

}  // namespace ui
