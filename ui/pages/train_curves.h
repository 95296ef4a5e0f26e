// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include "ui/charts/curves_chart.h"
#include "ui/forms/measure_names.h"
#include "ui/workspace/run_looks.h"

namespace ui {

/// What the curves of the Train page are drawn over.
enum class Abscissa { step, epoch, seconds, gradients };
QStringList abscissaNames();

/// Where a step lies on an axis; of a number of steps, where its last one does.
double positionOf(const trainer::StepRecord& record, Abscissa abscissa);
double positionOf(const SessionRun& run, std::int64_t step, Abscissa abscissa);

/// The four pictures of the Train page.
struct TrainCurves {
  CurvesPicture loss, accuracy, gradient, curvature;
  bool validation = false, averages = false;  ///< some run has them
  QStringList noEdge;                         ///< why a run whose curvature is shown has no line of stability there, a sentence a run
};

/// `measure` is the tracked quantity in the picture of curvature: trainer/run/curvature_measures.h.
TrainCurves trainCurves(const Session& session, const RunLooks& looks, Abscissa abscissa, double smoothing, const std::string& measure = "lambda-max");

/// What some run has tracked, in the order of trainer/run/curvature_measures.h.
std::vector<std::string> trackedMeasures(const Session& session);

/// "learning_rate is 0.02 from step 120 on", with the form's letters.
QString eventText(const trainer::RunEvent& event);

/// lambda_max as last measured, while it trained or afterwards.
std::optional<double> lastLambdaMax(const SessionRun& run);

}  // namespace ui
