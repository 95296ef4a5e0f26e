// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/run_looks.h"

#include <QGuiApplication>

#include "ui/scenes/height_scale.h"

namespace ui {

RunLooks::RunLooks(const Theme& theme, QObject* parent) : QObject(parent), theme_(theme) {
  connect(&theme, &Theme::changed, this, [this] { swatches_.clear(); });
}

CurveLook RunLooks::look(const SessionRun& run) const {
  CurveLook look = runLook(run.lookIndex, theme_.kind());
  if (run.lineIndex) look.dashes = runLook(*run.lineIndex, theme_.kind()).dashes;
  if (run.markerIndex) look.marker = runLook(*run.markerIndex, theme_.kind()).marker;
  return look;
}

const QPixmap& RunLooks::swatch(const SessionRun& run) const {
  const std::array key{run.lookIndex, run.lineIndex.value_or(run.lookIndex), run.markerIndex.value_or(run.lookIndex)};
  auto found = swatches_.find(key);
  if (found == swatches_.end()) found = swatches_.emplace(key, ui::swatch(look(run), qGuiApp->devicePixelRatio())).first;
  return found->second;
}

BoardRun RunLooks::boardRun(const SessionRun& run) const {
  BoardRun out;
  out.folder = run.folder;
  out.name = run.name;
  out.swatch = swatch(run);
  out.look = look(run);
  out.measurable = run.measurable();
  if (run.state == RunState::waiting) out.waiting = QStringLiteral("Starts when the runs before it are trained.");
  if (run.state == RunState::training) out.waiting = QStringLiteral("Appears when training is done.");
  if (run.state == RunState::failed || run.state == RunState::missing || run.state == RunState::opened) out.waiting = run.message;
  out.curvature = curvatureText(run);
  out.trace = traceText(run);
  return out;
}

std::vector<BoardRun> RunLooks::boardRuns(const Session& session) const {
  std::vector<BoardRun> runs;
  for (const SessionRun& run : session.runs())
    if (run.visible) runs.push_back(boardRun(run));
  return runs;
}

QString traceText(const SessionRun& run) {
  if (!run.parts.trace) return {};
  const analysis::Estimate& trace = run.parts.trace->spectrum.trace->estimate;
  const auto number = [](double v, int digits) { return QString::fromStdString(numberText(v, digits)); };
  QString text = QStringLiteral("tr <b>%1</b>").arg(number(trace.value, 4));
  if (trace.hasError) text += QStringLiteral(" (%1)").arg(number(trace.standardError, 2));
  return text;
}

QString curvatureText(const SessionRun& run) {
  if (!run.spectrum) return {};
  const analysis::Spectrum& s = run.spectrum->spectrum;
  const auto number = [](double v) { return QString::fromStdString(numberText(v, 4)); };
  QString text;
  if (!s.top.empty()) text = QStringLiteral("\u03BBmax <b>%1</b>").arg(number(s.top.front().value));
  if (!s.bottom.empty()) text += QStringLiteral("&nbsp;&nbsp; \u03BBmin <b>%1</b>").arg(number(s.bottom.front().value));
  return text;
}

}  // namespace ui
