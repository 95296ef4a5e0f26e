// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_difference.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QStackedLayout>
#include <QVBoxLayout>
#include <cmath>

#include "ui/pages/card.h"
#include "ui/scenes/surface_view.h"

namespace ui {
namespace {

/// A direction's description without the figures that are each run's own.
QString kindOf(const analysis::SurfaceGrid& grid, std::size_t axis) {
  if (axis >= grid.directions.size()) return {};
  QStringList words = QString::fromStdString(grid.directions[axis]).split(QStringLiteral(", "));
  words.removeIf([](const QString& word) { return word.startsWith(QStringLiteral("lambda ")) || word.startsWith(QStringLiteral("explains ")); });
  return words.join(QStringLiteral(", "));
}

/// One sentence; empty where the planes can be subtracted.
QString unlike(const analysis::SurfaceGrid& a, const analysis::SurfaceGrid& b) {
  const auto points = [](const analysis::SurfaceGrid& g) { return QStringLiteral("%1 \u00D7 %2").arg(g.columns()).arg(g.rows()); };
  if (a.columns() != b.columns() || a.rows() != b.rows()) return QStringLiteral("A has %1 points and B has %2: compute both on one grid.").arg(points(a), points(b));
  if (a.x != b.x || a.y != b.y) return QStringLiteral("The ranges of A and B differ: compute both over one range.");
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const QString ofA = kindOf(a, axis), ofB = kindOf(b, axis);
    if (ofA != ofB) return QStringLiteral("The %1 axis of A is \u201C%2\u201D, that of B \u201C%3\u201D: compute both along one kind of direction and seed.").arg(axis == 0 ? QLatin1Char('x') : QLatin1Char('y')).arg(ofA, ofB);
  }
  return {};
}

}  // namespace

Difference surfaceDifference(const SurfaceSnapshot& a, const SurfaceSnapshot& b) {
  if (!a || !b) return {.surface = {}, .problem = QStringLiteral("%1 has no surface yet: compute it.").arg(a ? QLatin1Char('B') : QLatin1Char('A'))};
  if (a.refining() || b.refining()) return {.surface = {}, .problem = QStringLiteral("%1 is still being refined: the difference appears when it is done.").arg(a.refining() ? QLatin1Char('A') : QLatin1Char('B'))};
  if (const QString problem = unlike(*a.grid, *b.grid); !problem.isEmpty()) return {.surface = {}, .problem = problem};
  if (a.shown().empty() || b.shown().empty())
    return {.surface = {}, .problem = QStringLiteral("%1 has not this layer: compute it, or choose another one.").arg(a.shown().empty() ? QLatin1Char('A') : QLatin1Char('B'))};
  auto grid = std::make_shared<analysis::SurfaceGrid>(*a.grid);
  const std::size_t count = a.shown().size();
  grid->train = grid->test = {};
  grid->train.loss.assign(count, std::nan(""));
  grid->train.accuracy.assign(count, std::nan(""));
  grid->computed.assign(count, 0);
  grid->interpolated.assign(count, 0);
  grid->promise.reset();
  grid->fields.clear();
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = static_cast<std::int64_t>(i) / grid->columns(), column = static_cast<std::int64_t>(i) % grid->columns();
    if (pointState(a, row, column) == PointState::missing || pointState(b, row, column) == PointState::missing) continue;
    grid->train.loss[i] = a.shown()[i] - b.shown()[i];
    (a.grid->isInterpolated(i) || b.grid->isInterpolated(i) ? grid->interpolated : grid->computed)[i] = 1;
    if (i < a.values().accuracy.size() && i < b.values().accuracy.size()) grid->train.accuracy[i] = a.values().accuracy[i] - b.values().accuracy[i];
  }
  grid->centre = a.grid->centre - b.grid->centre;
  return {.surface = {.grid = grid}, .problem = {}};
}

LandscapeDifference::LandscapeDifference(QWidget* parent) : QFrame(parent), view_(new SurfaceView) {
  setObjectName(QStringLiteral("differenceCard"));
  setAccessibleName(QStringLiteral("Difference of two surfaces"));
  QVBoxLayout* column = makeCard(this);
  QHBoxLayout* row = addCardBar(column, "cardHeader");
  row->setContentsMargins(4, 0, 8, 0);
  row->setSpacing(4);
  a_ = new QComboBox;
  b_ = new QComboBox;
  a_->setToolTip(QStringLiteral("A: the surface that is subtracted from"));
  b_->setToolTip(QStringLiteral("B: the surface that is subtracted"));
  range_ = makeBadge(QStringLiteral("The colours' range: white is no difference, orange A above B, purple A below B"));
  row->addWidget(a_, 1);
  row->addWidget(new QLabel(QStringLiteral("\u2212")));
  row->addWidget(b_, 1);
  row->addWidget(range_);
  auto* body = new QWidget;
  body_ = new QStackedLayout(body);
  sentence_ = new QLabel;
  sentence_->setWordWrap(true);
  sentence_->setAlignment(Qt::AlignCenter);
  sentence_->setMargin(16);
  body_->addWidget(sentence_);
  body_->addWidget(view_);
  column->addWidget(body, 1);
  QHBoxLayout* footer = addCardBar(column, "cardFooter");
  reading_ = new ElidedLabel;
  footer->addWidget(reading_, 1);
  for (QComboBox* box : {a_, b_}) {
    box->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    box->setIconSize({28, 16});
    connect(box, &QComboBox::activated, this, &LandscapeDifference::changed);
  }
}

ViewChoice LandscapeDifference::chosen(const QComboBox* box) const {
  const auto index = static_cast<std::size_t>(box->currentIndex());
  return box->currentIndex() >= 0 && index < choices_.size() ? choices_[index].choice : ViewChoice{};
}

void LandscapeDifference::select(QComboBox* box, const ViewChoice& choice) {
  for (std::size_t i = 0; i < choices_.size(); ++i)
    if (choices_[i].choice == choice) box->setCurrentIndex(static_cast<int>(i));
}

void LandscapeDifference::setChoices(const std::vector<CardChoice>& choices) {
  const ViewChoice a = this->a(), b = this->b();
  const QSignalBlocker one(a_), two(b_);
  choices_ = choices;
  for (QComboBox* box : {a_, b_}) {
    box->clear();
    for (const CardChoice& choice : choices) box->addItem(choice.swatch, choice.title.trimmed());
  }
  if (choices.size() > 1) b_->setCurrentIndex(1);
  select(a_, a);
  select(b_, b);
}

void LandscapeDifference::choose(const ViewChoice& a, const ViewChoice& b) {
  select(a_, a);
  select(b_, b);
}

void LandscapeDifference::show(const LandscapeModel& model, const ViewAxis& x, const ViewAxis& y) {
  const SurfaceSnapshot a = model.snapshotOf(this->a()), b = model.snapshotOf(this->b());
  const int layer = 2 * static_cast<int>(model.layer) + (model.test ? 1 : 0);
  if (a.grid.get() != shownA_ || b.grid.get() != shownB_ || layer != shownLayer_ || !difference_.problem.isEmpty()) {
    difference_ = surfaceDifference(a, b);
    shownA_ = a.grid.get();
    shownB_ = b.grid.get();
    shownLayer_ = layer;
  }
  sentence_->setText(difference_.problem);
  body_->setCurrentIndex(difference_.problem.isEmpty() ? 1 : 0);
  if (!difference_.problem.isEmpty()) {
    view_->clearSurface();
    setBadge(range_, {});
    return;
  }
  const HeightScale scale = differenceScale(difference_.surface);
  view_->setAxes(x, y, layerName(model.layer, model.test) + QStringLiteral(", A \u2212 B"));
  view_->setSurface(difference_.surface, scale, model.levels | 1);  // an odd count has the zero contour in its middle
  setBadge(range_, QStringLiteral("\u00B1%1").arg(QString::fromStdString(numberText(scale.to, 3))));
}

void LandscapeDifference::setProbe(std::optional<QPointF> at) {
  view_->setProbe(at);
  QString words = QStringLiteral("A \u2212 B at the centre");
  std::optional<ProbeReading> reading;
  if (difference_.surface) reading = readSurface(difference_.surface, at ? at->x() : 0, at ? at->y() : 0);
  if (at) words = QStringLiteral("A \u2212 B at the probe");
  if (reading) {
    const QString number = QString::fromStdString(numberText(reading->value, 6));
    words += QStringLiteral("   %1%2 %3").arg(reading->value > 0 ? QStringLiteral("+") : QString(), number, reading->computed ? QStringLiteral("\u25CF") : QStringLiteral("\u25CB"));
  }
  reading_->setWords(reading ? words : QString());
}

QString LandscapeDifference::reading() const { return reading_->toolTip(); }

}  // namespace ui
