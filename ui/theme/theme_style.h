// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProxyStyle>

namespace ui {

/// Fusion, below the style sheet, but for two things that a style sheet cannot say: icons in selected rows keep their colours, as a run's
/// colour is data, and sliders draw ticks.
class ThemeStyle : public QProxyStyle {
  Q_OBJECT

 public:
  ThemeStyle() : QProxyStyle(QStringLiteral("Fusion")) {}

  QPixmap generatedIconPixmap(QIcon::Mode mode, const QPixmap& pixmap, const QStyleOption* option) const override;
  void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                          const QWidget* widget) const override;
};

}  // namespace ui
