// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_curves_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>

namespace ui {
namespace {

const char* const kTips[] = {"Mean loss over the whole training set, evaluation mode, as last evaluated", "The same over the test set", "Share of the test set that is classified right",
                             "Norm of the gradient of the training objective on each batch; smoothed, the raw values pale behind it",
                             "Largest eigenvalue of the Hessian while it trains, where it was tracked (Curvature every)"};
const char* const kShort[] = {"train loss", "test loss", "accuracy", "\u2016g\u2016", "\u03BBmax"};

}  // namespace

CompareCurvesView::CompareCurvesView(QWidget* parent) : QWidget(parent) {
  makeControls();
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  for (std::size_t i = 0; i < kQuantities; ++i) {
    charts_[i] = new CurvesChart;
    charts_[i]->setAccessibleName(curveQuantityNames()[static_cast<int>(i)]);
    charts_[i]->setToolTip(QString::fromUtf8(kTips[i]));
    row->addWidget(charts_[i], 1);
  }
  empty_ = new QLabel;
  empty_->setAlignment(Qt::AlignCenter);
  empty_->setWordWrap(true);
  row->addWidget(empty_, 1);
  place();
}

void CompareCurvesView::makeControls() {
  controls_ = new QWidget;
  auto* row = new QHBoxLayout(controls_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(4);
  auto* segments = new QHBoxLayout;
  segments->setSpacing(0);
  for (std::size_t i = 0; i < kQuantities; ++i) {
    auto* button = chosen_[i] = new QToolButton;
    button->setText(QString::fromUtf8(kShort[i]));
    button->setCheckable(true);
    button->setChecked(i == 0 || i == 2);
    button->setToolTip(QString::fromUtf8(kTips[i]));
    button->setProperty("role", QStringLiteral("segment"));
    segments->addWidget(button);
    connect(button, &QToolButton::toggled, this, [this] {
      place();
      emit changed();
    });
  }
  row->addLayout(segments);
  row->addStretch(1);
  row->addWidget(new QLabel(QStringLiteral("x")));
  axis_ = new QComboBox;
  axis_->setObjectName(QStringLiteral("compareAxis"));
  axis_->addItems(abscissaNames());
  axis_->setFixedHeight(22);
  axis_->setToolTip(QStringLiteral("The horizontal axis. Gradient evaluations compare at equal cost: SAM and the penalty need two a step."));
  row->addWidget(axis_);
  smoothing_ = new QSlider(Qt::Horizontal);
  smoothing_->setRange(0, 98);
  smoothing_->setValue(85);
  smoothing_->setFixedWidth(56);
  smoothing_->setToolTip(QStringLiteral("Smoothing of the gradient norm: weight of the exponential mean, 0 to 0.98. Default: 0.85."));
  row->addWidget(smoothing_);
  connect(axis_, &QComboBox::currentIndexChanged, this, &CompareCurvesView::changed);
  connect(smoothing_, &QSlider::valueChanged, this, &CompareCurvesView::changed);
}

void CompareCurvesView::place() {
  bool any = false;
  for (std::size_t i = 0; i < kQuantities; ++i) {
    charts_[i]->setVisible(chosen_[i]->isChecked());
    any = any || chosen_[i]->isChecked();
  }
  empty_->setVisible(!any);
  empty_->setText(QStringLiteral("Choose above what is drawn."));
  smoothing_->setVisible(chosen_[static_cast<std::size_t>(CurveQuantity::gradientNorm)]->isChecked());
}

Abscissa CompareCurvesView::abscissa() const { return static_cast<Abscissa>(axis_->currentIndex()); }
void CompareCurvesView::setAbscissa(Abscissa abscissa) { axis_->setCurrentIndex(static_cast<int>(abscissa)); }

QList<int> CompareCurvesView::quantities() const {
  QList<int> out;
  for (std::size_t i = 0; i < kQuantities; ++i)
    if (chosen_[i]->isChecked()) out << static_cast<int>(i);
  return out;
}

void CompareCurvesView::setQuantities(const QList<int>& quantities) {
  for (std::size_t i = 0; i < kQuantities; ++i) chosen_[i]->setChecked(quantities.contains(static_cast<int>(i)));
}

void CompareCurvesView::show(const Session& session, const std::vector<CompareEntry>& entries) {
  std::int64_t dropped = 0;
  bool seeds = false;
  QStringList missing;
  for (std::size_t i = 0; i < kQuantities; ++i) {
    if (!chosen_[i]->isChecked()) continue;
    CurvesPicture picture = compareCurves(session, entries, static_cast<CurveQuantity>(i), abscissa(), smoothing_->value() / 100.0);
    if (picture.curves.empty() && !entries.empty()) missing << QString::fromUtf8(kShort[i]);
    for (const RunCurve& curve : picture.curves) seeds = seeds || !curve.band.empty();
    charts_[i]->show(std::move(picture));
    dropped += charts_[i]->dropped();
  }
  QStringList notes;
  if (seeds) notes << QStringLiteral("band: mean \u00B1 deviation over seeds, the runs behind it");
  if (!missing.isEmpty()) notes << QStringLiteral("no run has tracked %1").arg(missing.join(QStringLiteral(", ")));
  if (dropped > 0) notes << QStringLiteral("%1 values \u2264 0 not drawn").arg(dropped);
  const QString note = notes.join(QStringLiteral(" \u00B7 "));
  if (note == note_) return;
  note_ = note;
  emit noteChanged();
}

void CompareCurvesView::setColours(const ChartColours& colours) {
  for (CurvesChart* chart : charts_) chart->setColours(colours);
}

}  // namespace ui
