// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <cmath>
#include <set>

#include "analysis/bench/bench_targets.h"
#include "analysis/bench/in_turn.h"
#include "analysis/bench/measure_bench.h"
#include "analysis/bench/workload.h"
#include "analysis/export/result_file.h"
#include "tests/trainer/temporary_folder.h"
#include "trainer/base/error.h"
#include "trainer/device.h"
#include "trainer/model/checkpoint.h"
#include "trainer/optim/options_of.h"
#include "trainer/run/run_store.h"
#include "trainer/run/train.h"

#include <nlohmann/json.hpp>

namespace analysis {
namespace {

/// A network that is measured in well under a second.
BenchSpec tinySpec() {
  BenchSpec s;
  s.measure.device = "cpu", s.measure.threads = 1, s.measure.memoryBytes = std::int64_t{1} << 30;
  s.nets = {"mlp:20-8-4"};
  s.budgetSeconds = 600;  // far more than 20 rounds of everything take
  return s;
}

TEST(InTurn, MedianAndIntervalOfKnownNumbers) {
  const BenchQuantity one = medianOf("x", {3});
  EXPECT_EQ(one, (BenchQuantity{.name = "x", .value = 3, .low = 3, .high = 3, .coverage = 0, .repetitions = 1}));
  EXPECT_EQ(medianOf("x", {4, 1, 2}), (BenchQuantity{.name = "x", .value = 2, .low = 1, .high = 4, .coverage = 0.75, .repetitions = 3}));
  // Six values: 1 - 2 (1/2)^6. Eight: the second smallest and largest would have 1 - 2 (1 + 8)/256 = 0.93, so it is the outermost.
  EXPECT_EQ(medianOf("x", {6, 5, 4, 3, 2, 1}), (BenchQuantity{.name = "x", .value = 3.5, .low = 1, .high = 6, .coverage = 0.96875, .repetitions = 6}));
  EXPECT_EQ(medianOf("x", {8, 7, 6, 5, 4, 3, 2, 1}), (BenchQuantity{.name = "x", .value = 4.5, .low = 1, .high = 8, .coverage = 0.9921875, .repetitions = 8}));
  // Nine: 1 - 2 (1 + 9)/512 = 0.961 with the second ones. Twenty: the sixth ones, 0.9586 (a table of the sign test).
  const BenchQuantity nine = medianOf("x", {9, 8, 7, 6, 5, 4, 3, 2, 1});
  EXPECT_EQ(nine, (BenchQuantity{.name = "x", .value = 5, .low = 2, .high = 8, .coverage = 1 - 20.0 / 512, .repetitions = 9}));
  std::vector<double> twenty;
  for (int i = 1; i <= 20; ++i) twenty.push_back(i);
  const BenchQuantity many = medianOf("x", twenty);
  EXPECT_EQ(many.low, 6);
  EXPECT_EQ(many.high, 15);
  EXPECT_NEAR(many.coverage, 0.9586, 5e-5);
  EXPECT_THROW(medianOf("x", {}), std::invalid_argument);
}

TEST(InTurn, TheRatioIsTheMedianOfPairsNotOfMedians) {
  // Pairs 2/1, 30/10, 4/1: median 3, where the quotient of the medians is 4.
  const BenchQuantity q = medianRatio("r", {2, 30, 4}, {1, 10, 1});
  EXPECT_EQ(q.value, 3);
  EXPECT_EQ(q.low, 2);
  EXPECT_EQ(q.high, 4);
  EXPECT_EQ(medianRatio("r", {2, 30, 4}, {1, 10, 1}, 2).value, 1.5);
  EXPECT_THROW(medianRatio("r", {1, 2}, {1}), std::invalid_argument);
}

TEST(InTurn, EveryPieceHasAsManyRoundsAndOneThatIsNotCounted) {
  std::string order;
  const auto piece = [&](char c) { return Piece([&order, c] { order += c; return at::ones({2}); }); };
  const auto t = timeInTurn({piece('a'), piece('b')}, {.seconds = 0, .least = 3}, {});
  EXPECT_EQ(order, "ababbaab");
  ASSERT_EQ(t.size(), 2u);
  for (const auto& seconds : t) EXPECT_EQ(seconds.size(), 3u);
  order.clear();
  timeInTurn({piece('a'), piece('b')}, {.seconds = 0, .least = 1, .piece = 1e9}, {});
  EXPECT_EQ(order, "ab" + std::string(20, 'a') + std::string(20, 'b'));
  EXPECT_EQ(timeInTurn({piece('a')}, {.seconds = 1e9, .least = 1, .most = 4}, {})[0].size(), 4u);
}

TEST(BenchTargets, AreThoseOfTheTable) {
  std::set<std::string_view> names;
  for (const BenchTarget& t : benchTargets()) EXPECT_TRUE(names.insert(t.name).second) << t.name;
  const auto expect = [](const char* name, const char* net, double floor, double target) {
    EXPECT_EQ(benchTarget(name, net).floor, floor) << name;
    EXPECT_EQ(benchTarget(name, net).target, target) << name;
  };
  expect("hessian_product_per_gradient", "resnet20", 2, 2.1);
  expect("hessian_product_per_gradient", "vit", 2, 2.3);
  expect("hessian_product_rebuilt_per_gradient", "resnet20", 3, 3.1);
  expect("gauss_newton_product_per_gradient", "resnet20", 4.0 / 3, 1.5);
  expect("double_product_per_float_product", "resnet20", 2, 4);
  expect("sam_step_per_plain_step", "lenet", 2, 2.03);
  expect("penalty_step_per_plain_step", "lenet", 2, 2.03);
  expect("grid_point_per_forward", "cnn", 1, 1.05);
  expect("lanczos_vector_work_per_products", "resnet20", 0, 0.05);
  expect("lambda_max_products", "resnet20", 6, 10);
  expect("tracking_share", "resnet20", 0, 0.1);
  EXPECT_TRUE(benchTarget("walk_points_per_second", "lenet").atLeast);
  EXPECT_TRUE(benchTarget("walk_points_per_second", "lenet").metBy(30));
  EXPECT_FALSE(benchTarget("walk_points_per_second", "lenet").metBy(29));
  EXPECT_FALSE(benchTarget("walk_points_per_second", "cnn").hasTarget());
  EXPECT_THROW(benchTarget("speed", "cnn"), std::invalid_argument);
}

/// The steps that are timed are the trainer's: the same weights, bit for bit, as a run of `sharpscape train` has behind them.
TEST(BenchSteps, AreThoseOfATraining) {
  for (const char* method : {"none", "sam", "penalty"}) {
    TemporaryFolder folder;
    trainer::RunSpec spec;
    spec.data = "digits", spec.model = "mlp:64-8-10", spec.epochs = 1, spec.batchSize = 100, spec.schedule = "constant", spec.sharpness = method, spec.device = "cpu", spec.threads = 1;
    trainer::train(spec, folder / "run", {}, {});
    const trainer::PreparedRun run = trainer::prepareRun(spec);
    TrainingSteps steps(run, trainer::sharpnessOptionsOf(run.spec), trainer::initialise(run.model->layout(), 0, run.dtype), run.model->initialBuffers(run.dtype));
    while (steps.steps() < run.totalSteps()) steps.take();
    const auto checkpoint = trainer::findCheckpoint(folder / "run", "last");
    const trainer::Checkpoint stored = trainer::readCheckpoint(checkpoint.file, *run.model);
    EXPECT_TRUE(stored.theta.equal(steps.theta())) << method;
  }
}

TEST(Bench, EveryNumberOfATinyNetworkIsThereAndFinite) {
  const Bench bench = measureBench(tinySpec(), {});
  ASSERT_EQ(bench.nets.size(), 1u);
  const BenchNet& net = bench.nets.front();
  EXPECT_EQ(net.parameters, 20 * 8 + 8 + 8 * 4 + 4);
  std::set<std::string> names;
  for (const BenchQuantity& q : net.quantities) {
    names.insert(q.name);
    EXPECT_TRUE(std::isfinite(q.value) && q.value > 0) << q.name;
    EXPECT_LE(q.low, q.value) << q.name;
    EXPECT_GE(q.high, q.value) << q.name;
    EXPECT_GE(q.repetitions, 1) << q.name;
  }
  for (const BenchTarget& t : benchTargets()) EXPECT_TRUE(names.contains(std::string(t.name))) << t.name;
  EXPECT_TRUE(net.leftOut.empty());
}

TEST(Bench, WithoutTimeWhatIsAlwaysMeasuredIsMeasuredAndTheRestIsNamed) {
  BenchSpec spec = tinySpec();
  spec.budgetSeconds = 1e-6;
  const Bench bench = measureBench(spec, {});
  ASSERT_EQ(bench.nets.size(), 1u);
  EXPECT_EQ(bench.nets.front().quantities.size(), 10u);
  for (const BenchQuantity& q : bench.nets.front().quantities) EXPECT_EQ(q.repetitions, 3) << q.name;
  EXPECT_EQ(bench.nets.front().leftOut.size(), 7u);
}

TEST(Bench, AStopKeepsTheNetworksThatWereMeasured) {
  BenchSpec spec = tinySpec();
  spec.nets = {"mlp:20-8-4", "mlp:30-8-4"};
  spec.budgetSeconds = 1e-6;
  std::stop_source source;
  trainer::Context context;
  context.stop = source.get_token();
  context.progress = [&](const trainer::Progress& p) {
    if (p.stage == "mlp:30-8-4: products") source.request_stop();
  };
  const Bench bench = measureBench(spec, context);
  EXPECT_TRUE(bench.stopped);
  ASSERT_EQ(bench.nets.size(), 1u);
  EXPECT_EQ(bench.nets.front().name, "mlp:20-8-4");
  source = std::stop_source();
  source.request_stop();
  context.stop = source.get_token();
  EXPECT_THROW(measureBench(spec, context), trainer::Cancelled);
}

TEST(Bench, WhatCannotBeMeasuredIsRefusedAndNamesWhatThereIs) {
  const auto refusal = [](const std::function<void(BenchSpec&)>& change) {
    BenchSpec spec = tinySpec();
    change(spec);
    return messageOf<std::invalid_argument>([&] { measureBench(spec, {}); });
  };
  const auto contains = [](const std::string& text, const char* word) { return text.find(word) != std::string::npos; };
  const std::string unknown = refusal([](BenchSpec& s) { s.nets = {"alexnet"}; });
  for (const char* word : {"--nets", "alexnet", "lenet", "resnet"}) EXPECT_TRUE(contains(unknown, word)) << unknown;
  EXPECT_TRUE(contains(refusal([](BenchSpec& s) { s.nets = {"gpt"}; }), "text"));
  EXPECT_TRUE(contains(refusal([](BenchSpec& s) { s.nets = {"cnn", "cnn"}; }), "twice"));
  EXPECT_TRUE(contains(refusal([](BenchSpec& s) { s.nets = {}; }), "--nets"));
  EXPECT_TRUE(contains(refusal([](BenchSpec& s) { s.budgetSeconds = 0; }), "--budget"));
  EXPECT_TRUE(contains(refusal([](BenchSpec& s) { s.measure.precision = "half"; }), "--precision"));
}

TEST(Bench, TheFileSaysWhatWasMeasured) {
  BenchResult r;
  r.spec = tinySpec();
  r.spec.nets = {"resnet20", "cnn"};
  r.spec.measure.seed = 7;
  r.bench.device = "cpu", r.bench.machine = "CPU, 1 threads", r.bench.precision = "float", r.bench.threads = 1, r.bench.seconds = 2.5, r.bench.stopped = true;
  r.bench.nets = {{.name = "resnet20", .channels = 3, .height = 32, .width = 32, .parameters = 269722, .samples = 128, .gridSamples = 1000, .walkSamples = 500, .batch = 128,
                   .trainingSteps = 20,
                   .quantities = {{"hessian_product_per_gradient", 2.05, 2, 2.125, 0.96875, 6}, {"grid_point_per_forward", 1.125, 1, 1.25, 0.75, 3}},
                   .leftOut = {"tracking: no time was left"}}};
  const nlohmann::json j = toJson(r);
  EXPECT_EQ(j["nets"]["resnet20"]["hessian_product_per_gradient"], 2.05);
  EXPECT_FALSE(j["nets"].contains("cnn"));
  const nlohmann::json& quality = j["quality"]["resnet20"];
  EXPECT_EQ(quality["hessian_product_per_gradient"]["met"], true);
  EXPECT_EQ(quality["grid_point_per_forward"]["met"], false);
  EXPECT_EQ(quality["grid_point_per_forward"]["target"], 1.05);
  EXPECT_EQ(j["command"], "sharpscape bench --nets resnet20,cnn --budget 600 --seed 7 --device cpu --threads 1 --memory 1073741824");
  const BenchResult back = std::get<BenchResult>(toResult(j, "here"));
  EXPECT_EQ(back.spec, r.spec);
  EXPECT_EQ(back.bench.nets, r.bench.nets);
  EXPECT_EQ(toJson(back), toJson(r));
}

}  // namespace
}  // namespace analysis
