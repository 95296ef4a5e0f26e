// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/density_card.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QStackedLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ui/pages/card.h"
#include "ui/scenes/height_scale.h"

namespace ui {
namespace {

constexpr int kSteps = 1000;
constexpr double kFinest = 1.0 / 500, kCoarsest = 1.0 / 5;  ///< sigma as a share of the nodes' range; the slider is logarithmic between them

double shareOf(int step) { return kFinest * std::pow(kCoarsest / kFinest, static_cast<double>(step) / kSteps); }
int stepOf(double share) { return static_cast<int>(std::lround(kSteps * std::log(share / kFinest) / std::log(kCoarsest / kFinest))); }

}  // namespace

DensityCard::DensityCard(QWidget* parent) : QFrame(parent), density_(new DensityChart), overSamples_(new BandChart) {
  QVBoxLayout* column = makeCard(this);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  row->setContentsMargins(8, 0, 4, 0);
  title_ = new QLabel;
  about_ = new ElidedLabel;
  about_->setProperty("role", QStringLiteral("hint"));
  row->addWidget(title_);
  row->addWidget(about_, 1);
  which_ = addSegments(row, this,
                       {{QStringLiteral("density"), QStringLiteral("How the eigenvalues are spread: stochastic Lanczos quadrature")},
                        {QStringLiteral("over N"), QStringLiteral("\u03BBmax against the number of samples: a small subset gives too large a value")}});
  auto* body = new QWidget;
  body_ = new QStackedLayout(body);
  empty_ = new QLabel;
  empty_->setWordWrap(true);
  empty_->setAlignment(Qt::AlignCenter);
  empty_->setMargin(16);
  body_->addWidget(empty_);
  body_->addWidget(density_);
  body_->addWidget(overSamples_);
  column->addWidget(body, 1);
  column->addWidget(makeSmoothing());
  row = addCardBar(column, "cardFooter");
  note_ = new ElidedLabel;
  mass_ = new QLabel;
  row->addWidget(note_, 1);
  row->addWidget(mass_);
  connect(which_, &QButtonGroup::idClicked, this, &DensityCard::refresh);
  refresh();
}

QWidget* DensityCard::makeSmoothing() {
  smoothing_ = new QWidget;
  auto* row = new QHBoxLayout(smoothing_);
  row->setContentsMargins(8, 2, 8, 2);
  row->setSpacing(8);
  row->addWidget(new QLabel(QStringLiteral("Smoothing \u03C3")));
  slider_ = new QSlider(Qt::Horizontal);
  slider_->setObjectName(QStringLiteral("densitySmoothing"));
  slider_->setRange(0, kSteps);
  slider_->setToolTip(QStringLiteral("\u03C3: width of the Gaussian at each node, 1/500 to 1/5 of their range. Default: the range / Lanczos steps. No new products."));
  row->addWidget(slider_, 1);
  value_ = new QLabel;
  value_->setMinimumWidth(52);
  value_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  row->addWidget(value_);
  connect(slider_, &QSlider::valueChanged, this, [this] {
    touched_ = true;
    refresh();
  });
  return smoothing_;
}

void DensityCard::setDensities(std::vector<DensityCurve> curves, const QString& about, double width) {
  if (curves == curves_ && about == densityAbout_ && width == width_) return;
  curves_ = std::move(curves);
  densityAbout_ = about;
  width_ = width;
  const QPointF range = nodeRange(curves_);
  if (!touched_ && width_ > 0) {
    const QSignalBlocker quiet(slider_);
    slider_->setValue(stepOf(width_ / (range.y() - range.x())));
  }
  refresh();
}

void DensityCard::setExtrapolations(std::vector<BandCurve> curves, const QString& about) {
  if (curves == extrapolations_ && about == extrapolationAbout_) return;
  extrapolations_ = std::move(curves);
  extrapolationAbout_ = about;
  refresh();
}

void DensityCard::setColours(const ChartColours& colours) {
  density_->setColours(colours);
  overSamples_->setColours(colours);
}

double DensityCard::sigma() const {
  const QPointF range = nodeRange(curves_);
  return shareOf(slider_->value()) * (range.y() - range.x());
}

void DensityCard::refresh() {
  const bool density = which_->checkedId() == 0, any = density ? !curves_.empty() : !extrapolations_.empty();
  const bool extrapolated = std::ranges::any_of(extrapolations_, [](const BandCurve& curve) { return curve.extrapolated.has_value(); });
  title_->setText(density ? QStringLiteral("<b>Spectral density</b>") : QStringLiteral("<b>\u03BBmax over N</b>"));
  about_->setWords(density ? densityAbout_ : extrapolationAbout_);
  body_->setCurrentIndex(!any ? 0 : density ? 1 : 2);
  smoothing_->setVisible(density && any);
  empty_->setText(density ? QStringLiteral("How the eigenvalues are spread between both ends. Switch on \u201CDensity\u201D in the form and measure.")
                          : QStringLiteral("How \u03BBmax falls with the number of samples, and where it leads. Switch on \u201COver N\u201D in the form and measure."));
  note_->setWords(!any ? QString() : density ? QStringLiteral("no new products: nodes and weights are kept") : extrapolated      ? QStringLiteral("hollow: a line in 1/N read at all samples \u2013 extrapolated, no interval")
                                                     : QStringLiteral("bands: deviation over subsets; measured up to all samples, nothing is extrapolated"));
  mass_->clear();
  if (density && any) {
    double least = 2;  // of all runs: every one should have 1
    for (const DensityCurve& curve : curves_) least = std::min(least, std::accumulate(curve.weights.begin(), curve.weights.end(), 0.0));
    mass_->setText(QStringLiteral("mass <b>%1</b>").arg(least, 0, 'f', 6));
    value_->setText(QStringLiteral("<b>%1</b>").arg(QString::fromStdString(numberText(sigma(), 3))));
  }
  if (density) density_->show(curves_, sigma());
  if (!density) overSamples_->show(extrapolations_, {.xTitle = QStringLiteral("1 / N"), .yTitle = QStringLiteral("\u03BBmax"), .fromZero = true});
}

}  // namespace ui
