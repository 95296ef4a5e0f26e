// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/surface/plane_session.h"

#include "analysis/sharpness/ball.h"
#include "analysis/surface/plane.h"
#include "trainer/device.h"

namespace analysis {
namespace {

constexpr std::int64_t kSurfaceSamples = -1;

SurfaceSpec withoutExtras(SurfaceSpec spec) {
  spec.saveDirections.clear();
  spec.fields.clear(), spec.trajectoriesOf.clear(), spec.tolerance.reset();
  spec.trajectory = spec.samStep = false;
  return spec;
}

}  // namespace

/// A set of samples and who evaluates on it.
struct PlaneSession::Samples {
  std::optional<LoadedRun> own;  ///< empty: the plane's
  const LoadedRun& run;
  PointEvaluator evaluate;
  double centre = 0;
  Samples(const LoadedRun& of, const MeasureSpec& measure) : run(of), evaluate(run, measure) {}
  Samples(LoadedRun&& loaded, const MeasureSpec& measure) : own(std::move(loaded)), run(*own), evaluate(run, measure) {}
};

PlaneSession::PlaneSession(SurfaceSpec spec, const trainer::Context& context) : spec_(withoutExtras(std::move(spec))) {
  validate(spec_);
  plane_ = atTheEdge([&] { return std::make_unique<Plane>(loadSurfaceRun(spec_), spec_, context); });
}
PlaneSession::~PlaneSession() = default;
PlaneSession::PlaneSession(PlaneSession&&) noexcept = default;
PlaneSession& PlaneSession::operator=(PlaneSession&&) noexcept = default;

PlaneSession::Samples& PlaneSession::samplesOf(const PointWish& wish) {
  const LoadedRun& run = plane_->run();
  const bool fewer = wish.samples && *wish.samples != 0 && *wish.samples < run.train->sampleCount();
  const std::int64_t key = wish.samples && (fewer || *wish.samples == 0) ? *wish.samples : kSurfaceSamples;
  std::unique_ptr<Samples>& found = samples_[key];
  if (found) return *found;
  if (key == kSurfaceSamples) {
    found = std::make_unique<Samples>(run, spec_.measure);
  } else {
    SurfaceSpec other = spec_;
    other.measure.samples = key;
    other.measure.step = std::to_string(run.step);
    found = std::make_unique<Samples>(loadSurfaceRun(other), other.measure);
  }
  found->centre = found->evaluate.samplesOnly(plane_->pointAt(0, 0), plane_->statisticsAt(0, 0)).train.loss;
  return *found;
}

PlaneSession::Point PlaneSession::evaluate(double x, double y, const PointWish& wish) {
  return atTheEdge([&] {
    trainer::useThreads(spec_.measure.threads);  // another job of this thread may have set its own
    const Samples& samples = samplesOf(wish);
    const at::Tensor& theta = plane_->pointAt(x, y);
    const at::Tensor statistics = plane_->statisticsAt(x, y);
    const SetValues values = wish.test ? samples.evaluate(theta, statistics) : samples.evaluate.samplesOnly(theta, statistics);
    Point p{.trainLoss = values.train.loss, .trainAccuracy = values.train.accuracy, .aboveCentre = values.train.loss - samples.centre, .samples = samples.run.train->sampleCount()};
    if (wish.test) {
      p.testLoss = values.test.loss, p.testAccuracy = values.test.accuracy;
      p.testSamples = spec_.measure.split == "test" ? p.samples : samples.run.test->sampleCount();
    }
    if (wish.gradientNorm && !plane_->statisticsMove()) p.gradientNorm = normOf(samples.run.train->gradient(theta));
    return p;
  });
}

SurfaceSpec planeSpecOf(SurfaceSpec spec, const SurfaceGrid& grid) {
  spec = withoutExtras(std::move(spec));
  spec.measure.step = std::to_string(grid.step);
  return spec;
}

}  // namespace analysis
