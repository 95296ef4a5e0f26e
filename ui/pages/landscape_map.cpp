// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_map.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPixmap>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/pages/card.h"

namespace ui {

LandscapeMap::LandscapeMap(QWidget* parent) : QFrame(parent), chart_(new MapChart) {
  QVBoxLayout* column = makeCard(this);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  row->setContentsMargins(8, 0, 4, 0);
  swatch_ = new QLabel;
  name_ = new ElidedLabel;
  name_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  name_->setProperty("role", QStringLiteral("second"));
  whole_ = new QToolButton;
  whole_->setAutoRaise(true);
  whole_->setToolTip(QStringLiteral("Shows all of it again (double click)"));
  whole_->hide();
  row->addWidget(swatch_);
  row->addWidget(new QLabel(QStringLiteral("<b>Map</b>")));
  row->addWidget(name_, 1);
  row->addWidget(whole_);
  column->addWidget(chart_, 1);
  chart_->setToolTip(QStringLiteral("Drag moves the cross-hair and the section, the wheel zooms, a click measures and pins"));
  connect(whole_, &QToolButton::clicked, this, [this] { chart_->setZoom({}); });
  connect(chart_, &MapChart::zoomChanged, this, [this] { whole_->setVisible(!chart_->zoom().isEmpty()); });
}

void LandscapeMap::setRun(const QString& name, const QPixmap& swatch) {
  name_->setWords(name);
  swatch_->setPixmap(swatch);
  swatch_->setVisible(!swatch.isNull());
}

void LandscapeMap::setIcon(const QIcon& reset) { whole_->setIcon(reset); }

}  // namespace ui
