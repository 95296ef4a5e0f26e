// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_card.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPixmap>
#include <QPushButton>
#include <QStackedLayout>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/pages/card.h"
#include "ui/pages/shy_layout.h"
#include "ui/scenes/surface_view.h"

namespace ui {
namespace {

constexpr const char* kGridTip = "Grid points, columns \u00D7 rows; an arrow while it is being refined: what is seen is provisional";
constexpr int kNameWidth = 92;  ///< badges give way to the name of the run

}  // namespace

QLabel* makeBadge(const QString& toolTip) {
  auto* badge = new QLabel;
  badge->setProperty("role", QStringLiteral("badge"));
  badge->setToolTip(toolTip);
  badge->hide();
  return badge;
}

void setBadge(QLabel* badge, const QString& text, bool warning) {
  badge->setText(text);
  badge->setVisible(!text.isEmpty());
  const QString role = warning ? QStringLiteral("badgeWarning") : QStringLiteral("badge");
  if (badge->property("role").toString() == role) return;
  badge->setProperty("role", role);
  badge->style()->unpolish(badge);
  badge->style()->polish(badge);
}

LandscapeCard::LandscapeCard(QWidget* parent) : QFrame(parent), view_(new SurfaceView) {
  QVBoxLayout* column = makeCard(this);
  fillHeader(addCardBar(column, "cardHeader"));
  auto* body = new QWidget;
  body_ = new QStackedLayout(body);
  body_->addWidget(makeEmpty());
  body_->addWidget(view_);
  column->addWidget(body, 1);
  fillFooter(addCardBar(column, "cardFooter"));
  connect(view_, &SurfaceView::touched, this, &LandscapeCard::touched);
  showView(false);
}

void LandscapeCard::fillHeader(QHBoxLayout* row) {
  swatch_ = new QLabel;
  chooser_ = new QPushButton;
  chooser_->setObjectName(QStringLiteral("viewChooser"));
  chooser_->setProperty("role", QStringLiteral("chooser"));
  chooser_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  chooser_->setMinimumWidth(kNameWidth);
  grid_ = makeBadge(QString::fromUtf8(kGridTip));
  cosine_ = makeBadge(QStringLiteral("Cosine between the two directions: at 0, distances on the picture are true to scale"));
  variance_ = makeBadge(QStringLiteral("Share of the checkpoints' squared length that lies in this plane; in brackets that of a random walk of as many steps"));
  direction_ = makeBadge(QStringLiteral("Whose directions these are"));
  warning_ = makeBadge({});
  pause_ = new QToolButton;
  pause_->setObjectName(QStringLiteral("viewPause"));
  pause_->setAccessibleName(QStringLiteral("Hold or go on with the refinement"));
  pause_->setToolTip(pause_->accessibleName());
  pause_->setAutoRaise(true);
  pause_->hide();
  row->addWidget(swatch_);
  row->addWidget(chooser_, 1);
  row->addWidget(shyRow({warning_, pause_, grid_, cosine_, variance_, direction_}));
  row->setSpacing(4);
  connect(chooser_, &QPushButton::clicked, this, &LandscapeCard::openChooser);
  connect(pause_, &QToolButton::clicked, this, [this] { emit pauseClicked(!text_.paused); });
}

void LandscapeCard::openChooser() {
  emit touched();
  QMenu menu(this);
  for (const CardChoice& choice : choices_) menu.addAction(choice.swatch, choice.title)->setData(static_cast<int>(&choice - choices_.data()));
  const QAction* taken = menu.exec(chooser_->mapToGlobal(QPoint(0, chooser_->height())));
  if (taken == nullptr) return;
  const auto index = static_cast<std::size_t>(taken->data().toInt());
  if (index < choices_.size()) emit chosen(ViewChoice(choices_[index].choice));
}

QWidget* LandscapeCard::makeEmpty() {
  auto* empty = new QWidget;
  auto* column = new QVBoxLayout(empty);
  auto* title = new QLabel(QStringLiteral("The loss around this minimum"));
  QFont bold = title->font();
  bold.setBold(true);
  title->setFont(bold);
  title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  title->setAlignment(Qt::AlignCenter);
  emptySentence_ = new QLabel;
  emptySentence_->setWordWrap(true);
  emptySentence_->setAlignment(Qt::AlignCenter);
  compute_ = new QPushButton;
  compute_->setProperty("primary", true);
  compute_->setObjectName(QStringLiteral("computeEmpty"));
  compute_->setToolTip(QStringLiteral("Samples what the form at the right says, for this view's run"));
  column->addStretch(1);
  column->addWidget(title);
  column->addWidget(emptySentence_);
  column->addWidget(compute_, 0, Qt::AlignCenter);
  column->addStretch(1);
  connect(compute_, &QPushButton::clicked, this, &LandscapeCard::computeClicked);
  return empty;
}

void LandscapeCard::fillFooter(QHBoxLayout* row) {
  curvature_ = new QLabel;
  curvature_->setToolTip(QStringLiteral("Largest and smallest eigenvalue of the Hessian here: a random slice can hide both"));
  notes_ = new ElidedLabel;
  notes_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  trace_ = new QLabel;
  trace_->setToolTip(QStringLiteral("Trace of the Hessian, the sum of all eigenvalues, with its standard error over the probes"));
  row->addWidget(curvature_);
  row->addWidget(notes_, 1);
  row->addWidget(trace_);
}

void LandscapeCard::setText(const CardText& text, const QPixmap& swatch) {
  swatch_->setPixmap(swatch);
  swatch_->setVisible(!swatch.isNull());
  if (text == text_) return;
  text_ = text;
  chooser_->setText(text.name);
  chooser_->setToolTip(text.name + QStringLiteral(": which run, or which of its surfaces, this view shows"));
  setAccessibleName(QStringLiteral("View of ") + text.name);
  setBadge(grid_, text.grid, text.refining);
  grid_->setToolTip(text.gridTip.isEmpty() ? QString::fromUtf8(kGridTip) : text.gridTip);
  setBadge(cosine_, text.cosine);
  setBadge(variance_, text.variance);
  setBadge(direction_, text.direction);
  direction_->setToolTip(text.directionTip);
  setBadge(warning_, text.warning, true);
  warning_->setToolTip(text.warningTip);
  pause_->setVisible(text.refining);
  pause_->setIcon(text.paused ? goOnIcon_ : pauseIcon_);
  pause_->setToolTip(text.paused ? QStringLiteral("Goes on with the refinement") : QStringLiteral("Holds the refinement where it is"));
  curvature_->setText(text.curvature);
  trace_->setText(text.trace);
  notes_->setWords(text.notes);
}

void LandscapeCard::setPauseIcons(const QIcon& pause, const QIcon& goOn) {
  pauseIcon_ = pause;
  goOnIcon_ = goOn;
  pause_->setIcon(text_.paused ? goOn : pause);
}

void LandscapeCard::setActive(bool active) {
  if (property("active").toBool() == active) return;
  setProperty("active", active);
  style()->unpolish(this);
  style()->polish(this);
}

void LandscapeCard::showView(bool hasSurface, const QString& sentence, const QString& action) {
  body_->setCurrentIndex(hasSurface ? 1 : 0);
  emptySentence_->setText(sentence);
  compute_->setVisible(!action.isEmpty());
  compute_->setText(action);
}

void LandscapeCard::mousePressEvent(QMouseEvent* event) {
  emit touched();
  QFrame::mousePressEvent(event);
}

}  // namespace ui
