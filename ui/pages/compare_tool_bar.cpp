// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_tool_bar.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>

#include "ui/pages/card.h"

namespace ui {
namespace {

constexpr int kWide = 1300, kMiddle = 1080, kNarrow = 960;  ///< from here on planes have their whole names; short ones; words beside icons
const char* const kPlanes[] = {"A own filters", "B same directions", "C through the minima"};
const char* const kShort[] = {"A own", "B same", "C minima"};

}  // namespace

CompareToolBar::CompareToolBar(QWidget* parent) : QWidget(parent) {
  setFixedHeight(40);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 4, 0, 4);
  row->setSpacing(8);
  view_ = addSegments(row, this,
                      {{QStringLiteral("Runs"), QStringLiteral("The compared runs beside each other")}, {QStringLiteral("Study"), QStringLiteral("Over all runs: does a measure go with the generalisation gap?")}});
  baselineWord_ = new QLabel(QStringLiteral("Baseline"));
  row->addWidget(baselineWord_);
  baseline_ = new QComboBox;
  baseline_->setObjectName(QStringLiteral("baseline"));
  baseline_->setAccessibleName(QStringLiteral("Baseline"));
  baseline_->setIconSize({28, 16});
  baseline_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  baseline_->setMinimumContentsLength(9);
  baseline_->setToolTip(QStringLiteral("What the others are compared with: differences, ratios and distances are to this run. Default: the first."));
  row->addWidget(baseline_);
  planesWord_ = new QLabel(QStringLiteral("Planes"));
  row->addWidget(planesWord_);
  planes_ = addSegments(row, this,
                        {{QString::fromLatin1(kPlanes[0]), QStringLiteral("A, own filters: the same random draw, scaled to each run's own filters. Shapes can be compared.")},
                         {QString::fromLatin1(kPlanes[1]), QStringLiteral("B, identical directions: the baseline's vectors in every run. A step is the same change of the weights everywhere.")},
                         {QString::fromLatin1(kPlanes[2]), QStringLiteral("C, through the minima: one plane that holds the baseline and two other runs.")}});
  link_ = new QToolButton;
  link_->setObjectName(QStringLiteral("linkCameras"));
  link_->setCheckable(true);
  link_->setChecked(true);
  link_->setToolTip(QStringLiteral("Cameras of the surfaces turn together. Default: on."));
  row->addWidget(link_);
  row->addStretch(1);
  digitsWord_ = new QLabel(QStringLiteral("Digits"));
  row->addWidget(digitsWord_);
  digits_ = new QSpinBox;
  digits_->setObjectName(QStringLiteral("digits"));
  digits_->setRange(2, 8);
  digits_->setValue(4);
  digits_->setToolTip(QStringLiteral("Significant digits of the table. Range 2 to 8, default 4. Copies have full precision."));
  row->addWidget(digits_);
  command_ = new QToolButton;
  command_->setObjectName(QStringLiteral("copyCommand"));
  command_->setText(QStringLiteral("Copy as command"));
  command_->setToolTip(QStringLiteral("sharpscape compare with these runs and settings: makes the same table again"));
  row->addWidget(command_);
  export_ = new QToolButton;
  export_->setObjectName(QStringLiteral("exportComparison"));
  export_->setText(QStringLiteral("Export\u2026"));
  export_->setProperty("primary", true);
  export_->setToolTip(QStringLiteral("Writes the comparison as a file, with the command that makes it again"));
  export_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  row->addWidget(export_);
  connect(view_, &QButtonGroup::idToggled, this, [this](int, bool on) {
    fitWidth();
    if (on) emit viewChanged();
  });
  connect(planes_, &QButtonGroup::idToggled, this, [this](int, bool on) {
    if (on) emit planesChanged();
  });
  connect(baseline_, &QComboBox::activated, this, [this](int index) { emit baselineChosen(folders_[static_cast<std::size_t>(index)]); });
  connect(digits_, &QSpinBox::valueChanged, this, &CompareToolBar::digitsChanged);
  connect(link_, &QToolButton::toggled, this, &CompareToolBar::linkChanged);
  connect(command_, &QToolButton::clicked, this, &CompareToolBar::commandRequested);
  connect(export_, &QToolButton::clicked, this, &CompareToolBar::exportRequested);
}

void CompareToolBar::show(const Session& session, const RunLooks& looks) {
  const QSignalBlocker quiet(baseline_);
  baseline_->clear();
  folders_.clear();
  for (const SessionRun& run : session.runs()) {
    if (!run.visible) continue;
    if (&run == session.baseline()) baseline_->setCurrentIndex(-1);
    baseline_->addItem(looks.swatch(run), run.name);
    folders_.push_back(run.folder);
    if (&run == session.baseline()) baseline_->setCurrentIndex(baseline_->count() - 1);
  }
  baseline_->setEnabled(folders_.size() > 1);
}

void CompareToolBar::setTheme(const Theme& theme) {
  link_->setIcon(theme.icon(QStringLiteral("link")));
  command_->setIcon(theme.icon(QStringLiteral("copy")));
  export_->setIcon(theme.icon(QStringLiteral("export"), Qt::white));
}

void CompareToolBar::setReady(bool table) {
  command_->setEnabled(table);
  export_->setEnabled(table);
}

CompareToolBar::View CompareToolBar::view() const { return static_cast<View>(view_->checkedId()); }
void CompareToolBar::setView(View view) { view_->button(view)->setChecked(true); }
Planes CompareToolBar::planes() const { return static_cast<Planes>(planes_->checkedId()); }
void CompareToolBar::setPlanes(Planes planes) { planes_->button(static_cast<int>(planes))->setChecked(true); }
int CompareToolBar::digits() const { return digits_->value(); }
void CompareToolBar::setDigits(int digits) { digits_->setValue(digits); }
bool CompareToolBar::linked() const { return link_->isChecked(); }
void CompareToolBar::setLinked(bool linked) { link_->setChecked(linked); }

/// In a narrow window the planes are named by their letters and the words beside icons go.
void CompareToolBar::fitWidth() {
  const bool runs = view() == runsView, wide = width() >= kWide, middle = width() >= kMiddle;
  for (int i = 0; i < 3; ++i) {
    planes_->button(i)->setText(wide ? QString::fromLatin1(kPlanes[i]) : middle ? QString::fromLatin1(kShort[i]) : QString::fromLatin1(kPlanes[i]).left(1));
    planes_->button(i)->setVisible(runs);
  }
  for (QWidget* part : {static_cast<QWidget*>(planesWord_), static_cast<QWidget*>(link_)}) part->setVisible(runs);
  command_->setToolButtonStyle(width() >= kNarrow ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
  baselineWord_->setVisible(width() >= kNarrow - 200);
}

void CompareToolBar::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fitWidth();
}

}  // namespace ui
