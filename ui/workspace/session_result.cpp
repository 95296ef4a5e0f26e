// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/session_result.h"

#include <filesystem>
#include <utility>

#include "ui/pages/measure_fields.h"

namespace ui {
namespace {

QString stepText(std::int64_t step) { return QStringLiteral("step %1").arg(grouped(step)); }

/// "spectrum", with what is in it where that is no eigenvalue alone: "spectrum, density, by layer".
QString spectrumName(const analysis::Spectrum& s) {
  QString name = QStringLiteral("spectrum");
  if (s.density) name += QStringLiteral(", density");
  if (s.trace) name += QStringLiteral(", trace");
  if (!s.layers.empty()) name += QStringLiteral(", by layer");
  if (s.extrapolation) name += QStringLiteral(", over N");
  return name;
}

QString surfaceName(const analysis::SurfaceSpec& spec, bool slice) {
  if (slice || !spec.y) return QStringLiteral("slice %1").arg(axisWord(spec.x.kind));
  return QStringLiteral("surface %1 \u00D7 %2").arg(axisWord(spec.x.kind), axisWord(spec.y->kind));
}

}  // namespace

QString axisWord(const std::string& kind) {
  const auto colon = kind.find(':');
  const std::string word = kind.substr(0, colon);
  if (word != "toward" && word != "file") return QString::fromStdString(kind);
  return QString::fromStdString(word + " " + std::filesystem::path(kind.substr(colon + 1)).filename().string());
}

SessionResult sessionResult(std::shared_ptr<const analysis::SpectrumResult> r, const std::string& file) {
  return {.kind = QStringLiteral("spectrum"), .name = spectrumName(r->spectrum), .figure = stepText(r->spectrum.step), .file = file, .value = std::move(r)};
}

SessionResult sessionResult(std::shared_ptr<const analysis::SurfaceResult> r, const std::string& file) {
  const analysis::SurfaceGrid& grid = r->grid;
  const QString size = grid.slice ? grouped(grid.columns()) : QStringLiteral("%1 \u00D7 %2").arg(grid.columns()).arg(grid.rows());
  return {.kind = grid.slice ? QStringLiteral("slice") : QStringLiteral("surface"), .name = surfaceName(r->spec, grid.slice), .figure = size, .file = file, .value = std::move(r)};
}

SessionResult sessionResult(std::shared_ptr<const analysis::SharpnessResult> r, const std::string& file) {
  return {.kind = QStringLiteral("sharpness"), .name = QStringLiteral("sharpness"), .figure = stepText(r->sharpness.step), .file = file, .value = std::move(r)};
}

SessionResult sessionResult(std::shared_ptr<const analysis::InvarianceResult> r, const std::string& file) {
  return {.kind = QStringLiteral("invariance"), .name = QStringLiteral("invariance"), .figure = stepText(r->invariance.step), .file = file, .value = std::move(r)};
}

SessionResult sessionResult(std::shared_ptr<const analysis::CheckResult> r, const std::string& file) {
  return {.kind = QStringLiteral("check"), .name = QStringLiteral("self-check"), .figure = QString(), .file = file, .value = std::move(r)};
}

SessionResult sessionResult(const analysis::Result& result, const std::string& file) {
  return std::visit(
      [&](const auto& r) -> SessionResult {
        using Kind = std::decay_t<decltype(r)>;
        if constexpr (std::is_constructible_v<SessionResult::Value, std::shared_ptr<const Kind>>) {
          return sessionResult(std::make_shared<const Kind>(r), file);
        } else {  // a measure that no page shows: its file's name says what it is
          const QString name = QString::fromStdString(std::filesystem::path(file).stem().string()).section(QLatin1Char('_'), 0, 0);
          return {.kind = name, .name = name, .figure = QString(), .file = file, .value = {}};
        }
      },
      result);
}

}  // namespace ui
