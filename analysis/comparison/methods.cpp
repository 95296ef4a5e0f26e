// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison/methods.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "analysis/comparison/citations.h"
#include "analysis/surface/axis_kind.h"

namespace analysis {
namespace {

/// Collects sentences and citations, each once.
class Paragraph {
 public:
  void say(const std::string& sentence) {
    if (said_.insert(sentence).second) methods_.text += (methods_.text.empty() ? "" : " ") + sentence;
  }
  /// " [key]", and remembers it.
  std::string cite(const std::string& key) {
    if (!std::ranges::count(methods_.citations, key)) methods_.citations.push_back(key);
    return fmt::format(" [{}]", key);
  }
  void add(const Methods& other) {
    if (!other.text.empty()) say(other.text);
    for (const std::string& key : other.citations) cite(key);
  }
  Methods take() { return std::move(methods_); }

 private:
  Methods methods_;
  std::set<std::string> said_;
};

std::string optimizerText(const trainer::RunSpec& s, Paragraph& p) {
  static const std::map<std::string, std::pair<std::string, std::string>> known = {
      {"adam", {"Adam", "kingma2015adam"}}, {"adamw", {"AdamW", "loshchilov2019adamw"}}, {"lion", {"Lion", "chen2023lion"}}, {"muon", {"Muon", "jordan2024muon"}}};
  const auto at = known.find(s.optimizer);
  std::string text = at == known.end() ? "SGD" : at->second.first + p.cite(at->second.second);
  if (s.learningRate) text += fmt::format(", learning rate {:g}", *s.learningRate);
  if (s.momentum && *s.momentum > 0) text += fmt::format(", {}momentum {:g}", s.nesterov ? "Nesterov " : "", *s.momentum);
  if (s.beta1) text += fmt::format(", beta1 {:g}", *s.beta1);
  if (s.beta2) text += fmt::format(", beta2 {:g}", *s.beta2);
  if (s.weightDecay > 0) text += fmt::format(", weight decay {:g} ({})", s.weightDecay, s.weightDecayMode.value_or("loss") == "loss" ? "in the loss, on all parameters" : "decoupled");
  text += fmt::format(", {} schedule", s.schedule);
  if (s.warmupSteps > 0) text += fmt::format(" with {} warm-up steps", s.warmupSteps);
  if (s.clipNorm) text += fmt::format(", gradients clipped at norm {:g}", *s.clipNorm);
  return text;
}

std::string methodText(const trainer::RunSpec& s, Paragraph& p) {
  if (s.sharpness == "none") return "the plain gradient";
  static const std::map<std::string, std::pair<std::string, std::string>> known = {{"sam", {"SAM", "foret2021sam"}},           {"asam", {"ASAM", "kwon2021asam"}},
                                                                                   {"penalty", {"the gradient-norm penalty", "zhao2022penalizing"}},
                                                                                   {"gsam", {"GSAM", "zhuang2022gsam"}},       {"looksam", {"LookSAM", "liu2022looksam"}},
                                                                                   {"friendly-sam", {"F-SAM", "li2024friendly"}}};
  const auto at = known.find(s.sharpness);
  std::string text = at == known.end() ? s.sharpness : at->second.first + p.cite(at->second.second);
  std::vector<std::string> parts;
  if (s.rho) parts.push_back(fmt::format("rho {:g}", *s.rho));
  if (s.alpha) parts.push_back(fmt::format("alpha {:g}", *s.alpha));
  if (s.penaltyProduct) parts.push_back(*s.penaltyProduct == "exact" ? "exact Hessian product" : "finite difference");
  if (s.referenceTerm && *s.referenceTerm == "unit") parts.emplace_back("unit reference term, as in the published code");
  if (s.penaltyWarmup && *s.penaltyWarmup != "none") parts.push_back(fmt::format("{} warm-up over {} steps{}", *s.penaltyWarmup, s.penaltyWarmupSteps.value_or(0), p.cite("zhao2024harmful")));
  if (s.perturbationGroup) parts.push_back(fmt::format("perturbed per {} items", *s.perturbationGroup));
  return parts.empty() ? text : fmt::format("{} ({})", text, fmt::join(parts, ", "));
}

std::string dataText(const trainer::RunSpec& s) {
  std::string text = fmt::format("{}", s.data.substr(0, s.data.find(':')));
  if (s.dataLimit) text += fmt::format(", the first {} training items", *s.dataLimit);
  if (s.validation > 0) text += fmt::format(", {:g} % of them set aside for validation", 100 * s.validation);
  if (s.labelNoise > 0) text += fmt::format(", {:g} % of the training labels replaced", 100 * s.labelNoise);
  return s.augment.value_or("none") == "none" ? text : text + fmt::format(", {} augmentation", *s.augment);
}

std::string networkText(const trainer::RunSpec& s) {
  const bool named = s.model.starts_with("mlp") || s.model == "cnn";
  return s.model + (named ? fmt::format(" ({})", s.activation) : "") + (s.dropout > 0 ? fmt::format(" with dropout {:g}", s.dropout) : "");
}

std::string lossText(const trainer::RunSpec& s) { return s.loss + (s.labelSmoothing > 0 ? fmt::format(" with label smoothing {:g}", s.labelSmoothing) : ""); }

std::string sizeText(const trainer::RunSpec& s) {
  return fmt::format("{} epochs of {}", s.epochs, s.batchSize == trainer::kAllItems ? "full batches" : fmt::format("batches of {}", s.batchSize));
}

/// "A", or "A, B and C" of what differs.
template <class Text>
std::string each(const std::vector<trainer::RunSpec>& runs, const Text& text) {
  std::vector<std::string> words;
  for (const trainer::RunSpec& s : runs)
    if (const std::string w = text(s); !std::ranges::count(words, w)) words.push_back(w);
  return fmt::format("{}", fmt::join(words, "; "));
}

/// "on 1442 train samples, in float, batch norm with its running statistics".
std::string conditions(const MeasureSpec& m, std::int64_t samples, const std::string& precision, const std::string& batchNorm) {
  static const std::map<std::string, std::string> policies = {{"eval", "batch norm (where there is one) with its running statistics"}, {"train", "batch norm with the statistics of each batch"},
                                                              {"recomputed", "batch-norm statistics re-estimated at each point"}, {"interpolated", "batch-norm statistics moved along"}};
  const auto policy = policies.find(batchNorm);
  std::string text = fmt::format("on {} {} samples, in {} precision, {}", samples, m.split, precision, policy == policies.end() ? batchNorm : policy->second);
  if (m.loss == "training") text += ", of the training loss with its smoothing and L2";
  if (m.logits == "normalised") text += ", with normalised logits";
  return text + (m.weights == "trained" ? "" : fmt::format(", of the {} weights", m.weights));
}

std::string operatorText(const std::string& name) {
  if (name == "hessian") return "Hessian";
  return name == "gauss-newton" ? "Gauss-Newton matrix" : name == "fisher" ? "Fisher matrix" : name;
}

void describe(const SpectrumResult& r, Paragraph& p) {
  const Spectrum& s = r.spectrum;
  const std::string matrix = operatorText(r.spec.operatorName), where = conditions(r.spec.measure, s.samples, s.precision, s.batchNorm);
  if (!s.top.empty() || !s.bottom.empty())
    p.say(fmt::format("Eigenvalues of the {} of the {} loss were found by Lanczos iteration with full re-orthogonalisation{} on exact products{}, {}; errors are residuals ||Hq - lambda q|| of a fresh product.",
                      matrix, r.spec.measure.loss == "plain" ? "plain" : "training", p.cite("golub2013"), p.cite("pearlmutter1994"), where));
  if (s.trace) {
    const std::string method = s.trace->method == "xtrace" ? "by XTrace" + p.cite("epperly2024xtrace") : s.trace->method == "hutchinson" ? "by Hutchinson's estimator" + p.cite("hutchinson1990") : "exactly";
    p.say(fmt::format("The trace was found {} {}; errors are standard errors over probes.", method, where));
  }
  if (s.density) p.say(fmt::format("The spectral density is that of stochastic Lanczos quadrature{}, {} probes of {} steps.", p.cite("ghorbani2019density"), s.density->probes, s.density->steps));
}

void describe(const SharpnessResult& r, Paragraph& p) {
  const Sharpness& s = r.sharpness;
  const auto has = [&](const char* kind) { return std::ranges::any_of(s.measures, [&](const SharpnessMeasure& m) { return m.kind == kind; }); };
  std::vector<std::string> kinds;
  if (has("worst")) kinds.push_back(fmt::format("the worst case (projected ascent{}, {} iterations: a lower bound)", p.cite("croce2020apgd"), r.spec.iterations));
  if (has("one-step")) kinds.push_back("one step along the gradient" + p.cite("foret2021sam"));
  if (has("average")) kinds.push_back(fmt::format("the average over Gaussian noise"));
  if (kinds.empty()) return;
  std::string text = fmt::format("Sharpness is the rise of the loss in {}", fmt::join(kinds, ", "));
  if (std::ranges::any_of(s.measures, &SharpnessMeasure::adaptive)) text += ", plain and adaptive (scaled by |w|)" + p.cite("andriushchenko2023modern");
  p.say(text + ", " + conditions(r.spec.measure, s.samples, s.precision, s.batchNorm) + ".");
  if (s.relativeFlatness) p.say("Relative flatness is that of Petzka et al." + p.cite("petzka2021relative") + ".");
}

void describe(const SurfaceResult& r, Paragraph& p) {
  const SurfaceGrid& g = r.grid;
  const auto random = [](const AxisSpec& a) { return parseAxisKind(a.kind, "--x").word == AxisKind::Word::random; };
  const bool drawn = r.spec.directions.empty() && (random(r.spec.x) || (r.spec.y && random(*r.spec.y)));
  std::string text = fmt::format("{} {} sampled along {}", g.slice ? "Slices were" : fmt::format("Surfaces of {} x {} points were", g.columns(), g.rows()), "exactly", fmt::join(g.directions, " and "));
  if (drawn && r.spec.normalise == "filter") text += p.cite("li2018visualizing");
  p.say(text + ", " + conditions(r.spec.measure, g.samples, g.precision, g.batchNorm) + ".");
}

void describe(const MatchedResult& r, Paragraph& p) {
  p.say(fmt::format("Measures at equal train loss ({:.4g}) are interpolated between the two checkpoints of a run that bracket it, {}.", r.matched.targetLoss,
                    conditions(r.spec.measure, r.matched.samples, r.matched.precision, r.matched.batchNorm)));
}

void describe(const PathResult& r, Paragraph& p) {
  p.say(fmt::format("Barriers are the largest rise of the loss above the straight line between its ends{}, over {} points, {}.", p.cite("frankle2020linear"), r.spec.points,
                    conditions(r.spec.measure, r.path.samples, r.path.precision, r.path.batchNorm)));
  if (r.path.match) p.say("Units were matched by permutations" + p.cite("ainsworth2023rebasin") + ".");
  if (r.path.curve) p.say("Curves are quadratic Bezier curves, trained" + p.cite("garipov2018connectivity") + ".");
}

void describe(const InvarianceResult&, Paragraph& p) { p.say("Measures were repeated on networks that compute the same function."); }
void describe(const KappaResult&, Paragraph& p) { p.say("Curvature along a direction is given as a function of the step."); }
void describe(const ComparisonResult& r, Paragraph& p) { p.say(r.comparison.methods); }
void describe(const StudyResult& r, Paragraph& p) {
  p.say(fmt::format("Measures of {} runs are held against the {} by Kendall's tau-b{}, within settings, across them, and with one flag varied at a time{}; intervals are percentiles of a bootstrap of {}.",
                    r.study.runs.size(), r.study.targetName, p.cite("kendall1945"), p.cite("jiang2020fantastic"), r.study.resampled));
}
void describe(const OdditiesResult&, Paragraph& p) { p.say("The surface was examined for what is known to make one misleading, with its values and axes measured again."); }
void describe(const CheckResult&, Paragraph& p) { p.say("The Hessian product was checked for repeatability, symmetry, linearity and independence of the split into batches."); }

void describe(const BenchResult&, Paragraph& p) { p.say("What curvature, training steps and points of a surface cost on this machine was measured on made-up images."); }

/// How settings were told apart, from the tests that were made.
void describeTests(const Comparison& c, Paragraph& p) {
  const auto made = [&](const std::string& word) {
    return std::ranges::any_of(c.rows, [&](const ComparedRow& r) { return std::ranges::any_of(r.contrasts, [&](const Contrast& k) { return k.test.starts_with(word); }); });
  };
  if (made("Welch") || made("exact permutation"))
    p.say(fmt::format("Settings are compared over their seeds (mean and sample deviation) by Welch's t test{}, two-sided, with Holm's correction{} over the {} tests of the table.", p.cite("welch1947"),
                      p.cite("holm1979"), c.tests));
  if (made("McNemar")) p.say(fmt::format("Accuracies of two single models on one test set are compared by the exact McNemar test{}, which speaks of those models only.", p.cite("mcnemar1947")));
}

}  // namespace

Methods trainingMethods(const std::vector<trainer::RunSpec>& runs) {
  Paragraph p;
  if (runs.empty()) return p.take();
  std::set<std::uint64_t> seeds;
  for (const trainer::RunSpec& s : runs) seeds.insert(s.seed);
  std::string text = fmt::format("Networks ({}) were trained on {} to minimise {}, for {}", each(runs, networkText), each(runs, dataText), each(runs, lossText), each(runs, sizeText));
  text += ", by " + each(runs, [&](const trainer::RunSpec& s) { return optimizerText(s, p); });
  text += ", with " + each(runs, [&](const trainer::RunSpec& s) { return methodText(s, p); });
  p.say(text + fmt::format(", in {} precision, {} seed{}.", each(runs, [](const trainer::RunSpec& s) { return s.precision; }), seeds.size(), seeds.size() == 1 ? "" : "s"));
  if (std::ranges::any_of(runs, [](const trainer::RunSpec& s) { return s.swaFrom.has_value(); })) p.say("Weights were also averaged over epochs" + p.cite("izmailov2018swa") + ".");
  return p.take();
}

Methods resultMethods(const Result& result) {
  Paragraph p;
  std::visit([&](const auto& r) { describe(r, p); }, result);
  return p.take();
}

Methods methodsOf(const Result& result, const trainer::RunSpec& run) {
  Paragraph p;
  p.add(trainingMethods({run}));
  p.add(resultMethods(result));
  return p.take();
}

Methods methodsOf(const ComparisonEvidence& evidence, const std::vector<Result>& planes, const Comparison& comparison) {
  Paragraph p;
  std::vector<trainer::RunSpec> specs;
  for (const RunEvidence& e : evidence.runs) specs.push_back(e.spec);
  p.add(trainingMethods(specs));
  const RunEvidence* measured = &evidence.runs.front();
  for (const RunEvidence& e : evidence.runs)
    if (e.pairs || e.sharpness) {
      measured = &e;
      break;
    }
  if (measured->pairs) p.add(resultMethods(*measured->pairs));
  if (measured->trace && measured->trace != measured->pairs) p.add(resultMethods(*measured->trace));
  if (measured->sharpness) p.add(resultMethods(*measured->sharpness));
  if (evidence.matched) p.add(resultMethods(*evidence.matched));
  for (const RunEvidence& e : evidence.runs)
    if (e.path) {
      p.add(resultMethods(*e.path));
      break;
    }
  if (!planes.empty()) p.add(resultMethods(planes.front()));
  describeTests(comparison, p);
  return p.take();
}

void describeMethods(const ComparisonEvidence& evidence, const std::vector<std::shared_ptr<const SurfaceResult>>& surfaces, Comparison& comparison) {
  std::vector<Result> planes;
  if (!surfaces.empty()) planes.emplace_back(*surfaces.front());
  const Methods m = methodsOf(evidence, planes, comparison);
  comparison.methods = m.text, comparison.bibtex = bibtex(m.citations);
}

}  // namespace analysis
