// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/plane_session.h"

#include "analysis/surface/plane.h"

namespace analysis {

PlaneSession::PlaneSession(const SurfaceSpec& spec, const trainer::Context& context) {
  validate(spec);
  plane_ = atTheEdge([&] { return std::make_unique<Plane>(loadSurfaceRun(spec), spec, context); });
}
PlaneSession::~PlaneSession() = default;
PlaneSession::PlaneSession(PlaneSession&&) noexcept = default;
PlaneSession& PlaneSession::operator=(PlaneSession&&) noexcept = default;

PlaneSession::Point PlaneSession::evaluate(double x, double y) {
  const Plane::Values values = atTheEdge([&] { return plane_->evaluate(x, y); });
  return {values.train.loss, values.train.accuracy, values.test.loss, values.test.accuracy};
}

}  // namespace analysis
