// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProxyStyle>

namespace ui {

/// Fusion, below the style sheet, but for what a style sheet cannot say: icons in selected rows keep their colours, as a run's colour is data;
/// sliders draw ticks; what a dock holds paints the panel's colour, whatever its class.
class ThemeStyle : public QProxyStyle {
  Q_OBJECT

 public:
  ThemeStyle() : QProxyStyle(QStringLiteral("Fusion")) {}

  using QProxyStyle::polish;
  void polish(QWidget* widget) override;
  QPixmap generatedIconPixmap(QIcon::Mode mode, const QPixmap& pixmap, const QStyleOption* option) const override;
  void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                          const QWidget* widget) const override;
};

}  // namespace ui
