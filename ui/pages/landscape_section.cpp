// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_section.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/pages/card.h"
#include "ui/scenes/height_scale.h"

namespace ui {

LandscapeSection::LandscapeSection(QWidget* parent) : QFrame(parent), chart_(new SectionChart) {
  QVBoxLayout* column = makeCard(this);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  row->setContentsMargins(8, 0, 4, 0);
  row->setSpacing(0);
  auto* name = new QLabel(QStringLiteral("<b>Section</b>"));
  title_ = new QLabel;
  title_->setContentsMargins(8, 0, 0, 0);
  note_ = new QLabel;
  row->addWidget(name);
  row->addWidget(title_);
  row->addStretch(1);
  row->addWidget(note_);
  axis_ = new QButtonGroup(this);
  for (int i = 0; i < 2; ++i) {
    auto* button = new QToolButton;
    button->setText(i == 0 ? QStringLiteral("x") : QStringLiteral("y"));
    button->setToolTip(i == 0 ? QStringLiteral("Along the first direction, through the probe") : QStringLiteral("Along the second direction, through the probe"));
    button->setCheckable(true);
    button->setChecked(i == 0);
    button->setProperty("role", QStringLiteral("segment"));
    axis_->addButton(button, i);
    row->addWidget(button);
  }
  column->addWidget(chart_, 1);
  connect(axis_, &QButtonGroup::idClicked, this, &LandscapeSection::axisChanged);
}

int LandscapeSection::axis() const { return axis_->checkedId(); }

void LandscapeSection::setAxis(int axis) {
  if (QAbstractButton* button = axis_->button(axis)) button->setChecked(true);
}

void LandscapeSection::show(const std::vector<SectionCurve>& curves, const QString& xName, const QString& yName, QPointF at, const QString& valueName, bool logY) {
  const bool alongX = axis() == 0;
  const QString number = QString::fromStdString(numberText(alongX ? at.y() : at.x(), 3));
  const QString along = alongX ? xName : yName;
  title_->setText(QStringLiteral("along ") + along);
  chart_->show(curves, alongX ? at.x() : at.y(), QStringLiteral("%1 (section at %2 = %3)").arg(along, alongX ? yName : xName, number), valueName, logY);
  note_->setText(chart_->dropped() > 0 ? QStringLiteral("%1 values \u2264 0 not drawn  ").arg(chart_->dropped()) : QString());
}

}  // namespace ui
