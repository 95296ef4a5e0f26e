// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_page.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QMetaMethod>
#include <QtConcurrent>
#include <algorithm>
#include <stdexcept>
#include <utility>

#include "analysis/comparison/correlate.h"
#include "analysis/comparison/methods.h"
#include "analysis/export/comparison_table.h"
#include "ui/export/save_comparison.h"
#include "ui/pages/compare_text.h"
#include "ui/workspace/more_seeds.h"
#include "ui/workspace/workbench.h"

namespace ui {
namespace {

constexpr int kDrawAfter = 150;          ///< milliseconds: several changes of a session are drawn once
constexpr std::size_t kFewSeeds = 5;     ///< below: Welch's test sees large differences only

QString about(double seconds) {
  if (!(seconds > 0)) return {};
  if (seconds < 120) return QStringLiteral("about %1 s").arg(significant(std::max(1.0, seconds), seconds < 10 ? 1 : 2));
  return seconds < 7200 ? QStringLiteral("about %1 min").arg(seconds / 60, 0, 'f', 0) : QStringLiteral("about %1 h").arg(seconds / 3600, 0, 'f', 1);
}

}  // namespace

ComparePage::ComparePage(const Workspace& workspace, QObject* parent)
    : Page(parent), workspace_(workspace), board_(new CompareBoard), jobs_(new CompareJobs(workspace.session, workspace.jobs, this)) {
  soon_.setSingleShot(true);
  soon_.setInterval(kDrawAfter);
  connect(&soon_, &QTimer::timeout, this, [this] {
    if (board_->isVisible()) refresh();
  });
  board_->installEventFilter(this);
  join();
  board_->setTheme(workspace_.theme);
  refresh();
}

void ComparePage::join() {
  const auto later = [this] {
    planes_.take(workspace_.session);
    if (!soon_.isActive()) soon_.start();
  };
  connect(&workspace_.session, &Session::listChanged, this, later);
  connect(&workspace_.session, &Session::runChanged, this, later);
  connect(&workspace_.session, &Session::baselineChanged, this, later);
  connect(jobs_, &CompareJobs::changed, this, later);
  connect(jobs_, &CompareJobs::failed, &workspace_.workbench, &Workbench::failed);
  connect(&workspace_.theme, &Theme::changed, this, [this] {
    board_->setTheme(workspace_.theme);
    refresh();
  });
  CompareToolBar* tools = board_->toolBar();
  connect(tools, &CompareToolBar::baselineChosen, &workspace_.session, &Session::setBaseline);
  connect(tools, &CompareToolBar::planesChanged, this, &ComparePage::refresh);
  connect(tools, &CompareToolBar::commandRequested, this, [this] {
    QApplication::clipboard()->setText(command());
    emit workspace_.workbench.noted(QStringLiteral("Copied: %1").arg(command()));
  });
  connect(tools, &CompareToolBar::viewChanged, this, &ComparePage::refresh);
  connect(&workspace_.session, &Session::selectionChanged, this, &ComparePage::study);
  connect(board_->study(), &StudyView::targetChanged, this, &ComparePage::study);
  connect(board_->study(), &StudyView::clicked, &workspace_.session, &Session::select);
  connect(tools, &CompareToolBar::exportRequested, this, &ComparePage::exportNow);
  connect(board_, &CompareBoard::curvesChanged, this, &ComparePage::refresh);
  connect(board_, &CompareBoard::lowerChanged, this, &ComparePage::refresh);
  connect(board_, &CompareBoard::computeRequested, this, [this] {
    for (const analysis::SurfaceSpec& spec : planes_.missing(workspace_.session, board_->toolBar()->planes())) workspace_.workbench.sampleSurface(spec);
  });
  connect(board_->surfacesView(), &CompareSurfacesView::clicked, &workspace_.session, &Session::select);
  connect(board_->table(), &CompareTableCard::measureRequested, this, [this] { jobs_->measure(board_->table()->wanted(), workspace_.workbench.threadsPerLane()); });
  connect(board_->table(), &CompareTableCard::cancelRequested, jobs_, &CompareJobs::cancel);
  connect(board_->table(), &CompareTableCard::copyRequested, this, &ComparePage::copy);
  connect(board_->fairness(), &FairnessCard::remedyRequested, this, &ComparePage::help);
}

/// What changed while another page was in front is drawn when this one comes.
bool ComparePage::eventFilter(QObject* watched, QEvent* event) {
  if (watched == board_ && event->type() == QEvent::Show) refresh();
  return Page::eventFilter(watched, event);
}

std::vector<FairnessLine> ComparePage::fairnessLines() const {
  std::vector<FairnessLine> lines;
  if (!comparison_) return lines;
  for (const analysis::FairnessCheck& check : comparison_->fairness) {
    FairnessLine line{.check = check};
    const bool good = check.verdict == analysis::FairVerdict::ok;
    if (!good && (check.name == "seeds" || check.name == "same-start")) line.remedy = Remedy::addSeeds;
    if (!good && check.name == "same-measures") line.remedy = Remedy::measureMissing;
    if (!good && check.name == "equal-train-loss" && !jobs_->matched()) line.remedy = Remedy::measureEqualLoss;
    lines.push_back(std::move(line));
  }
  // One button for the seeds is enough.
  const auto seeds = std::ranges::find_if(lines, [](const FairnessLine& l) { return l.check.name == "seeds" && l.remedy == Remedy::addSeeds; });
  if (seeds != lines.end())
    for (FairnessLine& line : lines)
      if (line.check.name == "same-start") line.remedy = Remedy::none;
  return lines;
}

/// Costs in passes over the samples: of a line its points for each other run; at equal loss a search over the checkpoints and twice spectrum, trace, ascents, draws.
CompareMeasures ComparePage::measures(const analysis::ComparisonEvidence& evidence) const {
  constexpr double kForward = 1.0 / 3, kLine = 25, kEqualLoss = 2 * (2.0 * 40 + 2.0 * 30 + 2 * 20 + 2 * 20 * kForward) + 12 * kForward;  // gradients over all samples
  constexpr double kMostSamples = 4096;
  CompareMeasures out;
  out.running = jobs_->progress();
  double line = 0, equal = 0;
  int measurable = 0;
  bool paths = true;
  for (std::size_t i = 0; i < evidence.runs.size(); ++i) {
    const analysis::RunEvidence& e = evidence.runs[i];
    const SessionRun* run = workspace_.session.find(e.folder);
    if (run == nullptr || !run->measurable()) continue;
    ++measurable;
    for (const auto& [there, word] : {std::pair(e.pairs != nullptr, "\u03BBmax, \u03BBmin"), std::pair(e.trace != nullptr, "trace"), std::pair(e.sharpness != nullptr, "sharpness"), std::pair(e.answers != nullptr, "paired tests")})
      if (const QString name = QString::fromUtf8(word); !there && !out.missing.contains(name)) out.missing << name;
    paths = paths && (i == 0 || e.path);
    const auto& steps = run->record.stepRecords;
    if (steps.empty() || e.trainItems == 0 || steps.back().epoch <= 0 || steps.back().gradientEvaluations == 0) continue;
    const double items = steps.back().epoch * static_cast<double>(e.trainItems) * static_cast<double>(steps.back().gradientEvaluations) / static_cast<double>(steps.back().step);
    const double pass = steps.back().seconds / items * std::min(kMostSamples, static_cast<double>(e.trainItems));  // seconds of a gradient over the samples
    equal += kEqualLoss * pass;
    if (i > 0) line += kLine * kForward * pass;
  }
  const auto& check = comparison_ ? comparison_->fairness : std::vector<analysis::FairnessCheck>{};
  const auto alike = std::ranges::find(check, "same-measures", &analysis::FairnessCheck::name);
  if (alike != check.end() && alike->verdict == analysis::FairVerdict::warning) out.missing << QStringLiteral("the same measures for every run");
  out.possible = measurable > 1;
  out.equalLoss = evidence.matched != nullptr;
  out.barriers = measurable > 1 && paths;
  out.equalLossCost = about(equal);
  out.barriersCost = about(line);
  return out;
}

CompareContents ComparePage::contents() {
  const Session& session = workspace_.session;
  CompareContents c;
  c.entries = compareEntries(session, workspace_.looks, true);
  const analysis::ComparisonEvidence evidence = jobs_->evidence();
  comparison_ = nullptr;
  if (evidence.runs.size() > 1) {
    try {
      comparison_ = std::make_shared<const analysis::Comparison>(analysis::tabulate(evidence, jobs_->spec()));
    } catch (const std::invalid_argument& e) {
      c.why = QString::fromUtf8(e.what());
    }
  } else if (c.entries.empty()) {
    c.why = session.runs().empty() ? QStringLiteral("Train or open two runs: the table of their losses, curvature, sharpness and cost appears here, with differences to a baseline.")
                                   : QStringLiteral("Every run is hidden. The eye in the session shows one.");
  } else {
    c.why = c.entries.size() == 1 && c.entries.front().folders.size() == 1 ? QStringLiteral("One run. Add another to compare it with: train one, open one, or show one with the eye in the session.")
                                                                           : QStringLiteral("The table appears when two runs have been evaluated.");
  }
  c.comparison = comparison_;
  c.fairness = fairnessLines();
  const MoreSeeds more = moreSeeds(session, c.entries, kFewSeeds);
  c.seeds = std::max(1, more.each);
  c.seedsCost = about(more.seconds);
  c.measures = measures(evidence);
  const Planes planes = board_->toolBar()->planes();
  c.panes = planes_.panes(session, workspace_.looks, planes, &c.planesSentence);
  c.missingSurfaces = static_cast<int>(planes_.missing(session, planes).size());
  return c;
}

void ComparePage::refresh() {
  planes_.take(workspace_.session);
  CompareContents now = contents();
  board_->show(workspace_.session, workspace_.looks, std::move(now));
  study();
}

/// Its bootstrap takes a while with many runs: on a thread of the pool, the newest state last.
void ComparePage::study() {
  if (board_->toolBar()->view() != CompareToolBar::studyView) return;
  const std::vector<CompareEntry> runs = compareEntries(workspace_.session, workspace_.looks, false);
  const SessionRun* selected = workspace_.session.selected();
  const std::string folder = selected != nullptr ? selected->folder : std::string();
  const int have = comparison_ ? static_cast<int>(comparison_->runs.size()) : static_cast<int>(comparableRuns(workspace_.session).size());
  if (have < StudyView::kFewest) {
    board_->study()->show(nullptr, runs, folder, QStringLiteral("A study needs %1 runs that are trained and shown; there %2 %3. Train a sweep, add seeds, or show hidden runs with the eye.")
                                                     .arg(StudyView::kFewest).arg(have == 1 ? QStringLiteral("is") : QStringLiteral("are")).arg(have));
    return;
  }
  if (studying_) {
    studyAgain_ = true;
    return;
  }
  if (!comparison_) return;
  studying_ = true;
  struct Made {
    std::shared_ptr<const analysis::Study> study;
    QString error;
  };
  analysis::StudySpec spec;
  spec.target = board_->study()->target();
  for (const analysis::ComparedRun& run : comparison_->runs) spec.runs.push_back(run.folder);
  QtConcurrent::run(&pool_, [comparison = comparison_, spec]() -> Made {
    try {
      return {std::make_shared<const analysis::Study>(analysis::correlate(*comparison, spec, {})), {}};
    } catch (const std::exception& e) {
      return {nullptr, QString::fromUtf8(e.what())};
    }
  }).then(this, [this](const Made& made) {  // holds no pixmap: it may be thrown away on the pool's thread
    studying_ = false;
    const SessionRun* now = workspace_.session.selected();
    board_->study()->show(made.study, compareEntries(workspace_.session, workspace_.looks, false), now != nullptr ? now->folder : std::string(), made.error);
    if (std::exchange(studyAgain_, false)) study();
  });
}

void ComparePage::help(Remedy remedy) {
  const int threads = workspace_.workbench.threadsPerLane();
  std::vector<std::string> wanted = board_->table()->wanted();
  if (remedy == Remedy::addSeeds) addSeeds();
  if (remedy == Remedy::measureMissing) jobs_->measure(wanted, threads);
  if (remedy != Remedy::measureEqualLoss) return;
  if (std::ranges::find(wanted, "equal-loss") == wanted.end()) wanted.emplace_back("equal-loss");
  jobs_->measure(wanted, threads);
}

void ComparePage::addSeeds() {
  const MoreSeeds more = moreSeeds(workspace_.session, compareEntries(workspace_.session, workspace_.looks, true), kFewSeeds);
  for (const MoreSeeds::Run& run : more.runs) {
    const std::string folder = workspace_.workbench.train(run.spec);
    workspace_.session.update(folder, [&](SessionRun& r) { r.group = run.group; });
  }
}

std::shared_ptr<const analysis::ComparisonResult> ComparePage::result() const {
  if (!comparison_) return nullptr;
  auto result = std::make_shared<analysis::ComparisonResult>(analysis::ComparisonResult{jobs_->spec(), *comparison_});
  analysis::describeMethods(jobs_->evidence(), {}, result->comparison);
  return result;
}

QString ComparePage::command() const {
  const auto now = result();
  return now ? QString::fromStdString(analysis::commandLine(*now)) : QString();
}

void ComparePage::copy(CompareTableCard::Format format) {
  const auto now = result();
  if (!now) return;
  QString text;
  switch (format) {
    case CompareTableCard::Format::tabs: text = board_->table()->wholeText(); break;
    case CompareTableCard::Format::csv: text = QString::fromStdString(analysis::comparisonCsv(now->comparison, analysis::commandLine(*now))); break;
    case CompareTableCard::Format::markdown: text = QString::fromStdString(analysis::comparisonMarkdown(now->comparison)); break;
    case CompareTableCard::Format::latex: text = QString::fromStdString(analysis::comparisonLatex(now->comparison)); break;
  }
  QApplication::clipboard()->setText(text);
  emit workspace_.workbench.noted(QStringLiteral("The table is on the clipboard."));
}

void ComparePage::exportNow() {
  const auto now = result();
  if (!now) return;
  static const QMetaMethod asked = QMetaMethod::fromSignal(&ComparePage::exportRequested);
  if (isSignalConnected(asked)) emit exportRequested(now);
  else saveComparison(board_, workspace_.workbench, *now);
}

}  // namespace ui
