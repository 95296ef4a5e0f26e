// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include "ui/charts/curves_chart.h"
#include "ui/workspace/run_looks.h"

namespace ui {

/// What the curves of the Train page are drawn over.
enum class Abscissa { step, epoch, seconds, gradients };
QStringList abscissaNames();

/// The four pictures of the Train page.
struct TrainCurves {
  CurvesPicture loss, accuracy, gradient, curvature;
  bool validation = false, averages = false;  ///< some run has them
  QStringList noEdge;                         ///< why a run whose curvature is shown has no line of stability, a sentence a run
};

TrainCurves trainCurves(const Session& session, const RunLooks& looks, Abscissa abscissa, double smoothing);

/// "learning_rate is 0.02 from step 120 on", with the form's letters.
QString eventText(const trainer::RunEvent& event);

/// lambda_max as last measured, while it trained or afterwards.
std::optional<double> lastLambdaMax(const SessionRun& run);

}  // namespace ui
