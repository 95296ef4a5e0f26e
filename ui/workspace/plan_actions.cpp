// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/plan_actions.h"

#include <QMenu>
#include <cmath>

#include "ui/dialogs/plan_dialog.h"
#include "ui/forms/run_cost.h"
#include "ui/forms/run_form.h"
#include "ui/jobs/job_model.h"
#include "ui/pages/measure_fields.h"
#include "ui/workspace/workbench.h"

namespace ui {

QString planCost(const std::vector<trainer::RunSpec>& specs, const Session& session, std::int64_t threads) {
  std::int64_t steps = 0;
  double gradients = 0, seconds = 0;
  bool stepsKnown = true, secondsKnown = true, about = false;
  QString from;
  for (const trainer::RunSpec& spec : specs) {
    const RunCost cost = costOf(spec, session.runs(), threads);
    stepsKnown = stepsKnown && cost.steps;
    secondsKnown = secondsKnown && cost.seconds;
    about = about || cost.aboutSteps;
    if (cost.steps) steps += *cost.steps, gradients += cost.gradientsPerStep * static_cast<double>(*cost.steps);
    if (cost.seconds) seconds += *cost.seconds, from = cost.from;
  }
  QString text = QStringLiteral("%1 %2, one after the other").arg(specs.size()).arg(specs.size() == 1 ? QStringLiteral("run") : QStringLiteral("runs"));
  if (!stepsKnown) return text + QStringLiteral("; steps and seconds: known once the data is read.");
  text += QStringLiteral(": %1%2 steps, %3 gradients").arg(about ? QStringLiteral("about ") : QString(), grouped(steps), grouped(std::llround(gradients)));
  if (!secondsKnown) return text + QStringLiteral("; seconds: known after the first steps.");
  return text + QStringLiteral(", about %1 at the pace of %2.").arg(durationText(std::max(1.0, seconds)), from);
}

void addPlans(QMenu* menu, QWidget* window, Session& session, Workbench& workbench, const RunForm& form) {
  const auto open = [window, &session, &workbench](PlanDialog* dialog) {
    dialog->setCost([&session, &workbench](const std::vector<trainer::RunSpec>& specs) { return planCost(specs, session, workbench.threadsPerLane()); });
    QObject::connect(dialog, &PlanDialog::planned, window, [&workbench](const GroupPlan& plan) { workbench.trainGroup(plan); });
    dialog->show();
  };
  const auto add = [&](const QString& text, const QString& tip, auto make) {
    QAction* action = menu->addAction(text, window, [open, make] { open(make()); });
    action->setToolTip(tip);
    action->setStatusTip(tip);
  };
  add(QStringLiteral("SGD &vs SAM vs penalty\u2026"), QStringLiteral("Runs that differ in the optimizer alone: one form, same seed, start and data order"), [window] { return new ComparisonDialog(window); });
  add(QStringLiteral("&\u03B1 from 0 to 1\u2026"), QStringLiteral("From plain to SAM over seeds, with \u03BBmax of each"), [window] { return new AlphaDialog(window); });
  add(QStringLiteral("&Sweep\u2026"), QStringLiteral("Any fields of a run times values, over seeds"), [window, &form] { return new SweepDialog(form.spec(), window); });
}

}  // namespace ui
