// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/status_line.h"

#include <QLabel>
#include <QStatusBar>
#include <QTimer>
#include <fstream>

#include "trainer/device.h"
#include "ui/jobs/job_queue.h"

namespace ui {
namespace {

/// Resident memory in MiB, 0 where the system does not say.
double memoryMib() {
  std::ifstream status("/proc/self/statm");
  long long size = 0, resident = 0;
  status >> size >> resident;
  return static_cast<double>(resident) * 4096 / (1 << 20);
}

}  // namespace

void fillStatusBar(QStatusBar* bar, const JobQueue& jobs, int threadsPerLane) {
  const std::string device = trainer::availableDevices().back();
  auto* where = new QLabel(QStringLiteral("%1 \u00B7 %2 %3 each for training and analysis")
                               .arg(device == "cpu" ? QStringLiteral("CPU") : QString::fromStdString(trainer::deviceDescription(device)))
                               .arg(threadsPerLane).arg(threadsPerLane == 1 ? QStringLiteral("thread") : QStringLiteral("threads")));
  where->setToolTip(QStringLiteral("Where the jobs run unless a form says otherwise"));
  auto* work = new QLabel;
  auto* memory = new QLabel;
  memory->setToolTip(QStringLiteral("Memory this program uses"));
  bar->setSizeGripEnabled(false);
  bar->addWidget(where);
  bar->addPermanentWidget(work);
  bar->addPermanentWidget(memory);
  bar->addPermanentWidget(new QLabel(QStringLiteral("sums in float64")));
  const auto refresh = [=, &jobs] {
    work->setText(jobs.idle() ? QStringLiteral("idle") : QStringLiteral("%1 running, %2 queued").arg(jobs.running()).arg(jobs.queued()));
    memory->setText(QStringLiteral("memory %1 MB").arg(memoryMib(), 0, 'f', 0));
  };
  auto* timer = new QTimer(bar);
  QObject::connect(timer, &QTimer::timeout, bar, refresh);
  QObject::connect(&jobs, &JobQueue::stateChanged, bar, refresh);
  timer->start(2000);
  refresh();
}

}  // namespace ui
