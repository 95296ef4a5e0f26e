// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_oddities.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QToolButton>
#include <QVBoxLayout>

#include "analysis/check/surface_oddities.h"
#include "ui/pages/landscape_board.h"
#include "ui/pages/landscape_tool_bar.h"
#include "ui/pages/oddity_card.h"
#include "ui/workspace/workbench.h"

namespace ui {
namespace {

/// Where the session keeps a surface of a run; empty where it has no file.
std::string fileOf(const Session& session, const SharedSurface& surface) {
  const SessionRun* run = session.find(surface->spec.measure.run);
  if (run == nullptr) return {};
  for (const SessionResult& r : run->results)
    if (const auto* value = std::get_if<SharedSurface>(&r.value); value != nullptr && *value == surface) return r.file;
  return {};
}

}  // namespace

LandscapeOddities::LandscapeOddities(const Workspace& workspace, LandscapeBoard* board, QObject* parent)
    : QObject(parent), workspace_(workspace), board_(board), card_(new OddityCard), button_(new QToolButton) {
  button_->setObjectName(QStringLiteral("whyOdd"));
  button_->setText(QStringLiteral("Why odd?"));
  button_->setToolTip(QStringLiteral("Why does my surface look odd? Looks for all that is known to make one look so, with cells and axes measured again"));
  button_->setAccessibleName(QStringLiteral("Why does my surface look odd?"));
  button_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  button_->setAutoRaise(true);
  board_->toolBar()->extras()->addWidget(button_);
  board_->column()->addWidget(card_);
  card_->hide();
  connect(button_, &QToolButton::clicked, this, &LandscapeOddities::look);
  connect(card_, &OddityCard::closeRequested, card_, &QWidget::hide);
  connect(card_, &OddityCard::copyRequested, this, [this] { QGuiApplication::clipboard()->setText(QString::fromStdString(analysis::commandLine(*card_->result()))); });
  connect(&workspace_.theme, &Theme::changed, this, &LandscapeOddities::recolour);
  const auto refresh = [this] { button_->setEnabled(board_->exportable() != nullptr); };
  connect(board_, &LandscapeBoard::viewsChanged, this, refresh);
  connect(&workspace_.session, &Session::runChanged, this, refresh, Qt::QueuedConnection);
  refresh();
  recolour();
}

void LandscapeOddities::recolour() {
  button_->setIcon(workspace_.theme.icon(QStringLiteral("help")));
  card_->setTheme(workspace_.theme);
}

void LandscapeOddities::look() {
  const SharedSurface surface = board_->exportable();
  if (!surface) return;
  workspace_.jobs.cancel(job_);
  std::vector<SharedSurface> beside;
  for (const ViewChoice& view : board_->model().views)
    if (const SharedSurface other = board_->model().resultOf(view); other && other != surface && !surface->grid.slice) beside.push_back(other);
  const auto result = std::make_shared<analysis::OdditiesResult>();
  result->spec = analysis::odditySpecOf(*surface, fileOf(workspace_.session, surface));
  result->spec.measure.threads = workspace_.workbench.threadsPerLane();
  for (const SharedSurface& other : beside)
    if (const std::string file = fileOf(workspace_.session, other); !file.empty()) result->spec.beside.push_back(file);
  card_->setResult(nullptr);
  card_->show();
  job_ = workspace_.jobs.add(
      {.title = QStringLiteral("Why does it look odd?"), .run = QString::fromStdString(surface->spec.measure.run), .kind = QStringLiteral("oddities"), .lane = Lane::analysis},
      [result, surface, beside](const trainer::Context& context) {
        std::vector<analysis::SurfaceResult> others;
        for (const SharedSurface& other : beside) others.push_back(*other);
        result->oddities = analysis::findOddities(*surface, others, result->spec, context);
        if (result->oddities.withRun) analysis::saveResult(*result);
      },
      [this, result](const JobInfo& info) {
        if (info.id != job_) return;
        if (info.state == JobState::done) card_->setResult(result);
        else card_->setFailure(info.state == JobState::failed ? info.message : QStringLiteral("It was stopped."));
      });
}

}  // namespace ui
