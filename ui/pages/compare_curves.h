// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include "ui/charts/curves_chart.h"
#include "ui/pages/compare_entries.h"
#include "ui/pages/train_curves.h"

namespace ui {

/// What the overlaid curves show. Train and test loss and accuracy are evaluations over the whole set; gradient norm is that of each batch, lambda_max as tracked.
enum class CurveQuantity { trainLoss, testLoss, accuracy, gradientNorm, lambdaMax };
QStringList curveQuantityNames();

/// A curve an entry; an entry of several seeds is their mean with a band of their standard deviation (n - 1), the seeds pale behind it. The mean is taken where
/// every seed has a value: at the abscissae of its first seed within the range that all cover, the others interpolated linearly.
CurvesPicture compareCurves(const Session& session, const std::vector<CompareEntry>& entries, CurveQuantity quantity, Abscissa abscissa, double smoothing);

}  // namespace ui
