// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/eigenvalue_card.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "ui/pages/card.h"

namespace ui {

EigenvalueCard::EigenvalueCard(QWidget* parent) : QFrame(parent), top_(new EigenvalueChart), bottom_(new EigenvalueChart) {
  QVBoxLayout* column = makeCard(this);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  row->addWidget(new QLabel(QStringLiteral("<b>Eigenvalues at both ends</b>")));
  row->addStretch(1);
  legend_ = new QLabel;
  row->addWidget(legend_);
  row->setContentsMargins(8, 0, 4, 0);
  scale_ = addSegments(row, this,
                       {{QStringLiteral("log"), QStringLiteral("Top eigenvalues on a log axis; values \u2264 0 are left out and counted")},
                        {QStringLiteral("lin"), QStringLiteral("Top eigenvalues on a linear axis")}});
  connect(scale_, &QButtonGroup::idClicked, this, &EigenvalueCard::refresh);
  auto* charts = new QHBoxLayout;
  charts->setSpacing(0);
  charts->addWidget(top_, 5);
  charts->addWidget(bottom_, 3);
  column->addLayout(charts, 1);
  row = addCardBar(column, "cardFooter");
  row->addWidget(new QLabel(QStringLiteral("bars: residual \u2016H\u200Aq \u2212 \u03BBq\u2016   hollow: not converged")));
  row->addStretch(1);
  note_ = new QLabel;
  row->addWidget(note_);
}

void EigenvalueCard::show(std::vector<EigenvalueMarks> top, std::vector<EigenvalueMarks> bottom) {
  if (top == topMarks_ && bottom == bottomMarks_) return;
  topMarks_ = std::move(top);
  bottomMarks_ = std::move(bottom);
  refresh();
}

void EigenvalueCard::refresh() {
  QString legend;
  for (const EigenvalueMarks& run : topMarks_) {
    legend += QStringLiteral("<span style='color:%1'>\u25CF</span> %2&nbsp;&nbsp; ").arg(run.look.colour.name(), run.name.toHtmlEscaped());
  }
  legend_->setText(legend);
  top_->show(topMarks_, scale_->checkedId() == 0, QStringLiteral("index from the top"));
  bottom_->show(bottomMarks_, false, QStringLiteral("from below"));
  note_->setText(top_->dropped() > 0 ? QStringLiteral("%1 values \u2264 0 not drawn").arg(top_->dropped()) : QString());
}

void EigenvalueCard::setColours(const ChartColours& colours) {
  top_->setColours(colours);
  bottom_->setColours(colours);
}

}  // namespace ui
