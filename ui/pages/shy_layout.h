// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>
#include <memory>
#include <vector>

namespace ui {

/// A row whose parts give way: what does not fit whole is not drawn at all, the last added first. Its minimum width is 0, so that badges never make a window
/// wider. Parts keep their visibility; what is left out has no size.
class ShyLayout : public QLayout {
 public:
  explicit ShyLayout(QWidget* parent, int spacing = 4);
  ~ShyLayout() override;

  void addItem(QLayoutItem* item) override;
  int count() const override { return static_cast<int>(items_.size()); }
  QLayoutItem* itemAt(int index) const override;
  QLayoutItem* takeAt(int index) override;
  QSize sizeHint() const override;
  QSize minimumSize() const override { return {0, sizeHint().height()}; }
  void setGeometry(const QRect& rect) override;

 private:
  std::vector<std::unique_ptr<QLayoutItem>> items_;
};

/// A widget that holds these in a ShyLayout.
QWidget* shyRow(const std::vector<QWidget*>& parts);

}  // namespace ui
