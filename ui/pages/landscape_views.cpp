// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_views.h"

#include <QGridLayout>
#include <algorithm>

#include "ui/pages/landscape_card.h"
#include "ui/scenes/surface_view.h"

namespace ui {

LandscapeViews::LandscapeViews(QWidget* parent) : QWidget(parent), grid_(new QGridLayout(this)) {
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setSpacing(8);
  setCount(1);
}

SurfaceView* LandscapeViews::view(int index) const { return card(index)->view(); }

void LandscapeViews::addCard() {
  auto* card = new LandscapeCard(this);
  const int index = static_cast<int>(cards_.size());
  cards_.push_back(card);
  SurfaceView* view = card->view();
  all_.push_back(view);
  view->setColours(colours_);
  view->setStyle(style_);
  share(view, camera_);
  card->setPauseIcons(pause_, goOn_);
  connect(card, &LandscapeCard::touched, this, [this, index] {
    setActive(index);
  });
  connect(card, &LandscapeCard::chosen, this, [this, index](const ViewChoice& choice) { emit chosen(index, choice); });
  connect(card, &LandscapeCard::computeClicked, this, [this, index] { emit computeRequested(index); });
  connect(card, &LandscapeCard::pauseClicked, this, [this, index](bool paused) { emit pauseRequested(index, paused); });
  connect(view, &SurfaceView::probed, this, [this, index](QPointF at) { emit probed(index, at); });
  connect(view, &SurfaceView::probeLeft, this, &LandscapeViews::probeLeft);
  connect(view, &SurfaceView::pinned, this, [this, index](QPointF at) { emit pinned(index, at); });
  connect(view, &SurfaceView::probeDragged, this, [this, index](QPointF at) { emit probeDragged(index, at); });
  connect(view, &SurfaceView::enlargeRequested, this, [this, index] { enlarge(enlarged_ < 0 ? index : -1); });
}

void LandscapeViews::setCount(int count) {
  count = std::clamp(count, 1, kMost);
  if (count == count_) return;
  count_ = count;
  while (static_cast<int>(cards_.size()) < count) addCard();
  if (!linked_) linkCameras();
  enlarged_ = -1;
  arrange();
  emit countChanged(count);
  setActive(std::min(active_, shown() - 1));
}

int LandscapeViews::shown() const { return extraShown_ ? std::min(count_, kMost - 1) : count_; }

void LandscapeViews::arrange() {
  const int cards = shown(), cells = cards + (extraShown_ ? 1 : 0), columns = cells == 4 ? 2 : cells;
  for (int i = 0; i < static_cast<int>(cards_.size()); ++i) {
    grid_->removeWidget(card(i));
    const bool seen = enlarged_ < 0 ? i < cards : i == enlarged_;
    if (i < cards) grid_->addWidget(card(i), i / columns, i % columns);
    card(i)->setVisible(seen);
  }
  if (extra_ != nullptr) {
    grid_->removeWidget(extra_);
    if (extraShown_) grid_->addWidget(extra_, (cells - 1) / columns, (cells - 1) % columns);
    extra_->setVisible(extraShown_ && (enlarged_ < 0 || enlarged_ == kMost));
  }
  for (int i = 0; i < kMost; ++i) {
    grid_->setColumnStretch(i, i < columns ? 1 : 0);
    grid_->setRowStretch(i, i < (cells + columns - 1) / columns ? 1 : 0);
  }
  if (enlarged_ < 0) return;
  const int cell = enlarged_ == kMost ? cells - 1 : enlarged_;
  for (int i = 0; i < kMost; ++i) {  // what is hidden takes no room
    grid_->setColumnStretch(i, i == cell % columns ? 1 : 0);
    grid_->setRowStretch(i, i == cell / columns ? 1 : 0);
  }
}

void LandscapeViews::setActive(int index) {
  if (index < 0 || index >= shown()) return;
  const bool differs = index != active_;
  active_ = index;
  for (int i = 0; i < static_cast<int>(cards_.size()); ++i) card(i)->setActive(i == active_ && shown() > 1);
  if (differs) emit activeChanged(index);
}

void LandscapeViews::enlarge(int index) {
  enlarged_ = index;
  if (index >= 0 && index < shown()) setActive(index);
  arrange();
}

void LandscapeViews::setLinked(bool linked) {
  if (linked == linked_) return;
  linked_ = linked;
  linkCameras();
  emit linkedChanged(linked);
}

void LandscapeViews::linkCameras() {
  const OrbitCamera now = orbit();
  camera_->set(now);
  for (SurfaceView* each : all_) {
    if (linked_) {
      share(each, camera_);
    } else if (each->viewCamera() == camera_) {
      auto own = std::make_shared<ViewCamera>();
      own->set(camera_->orbit());
      share(each, std::move(own));
    }
  }
}

void LandscapeViews::share(SurfaceView* view, std::shared_ptr<ViewCamera> camera) {
  connect(camera.get(), &ViewCamera::changed, this, &LandscapeViews::cameraChanged, Qt::UniqueConnection);
  view->shareCamera(std::move(camera));
}

void LandscapeViews::setPauseIcons(const QIcon& pause, const QIcon& goOn) {
  pause_ = pause;
  goOn_ = goOn;
  for (LandscapeCard* card : cards_) card->setPauseIcons(pause, goOn);
}

void LandscapeViews::setOrbit(const OrbitCamera& orbit) { view(active_)->setCamera(orbit); }

const OrbitCamera& LandscapeViews::orbit() const { return view(active_)->camera(); }

void LandscapeViews::setExtra(QWidget* widget, SurfaceView* view) {
  extra_ = widget;
  extraView_ = view;
  widget->setParent(this);
  all_.push_back(view);
  view->setColours(colours_);
  view->setStyle(style_);
  share(view, camera_);
  connect(view, &SurfaceView::enlargeRequested, this, [this] { enlarge(enlarged_ < 0 ? kMost : -1); });
  arrange();
}

void LandscapeViews::showExtra(bool shown) {
  if (shown == extraShown_ || extra_ == nullptr) return;
  extraShown_ = shown;
  enlarged_ = -1;
  arrange();
  emit countChanged(count_);
  setActive(std::min(active_, this->shown() - 1));
}

void LandscapeViews::setColours(const SceneColours& colours) {
  colours_ = colours;
  for (SurfaceView* each : all_) each->setColours(colours);
}

void LandscapeViews::setStyle(const SurfaceStyle& style) {
  style_ = style;
  for (SurfaceView* each : all_) each->setStyle(style);
}

std::vector<SurfaceView*> LandscapeViews::views() const {
  std::vector<SurfaceView*> seen;
  for (int i = 0; i < shown(); ++i) seen.push_back(view(i));
  if (extraShown_) seen.push_back(extraView_);
  return seen;
}

}  // namespace ui
