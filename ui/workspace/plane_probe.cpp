// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/plane_probe.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "trainer/base/error.h"

namespace ui {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kTakeEveryMilliseconds = 15;
constexpr auto kIdle = std::chrono::milliseconds(700);  ///< without a wish: then the lane is given to others
constexpr std::size_t kOpenPlanes = 4;

}  // namespace

/// What the lane and the window share. Sessions are the lane's alone: one job serves at a time.
struct PlaneProbe::Shared {
  struct Request {
    std::int64_t id = 0;  ///< 0: of a walk
    Plane plane;
    QPointF at;
    analysis::PointWish wish;
  };
  struct Reply {
    std::int64_t id = 0;
    QPointF at;
    analysis::PlanePoint point;
    QString failure;
    double seconds = 0;
  };

  std::mutex mutex;
  std::condition_variable_any wished;
  std::deque<Request> clicks;
  std::optional<Request> step;
  std::vector<Reply> replies;
  std::list<std::pair<Plane, analysis::PlaneSession>> open;  // of the lane

  bool wishes() const { return !clicks.empty() || step.has_value(); }

  std::optional<Request> next(const trainer::Context& context) {
    std::unique_lock lock(mutex);
    wished.wait_for(lock, context.stop, kIdle, [this] { return wishes(); });
    if (!clicks.empty()) {
      Request request = std::move(clicks.front());
      clicks.pop_front();
      return request;
    }
    return std::exchange(step, std::nullopt);
  }

  analysis::PlaneSession& sessionOf(const Plane& plane, const trainer::Context& context) {
    const auto found = std::ranges::find(open, plane, [](const auto& entry) { return entry.first; });
    if (found != open.end()) {
      open.splice(open.begin(), open, found);
      return open.front().second;
    }
    open.emplace_front(plane, analysis::PlaneSession(analysis::planeSpecOf(plane->spec, plane->grid), context));
    if (open.size() > kOpenPlanes) open.pop_back();
    return open.front().second;
  }

  void run(const trainer::Context& context) {
    while (const std::optional<Request> request = next(context)) {
      context.checkpoint();
      Reply reply{.id = request->id, .at = request->at, .point = {}, .failure = {}, .seconds = 0};
      try {
        analysis::PlaneSession& session = sessionOf(request->plane, context);
        const auto started = Clock::now();
        reply.point = session.evaluate(request->at.x(), request->at.y(), request->wish);
        reply.seconds = std::chrono::duration<double>(Clock::now() - started).count();
      } catch (const trainer::Cancelled&) {
        throw;
      } catch (const std::exception& e) {
        reply.failure = QString::fromUtf8(e.what());
      }
      const std::lock_guard lock(mutex);
      replies.push_back(std::move(reply));
    }
    context.checkpoint();
  }
};

PlaneProbe::PlaneProbe(JobQueue& jobs, QObject* parent) : QObject(parent), jobs_(jobs), queue_(&jobs), shared_(std::make_shared<Shared>()) {
  timer_.setInterval(kTakeEveryMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &PlaneProbe::takeReplies);
}

PlaneProbe::~PlaneProbe() {
  if (queue_) queue_->cancel(job_);
}

void PlaneProbe::evaluate(const Plane& plane, QPointF at, const analysis::PointWish& wish, Answer answer) {
  answers_[++lastRequest_] = std::move(answer);
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->clicks.push_back({.id = lastRequest_, .plane = plane, .at = at, .wish = wish});
  }
  serve();
}

void PlaneProbe::walk(const Plane& plane, QPointF at, std::int64_t samples) {
  ++wantedPoints_;
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->step = Shared::Request{.id = 0, .plane = plane, .at = at, .wish = {.samples = samples, .test = false, .gradientNorm = false}};
  }
  serve();
}

double PlaneProbe::walkRate() const { return walkSeconds_ > 0 && walkedPoints_ > 1 ? static_cast<double>(walkedPoints_) / walkSeconds_ : 0; }

void PlaneProbe::serve() {
  shared_->wished.notify_one();
  timer_.start();
  if (job_ != 0) return;  // it sees the wish, or ended() does
  job_ = jobs_.add({.title = QStringLiteral("Points of a plane"), .run = {}, .kind = QStringLiteral("probe"), .lane = Lane::interactive},
                   [shared = shared_](const trainer::Context& context) { shared->run(context); },
                   [self = QPointer<PlaneProbe>(this)](const JobInfo& info) {
                     if (self) self->ended(info);
                   });
}

void PlaneProbe::takeReplies() {
  std::vector<Shared::Reply> replies;
  {
    const std::lock_guard lock(shared_->mutex);
    replies.swap(shared_->replies);
  }
  for (const Shared::Reply& reply : replies) {
    if (reply.id == 0) {
      if (!reply.failure.isEmpty()) {
        emit failed(reply.failure);
        continue;
      }
      if (++walkedPoints_ > 1) walkSeconds_ += reply.seconds;  // the first one reads the samples
      emit walked(reply.at, reply.point);
      continue;
    }
    if (const auto found = answers_.extract(reply.id)) found.mapped()(reply.point, reply.failure);
  }
}

void PlaneProbe::ended(const JobInfo& info) {
  job_ = 0;
  QTimer::singleShot(0, this, [this, id = info.id] { jobs_.remove(id); });
  takeReplies();
  bool more = false;
  {
    const std::lock_guard lock(shared_->mutex);
    if (info.state != JobState::done) shared_->clicks.clear(), shared_->step.reset();
    more = shared_->wishes();
  }
  if (more) return serve();
  timer_.stop();
  // What was stopped before its turn.
  const QString why = info.message.isEmpty() ? QStringLiteral("stopped before it was evaluated") : info.message;
  for (const auto& [id, answer] : std::exchange(answers_, {})) answer({}, why);
}

}  // namespace ui
