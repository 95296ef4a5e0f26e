// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/training.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "trainer/base/error.h"
#include "trainer/base/random.h"
#include "trainer/optim/options_of.h"
#include "trainer/run/mini_batch.h"
#include "trainer/run/recomputed_buffers.h"
#include "trainer/run/scheduled_steps.h"

namespace trainer {
namespace {

constexpr const char* kEndPending = "epoch_end_pending";

bool isOf(const std::vector<EvaluationRecord>& list, std::int64_t step) { return !list.empty() && list.back().step == step; }

/// What ends a run early, within this file.
struct Diverged {
  std::string reason;
};

Diverged diverged(const char* what, std::int64_t step) {
  return {fmt::format("the {} is not finite at step {}; a smaller --learning-rate may help", what, step)};
}

RunWriter writerOf(const TrainingStart& start, const RunSpec& spec) {
  if (start.state) return {start.folder, RunWriter::Existing{}};
  return {start.folder, spec, start.events};
}

/// a's vectors and numbers, then b's.
void append(OptimizerState& a, OptimizerState b) {
  a.vectors.insert(a.vectors.end(), b.vectors.begin(), b.vectors.end());
  a.numbers.merge(b.numbers);
}

}  // namespace

Training::Training(PreparedRun run, TrainingStart start, const TrainObserver& observer, const Context& context, const TrainOptions& options)
    : run_(std::move(run)),
      folder_(start.folder),
      observer_(observer),
      context_(context),
      theta_(initialise(run_.model->layout(), run_.spec.seed, run_.dtype).to(run_.device())),
      buffers_(run_.model->initialBuffers(run_.dtype).to(run_.device())),
      base_(makeBaseStep(baseOptionsOf(run_.spec), run_.model->layout(), theta_)),
      sharpness_(sharpnessOptionsOf(run_.spec), run_.model->layout()),
      schedule_(scheduleOptionsOf(run_.spec, run_.totalSteps())),
      rate_(*run_.spec.learningRate),
      averages_(run_.spec.ema, {theta_, buffers_}),
      log_(run_.device()),
      changes_(start.folder, options.controls, start.events),
      writer_(writerOf(start, run_.spec)),
      record_(std::move(start.record)) {
  if (run_.spec.curvatureEvery) curvature_.emplace(run_, options.curvature);
  record_.folder = folder_.string();
  record_.parameters = run_.model->layout().size();
  record_.trainItems = run_.data.train.count();
  record_.dataHash = run_.data.hash;
  record_.status = RunStatus::running;
  if (start.state) restore(*start.state);
  record_.events = start.events;
  kept_ = {theta_.clone(), buffers_.clone()};
  keptStep_ = record_.steps;
}

void Training::restore(const TrainingState& state) {
  theta_.copy_(state.theta);
  if (state.buffers.defined()) buffers_.copy_(state.buffers);
  OptimizerState optimizer = state.optimizer;
  for (auto& [name, vector] : optimizer.vectors) vector = vector.to(run_.device());
  base_->restore(optimizer);
  sharpness_.restore(optimizer);
  averages_.restore(optimizer);
  if (curvature_) curvature_->restore(optimizer);
  gradientEvaluations_ = state.gradientEvaluations;
  endPending_ = numberOf(optimizer, kEndPending) != 0;
  record_.steps = state.step;
  if (!endPending_) savedStep_ = state.step;
}

RunRecord Training::run() {
  for (const std::string& sentence : run_.notes) note(sentence);
  if (observer_.started) observer_.started(run_.spec, run_.totalSteps(), record_.parameters);
  try {
    if (savedStep_ < 0) finishEpoch(record_.steps / run_.stepsPerEpoch());
    while (record_.steps < run_.totalSteps()) runEpoch();
    record_.status = RunStatus::completed;
  } catch (const Cancelled&) {
    record_.status = RunStatus::stopped;
  } catch (const Diverged& d) {
    record_.status = RunStatus::diverged;
    record_.reason = d.reason;
    restoreKept();
  }
  finish();
  return std::move(record_);
}

/// What is left of the epoch that is under way.
void Training::runEpoch() {
  const std::int64_t epoch = record_.steps / run_.stepsPerEpoch(), count = run_.data.train.count();
  const at::Tensor order = at::tensor(epochOrder(count, run_.spec.seed, epoch), at::kLong).to(run_.device());
  try {
    for (std::int64_t start = record_.steps % run_.stepsPerEpoch() * run_.batchSize; start < count; start += run_.batchSize) {
      context_.checkpoint();
      takeStep(order.narrow(0, start, std::min(run_.batchSize, count - start)));
      context_.report({.stage = fmt::format("epoch {} of {}", epoch + 1, run_.spec.epochs), .unit = "steps", .done = record_.steps, .total = run_.totalSteps()});
    }
  } catch (const Cancelled&) {
    fetchSteps();
    throw;
  }
  fetchSteps();
  finishEpoch(epoch + 1);
}

/// What is due behind `epoch` epochs, 0 for the start. The order is what resuming rests on: all that belongs to a step is written before its checkpoint. Where a
/// stop comes between, its checkpoint says so, and the rest is done on resuming; what is already there is not done twice.
void Training::finishEpoch(std::int64_t epoch) {
  if (!endPending_ && run_.spec.swaFrom && epoch >= *run_.spec.swaFrom) averages_.addEpoch({theta_, buffers_});
  endPending_ = true;
  evaluateHere();
  evaluateAverages();
  const bool last = epoch == run_.spec.epochs;
  if (run_.spec.curvatureEvery && (epoch % *run_.spec.curvatureEvery == 0 || last)) trackCurvature();
  endPending_ = false;
  if (epoch % run_.spec.checkpointEvery == 0 || last) saveCheckpoint();
}

void Training::applyChanges() {
  std::string dropped;
  for (const HandChanges::Due& due : changes_.next(record_.steps + 1, &dropped)) {
    const RunEvent& event = due.event;
    if (event.name != "learning_rate" && !applies(run_.spec, event.name)) {
      note(fmt::format("{} is not used by this run and was not changed", event.name));
      continue;
    }
    if (event.name == "learning_rate") rate_ = event.value;
    if (event.name == "rho") sharpness_.setRho(event.value);
    if (event.name == "alpha") sharpness_.setAlpha(run_.spec.sharpness == "penalty" ? std::min(1.0, event.value) : event.value);
    if (due.isNew) {
      record_.events.push_back(event);
      writer_.addEvent(event);
    }
    if (observer_.event) observer_.event(event);
  }
  if (!dropped.empty()) note(dropped);
}

void Training::takeStep(const at::Tensor& items) {
  applyChanges();
  const Clock::time_point started = Clock::now();
  MiniBatch batch = batchOf(run_, items, buffers_, record_.steps);
  const StepGradient g = sharpness_.gradient(batch, theta_, record_.steps);
  StepRecord r{.step = record_.steps + 1, .learningRate = rate_ * scheduleFactor(schedule_, record_.steps)};
  log_.add(r, g.loss, g.gradientNorm);
  at::where_out(kept_.theta, log_.good(), theta_, kept_.theta);
  at::where_out(kept_.buffers, log_.good(), buffers_, kept_.buffers);
  base_->apply(theta_, clipToNorm(g.combined, run_.spec.clipNorm), r.learningRate);
  buffers_ = batch.updatedBuffers();
  if (run_.spec.ema) averages_.addStep({theta_, buffers_});

  record_.steps = r.step;
  record_.seconds += std::chrono::duration<double>(Clock::now() - started).count();
  gradientEvaluations_ += g.evaluations;
  log_.last().epoch = epochsDone();
  log_.last().seconds = record_.seconds;
  log_.last().gradientEvaluations = gradientEvaluations_;
  if (log_.full()) fetchSteps();
}

void Training::fetchSteps() {
  const Clock::time_point started = Clock::now();
  const StepLog::Fetched fetched = log_.fetch();
  record_.seconds += std::chrono::duration<double>(Clock::now() - started).count();
  for (const StepRecord& r : fetched.records) {
    keptStep_ = r.step - 1;
    record_.stepRecords.push_back(r);
    writer_.addStep(r);
    if (observer_.step) observer_.step(r);
  }
  if (const auto& bad = fetched.notFinite) throw diverged(std::isfinite(bad->loss) ? "gradient" : "training loss", bad->step - 1);
}

EvaluationRecord Training::evaluationOf(const ModelPoint& at) {
  const LossAndAccuracy train = evaluate(run_, at, run_.data.train, context_);
  if (record_.status == RunStatus::running && !std::isfinite(train.loss)) throw diverged("training loss", record_.steps);
  const LossAndAccuracy test = evaluate(run_, at, run_.data.test, context_);
  EvaluationRecord e{record_.steps, train.loss, train.accuracy, test.loss, test.accuracy};
  if (run_.data.validation.count() > 0) {
    const LossAndAccuracy validation = evaluate(run_, at, run_.data.validation, context_);
    e.validationLoss = validation.loss;
    e.validationAccuracy = validation.accuracy;
  }
  return e;
}

/// @throws Diverged while training is under way and the training loss is not finite.
void Training::evaluateHere() {
  if (isOf(record_.evaluations, record_.steps)) return;
  record_.evaluations.push_back(evaluationOf(here()));
  writer_.addEvaluation(record_.evaluations.back());
  if (observer_.evaluation) observer_.evaluation(record_.evaluations.back());
}

void Training::evaluateAverages() {
  const auto add = [&](std::vector<EvaluationRecord>& list, const ModelPoint& at, EvaluatedModel model) {
    if (isOf(list, record_.steps)) return;
    list.push_back(evaluationOf(at));
    writer_.addEvaluation(list.back(), model);
  };
  if (run_.spec.ema) add(record_.emaEvaluations, {averages_.exponential().theta, averages_.exponential().buffers}, EvaluatedModel::ema);
  if (averages_.epochs() == 0) return;
  swa_ = {averages_.mean().theta.clone(), averageBuffers(averages_.mean().theta)};
  add(record_.swaEvaluations, swa_, EvaluatedModel::swa);
}

at::Tensor Training::averageBuffers(const at::Tensor& theta) {
  const at::Tensor recomputed = recomputedBuffers(*run_.model, theta, {.data = run_.data.train, .normalisation = *run_.spec.normalisation, .batch = run_.batchSize}, context_);
  return recomputed.defined() ? recomputed : buffers_.clone();
}

void Training::trackCurvature() {
  if (!record_.curvature.empty() && record_.curvature.back().step == record_.steps) return;
  if (!curvature_->affords(record_.curvature, gradientEvaluations_)) return;
  const TrackedCurvature::Place place{.theta = theta_, .buffers = buffers_, .base = *base_, .sharpness = sharpness_, .step = record_.steps};
  record_.curvature.push_back(curvature_->measure(place, record_.events, context_));
  writer_.addCurvature(record_.curvature.back());
  if (observer_.curvature) observer_.curvature(record_.curvature.back());
}

TrainingState Training::state() const {
  TrainingState s{.step = record_.steps, .epoch = epochsDone(), .gradientEvaluations = gradientEvaluations_, .theta = theta_, .buffers = buffers_, .complete = record_.status != RunStatus::diverged,
                  .optimizer = {}};
  if (!s.complete) return s;
  s.optimizer = base_->state();
  append(s.optimizer, sharpness_.state());
  append(s.optimizer, averages_.state());
  if (curvature_) append(s.optimizer, curvature_->state());
  if (endPending_) s.optimizer.numbers[kEndPending] = 1;
  return s;
}

void Training::saveCheckpoint() {
  if (savedStep_ == record_.steps) return;
  writer_.flush();
  std::vector<AveragedCheckpoint> averages;
  const TrainingState now = state();
  if (now.complete && run_.spec.ema) averages.push_back({"ema", averages_.exponential().theta, averages_.exponential().buffers});
  if (now.complete && swa_.theta.defined()) averages.push_back({"swa", swa_.theta, swa_.buffers});
  writeTrainingState(folder_, *run_.model, now, averages);
  savedStep_ = record_.steps;
  removeUnscheduled(folder_, run_.spec, run_.stepsPerEpoch(), record_.steps);
}

void Training::restoreKept() {
  theta_.copy_(kept_.theta);
  buffers_.copy_(kept_.buffers);
  record_.steps = keptStep_;
}

/// A stop is answered at once: what a stopped run reports is its last evaluation.
void Training::finish() {
  if (record_.status != RunStatus::stopped) evaluateHere();
  saveCheckpoint();
  const bool measured = record_.status != RunStatus::stopped;
  record_.gradientNorm = measured ? fullGradient(run_, here()).norm().item<double>() : std::numeric_limits<double>::quiet_NaN();
  record_.parameterNorm = theta_.to(at::kDouble).norm().item<double>();
  record_.epochs = epochsDone();
  writer_.writeSummary(run_.spec, record_);
}

}  // namespace trainer
