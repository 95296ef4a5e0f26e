// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_board.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QSplitter>
#include <QStackedLayout>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/theme/tokens.h"

namespace ui {
namespace {

constexpr int kLeast = 600;  ///< a narrower page is not laid out yet

QSplitter* makeSplitter(Qt::Orientation orientation, const QList<QWidget*>& parts, const QList<int>& sizes) {
  auto* splitter = new QSplitter(orientation);
  splitter->setChildrenCollapsible(false);
  for (QWidget* part : parts) splitter->addWidget(part);
  splitter->setSizes(sizes);
  for (int i = 0; i < sizes.size(); ++i) splitter->setStretchFactor(i, sizes[i]);
  return splitter;
}

QJsonArray sizesOf(const QSplitter* splitter) {
  QJsonArray out;
  for (const int size : splitter->sizes()) out.append(size);
  return out;
}

QList<int> numbers(const QJsonValue& value) {
  QList<int> out;
  for (const QJsonValue& each : value.toArray()) out << each.toInt();
  return out;
}

void restoreSizes(QSplitter* splitter, const QJsonValue& value) {
  if (const QList<int> sizes = numbers(value); sizes.size() == splitter->count()) splitter->setSizes(sizes);
}

}  // namespace

CompareBoard::CompareBoard(QWidget* parent)
    : QWidget(parent),
      tools_(new CompareToolBar),
      table_(new CompareTableCard),
      settings_(new SettingsCard),
      fairness_(new FairnessCard),
      ratios_(new RatioCard),
      curves_(new CompareCurvesView),
      surfaces_(new CompareSurfacesView),
      study_(new StudyView) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 0, 8, 8);
  column->setSpacing(8);
  column->addWidget(tools_);
  whole_ = makeSplitter(Qt::Vertical, {makeTop(), makeBottom()}, {52, 48});
  auto* body = new QWidget;
  body_ = new QStackedLayout(body);
  body_->addWidget(whole_);
  body_->addWidget(study_);
  column->addWidget(body, 1);
  connect(tools_, &CompareToolBar::viewChanged, this, [this] { body_->setCurrentIndex(tools_->view()); });
  connect(tools_, &CompareToolBar::digitsChanged, table_, &CompareTableCard::setDigits);
  connect(tools_, &CompareToolBar::linkChanged, surfaces_, &CompareSurfacesView::setLinked);
  connect(curves_, &CompareCurvesView::changed, this, &CompareBoard::curvesChanged);
  connect(curves_, &CompareCurvesView::noteChanged, this, &CompareBoard::showLower);
  connect(choice_, &QButtonGroup::idToggled, this, [this](int, bool on) {
    if (!on) return;
    showLower();
    emit lowerChanged();
  });
  showLower();
}

/// The cards at the right keep their width, the table and the surfaces take the rest.
void CompareBoard::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  if (placed_ || width() < kLeast) return;
  placed_ = true;
  const int side = std::clamp(width() * 3 / 11, 240, 480);
  for (QSplitter* splitter : {top_, bottom_}) splitter->setSizes({width() - 24 - side, side});
}

QWidget* CompareBoard::makeTop() {
  side_ = makeSplitter(Qt::Vertical, {settings_, fairness_}, {50, 50});
  top_ = makeSplitter(Qt::Horizontal, {table_, side_}, {1, 0});
  table_->setMinimumSize(320, 140);
  settings_->setMinimumSize(220, 80);
  fairness_->setMinimumSize(220, 80);
  return top_;
}

QWidget* CompareBoard::makeBottom() {
  bottom_ = makeSplitter(Qt::Horizontal, {makeLower(), ratios_}, {1, 0});
  ratios_->setMinimumWidth(220);
  return bottom_;
}

/// One card, of surfaces or of curves: its header holds the switch and what belongs to the one that is seen.
QWidget* CompareBoard::makeLower() {
  auto* frame = new QFrame;
  QVBoxLayout* column = makeCard(frame);
  QHBoxLayout* header = addCardBar(column, "cardHeader");
  header->setContentsMargins(4, 0, 4, 0);
  choice_ = addSegments(header, this,
                        {{QStringLiteral("Surfaces"), QStringLiteral("The loss around each run, on one scale")}, {QStringLiteral("Curves"), QStringLiteral("Loss, accuracy, gradient norm and curvature while they trained, over each other")}});
  lowerTitle_ = new ElidedLabel;
  lowerTitle_->setProperty("role", QStringLiteral("second"));
  header->addWidget(lowerTitle_, 1);
  compute_ = new QToolButton;
  compute_->setObjectName(QStringLiteral("computeSurfaces"));
  compute_->setProperty("role", QStringLiteral("segment"));
  header->addWidget(compute_);
  auto* controls = new QWidget;
  lowerControls_ = new QStackedLayout(controls);
  lowerControls_->addWidget(surfaces_->controls());
  lowerControls_->addWidget(curves_->controls());
  header->addWidget(controls);
  auto* body = new QWidget;
  lowerBody_ = new QStackedLayout(body);
  lowerBody_->addWidget(surfaces_);
  lowerBody_->addWidget(curves_);
  column->addWidget(body, 1);
  auto* footer = new QWidget;
  lowerFooter_ = new QStackedLayout(footer);
  auto* legend = new QWidget;
  auto* across = new QHBoxLayout(legend);
  across->setContentsMargins(8, 2, 8, 2);
  across->addWidget(surfaces_->legend());
  curvesNote_ = new ElidedLabel;
  curvesNote_->setProperty("role", QStringLiteral("hint"));
  curvesNote_->setContentsMargins(8, 0, 8, 0);
  lowerFooter_->addWidget(legend);
  lowerFooter_->addWidget(curvesNote_);
  footer->setFixedHeight(40);
  column->addWidget(footer);
  connect(compute_, &QToolButton::clicked, this, &CompareBoard::computeRequested);
  frame->setMinimumSize(320, 170);
  return frame;
}

CompareBoard::Lower CompareBoard::lower() const { return static_cast<Lower>(choice_->checkedId()); }
void CompareBoard::setLower(Lower lower) { choice_->button(lower)->setChecked(true); }

void CompareBoard::showLower() {
  const bool ofSurfaces = lower() == surfaces;
  lowerBody_->setCurrentIndex(lower());
  lowerControls_->setCurrentIndex(lower());
  lowerFooter_->setCurrentIndex(lower());
  lowerFooter_->parentWidget()->setFixedHeight(ofSurfaces ? 40 : 24);
  lowerFooter_->parentWidget()->setVisible(ofSurfaces || !curves_->note().isEmpty());
  lowerTitle_->setWords(ofSurfaces ? contents_.planesSentence : QString());
  compute_->setVisible(ofSurfaces && contents_.missingSurfaces > 0);
  compute_->setText(contents_.missingSurfaces == 1 ? QStringLiteral("Compute 1 surface") : QStringLiteral("Compute %1 surfaces").arg(contents_.missingSurfaces));
  compute_->setToolTip(QStringLiteral("Samples what these planes lack, in the background; what is there stays"));
  curvesNote_->setWords(curves_->note());
}

void CompareBoard::show(const Session& session, const RunLooks& looks, CompareContents contents) {
  contents_ = std::move(contents);
  tools_->show(session, looks);
  tools_->setReady(contents_.comparison != nullptr);
  table_->setMeasures(contents_.measures);
  table_->show(contents_.comparison, contents_.entries, contents_.why);
  settings_->show(session, contents_.entries);
  fairness_->show(contents_.fairness, contents_.seeds, contents_.seedsCost);
  ratios_->show(contents_.comparison, contents_.entries);
  if (lower() == curves) curves_->show(session, contents_.entries);
  else surfaces_->show(contents_.panes, contents_.entries.empty() ? QStringLiteral("Train a run first: its surface appears here, beside those of the others.") : QStringLiteral("Train a second run: one plane through both minima needs two."));
  showLower();
}

void CompareBoard::setTheme(const Theme& theme) {
  tools_->setTheme(theme);
  table_->setColours(theme.tokens());
  fairness_->setTheme(theme);
  ratios_->setColours(chartColours(theme.kind()));
  curves_->setColours(chartColours(theme.kind()));
  surfaces_->setColours(sceneColours(theme.kind()));
  study_->setColours(chartColours(theme.kind()));
}

QJsonObject CompareBoard::state() const {
  QJsonArray quantities, widths;
  for (const int q : curves_->quantities()) quantities.append(q);
  for (const int w : table_->columnWidths()) widths.append(w);
  const OrbitCamera camera = surfaces_->camera();
  return {{QStringLiteral("view"), tools_->view()},
          {QStringLiteral("planes"), QString::fromStdString(wordOf(tools_->planes()))},
          {QStringLiteral("digits"), tools_->digits()},
          {QStringLiteral("linked"), tools_->linked()},
          {QStringLiteral("lower"), lower() == surfaces ? QStringLiteral("surfaces") : QStringLiteral("curves")},
          {QStringLiteral("quantities"), quantities},
          {QStringLiteral("axis"), static_cast<int>(curves_->abscissa())},
          {QStringLiteral("scale"), static_cast<int>(surfaces_->scaleKind())},
          {QStringLiteral("camera"), QJsonArray{camera.azimuth, camera.elevation, camera.distance}},
          {QStringLiteral("studyTarget"), QString::fromStdString(study_->target())},
          {QStringLiteral("studyMeasure"), QString::fromStdString(study_->measure())},
          {QStringLiteral("seedsApart"), table_->seedsApart()},
          {QStringLiteral("differencesOnly"), settings_->differencesOnly()},
          {QStringLiteral("columns"), widths},
          {QStringLiteral("sizes"), QJsonArray{sizesOf(whole_), sizesOf(top_), sizesOf(side_), sizesOf(bottom_)}}};
}

void CompareBoard::restoreState(const QJsonObject& state) {
  const auto has = [&](const char* key) { return state.contains(QLatin1String(key)); };
  const auto value = [&](const char* key) { return state.value(QLatin1String(key)); };
  if (has("view")) tools_->setView(value("view").toInt() == CompareToolBar::studyView ? CompareToolBar::studyView : CompareToolBar::runsView);
  const QString planes = value("planes").toString();
  if (planes == QStringLiteral("A") || planes == QStringLiteral("B") || planes == QStringLiteral("C")) tools_->setPlanes(static_cast<Planes>(planes[0].unicode() - 'A'));
  if (has("digits")) tools_->setDigits(value("digits").toInt());
  if (has("linked")) tools_->setLinked(value("linked").toBool());
  if (has("lower")) setLower(value("lower").toString() == QStringLiteral("curves") ? curves : surfaces);
  if (has("quantities")) curves_->setQuantities(numbers(value("quantities")));
  if (has("axis")) curves_->setAbscissa(static_cast<Abscissa>(std::clamp(value("axis").toInt(), 0, 3)));
  if (has("scale")) surfaces_->setScaleKind(static_cast<ScaleKind>(std::clamp(value("scale").toInt(), 0, 2)));
  if (const QJsonArray at = value("camera").toArray(); at.size() == 3) {
    OrbitCamera camera;
    camera.azimuth = at[0].toDouble(), camera.elevation = at[1].toDouble(), camera.distance = at[2].toDouble();
    surfaces_->setCamera(camera);
  }
  if (has("studyTarget")) study_->setTarget(value("studyTarget").toString().toStdString());
  if (has("studyMeasure")) study_->setMeasure(value("studyMeasure").toString().toStdString());
  if (has("seedsApart")) table_->setSeedsApart(value("seedsApart").toBool());
  if (has("differencesOnly")) settings_->setDifferencesOnly(value("differencesOnly").toBool());
  if (has("columns")) table_->setColumnWidths(numbers(value("columns")));
  const QJsonArray sizes = value("sizes").toArray();
  QSplitter* const splitters[] = {whole_, top_, side_, bottom_};
  placed_ = placed_ || sizes.size() == 4;
  for (int i = 0; i < std::min<int>(4, static_cast<int>(sizes.size())); ++i) restoreSizes(splitters[i], sizes[i]);
}

}  // namespace ui
