// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/landscape_options.h"

#include <gtest/gtest.h>

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>

namespace ui {
namespace {

TEST(LandscapeOptions, startsWithTheDefaultsOfTheSpec) {
  const LandscapeOptions form;
  analysis::SurfaceSpec expected;
  expected.measure.run = "runs/a";
  expected.y = analysis::AxisSpec{};
  EXPECT_EQ(form.spec("runs/a"), expected);
}

TEST(LandscapeOptions, eigenvectorsAndSlicesGoIntoSpecAndCommand) {
  LandscapeOptions form;
  form.setRun("runs/a", 1442, 355);
  form.findChild<QComboBox*>(QStringLiteral("xKind"))->setCurrentIndex(1);
  EXPECT_EQ(form.spec("runs/a").x.kind, "eigen:1");
  EXPECT_TRUE(form.command().contains(QStringLiteral("surface"))) << form.command().toStdString();
  EXPECT_TRUE(form.command().contains(QStringLiteral("eigen:1")));
  auto* y = form.findChild<QComboBox*>(QStringLiteral("yKind"));
  y->setCurrentIndex(y->findData(QStringLiteral("none")));
  EXPECT_FALSE(form.spec("runs/a").y.has_value());
  EXPECT_TRUE(form.command().contains(QStringLiteral("slice")));
}

TEST(LandscapeOptions, computeNeedsARun) {
  LandscapeOptions form;
  auto* compute = form.findChild<QPushButton*>(QStringLiteral("computeSurface"));
  EXPECT_FALSE(compute->isEnabled());
  form.setRun("runs/a", 1442, 355);
  EXPECT_TRUE(compute->isEnabled());
  QSignalSpy asked(&form, &LandscapeOptions::computeRequested);
  compute->click();
  EXPECT_EQ(asked.count(), 1);
}

TEST(LandscapeOptions, fewPointsWithinATolerance) {
  LandscapeOptions form;
  form.setRun("runs/a", 1442, 355);
  EXPECT_FALSE(form.spec("runs/a").tolerance.has_value());
  EXPECT_FALSE(form.command().contains(QStringLiteral("--tolerance")));
  auto* points = form.findChild<QComboBox*>(QStringLiteral("tolerance"));
  points->setCurrentIndex(points->findData(QStringLiteral("0.01")));
  EXPECT_EQ(form.spec("runs/a").tolerance, 0.01);
  EXPECT_TRUE(form.command().contains(QStringLiteral("--tolerance 0.01"))) << form.command().toStdString();
  EXPECT_TRUE(form.problem().isEmpty());
  form.findChild<QCheckBox*>(QStringLiteral("lambda-max"))->setChecked(true);
  EXPECT_TRUE(form.problem().contains(QStringLiteral("--tolerance"))) << form.problem().toStdString();
  EXPECT_FALSE(form.findChild<QPushButton*>(QStringLiteral("computeSurface"))->isEnabled());
}

TEST(LandscapeOptions, everyKindOfAxisComesOutAsItsWords) {
  LandscapeOptions form;
  form.setRun("runs/a", 1442, 355);
  form.setOthers({{QStringLiteral("SAM"), "runs/b"}});
  const auto choose = [&](const char* kind) {
    auto* box = form.findChild<QComboBox*>(QStringLiteral("xKind"));
    box->setCurrentIndex(box->findData(QString::fromLatin1(kind)));
    return form.spec("runs/a").x.kind;
  };
  form.findChild<QSpinBox*>(QStringLiteral("xIndex"))->setValue(3);
  EXPECT_EQ(choose("bottom"), "eigen:-3");
  EXPECT_EQ(choose("pca"), "pca:3");
  EXPECT_EQ(choose("pca-centred"), "pca-centred:3");
  EXPECT_EQ(choose("gradient"), "gradient");
  EXPECT_EQ(choose("sam"), "sam");
  form.findChild<QDoubleSpinBox*>(QStringLiteral("xRho"))->setValue(0.25);
  EXPECT_EQ(form.spec("runs/a").x.kind, "sam:0.25");
  EXPECT_EQ(choose("toward"), "toward:runs/b");
  EXPECT_TRUE(form.problem().isEmpty()) << form.problem().toStdString();
  EXPECT_TRUE(form.command().contains(QStringLiteral("toward:runs/b")));
  form.findChild<QLineEdit*>(QStringLiteral("xLayer"))->setText(QStringLiteral("conv1"));
  EXPECT_EQ(choose("random"), "layer:conv1:random");
  auto* normalise = form.findChild<QComboBox*>(QStringLiteral("xNormalise"));
  normalise->setCurrentIndex(normalise->findData(QStringLiteral("layer")));
  EXPECT_EQ(form.spec("runs/a").x.normalise, "layer");
  EXPECT_TRUE(form.spec("runs/a").y->normalise.empty()) << "each axis by itself";
}

TEST(LandscapeOptions, whatAnAxisLacksIsSaidAndKeepsComputeOff) {
  LandscapeOptions form;
  form.setRun("runs/a", 1442, 355);
  auto* kind = form.findChild<QComboBox*>(QStringLiteral("xKind"));
  for (const char* word : {"toward", "file"}) {
    kind->setCurrentIndex(kind->findData(QString::fromLatin1(word)));
    EXPECT_FALSE(form.problem().isEmpty()) << word;
    EXPECT_FALSE(form.findChild<QPushButton*>(QStringLiteral("computeSurface"))->isEnabled()) << word;
  }
}

TEST(LandscapeOptions, matchedPlanesAreOneChoiceApart) {
  LandscapeOptions form;
  form.setRun("runs/a", 1442, 355);
  form.setRuns({{QStringLiteral("SGD"), "runs/a"}, {QStringLiteral("SAM"), "runs/b"}, {QStringLiteral("penalty"), "runs/c"}}, "runs/b");
  QSignalSpy changed(&form, &LandscapeOptions::modeChanged);
  EXPECT_EQ(form.mode(), "A");
  EXPECT_EQ(form.planes().surfaces.size(), 3U);
  auto* mode = form.findChild<QComboBox*>(QStringLiteral("planes"));
  mode->setCurrentIndex(1);
  EXPECT_EQ(changed.count(), 1);
  const analysis::MatchedPlanes same = form.planes();
  EXPECT_EQ(same.surfaces.front().run, "runs/b") << "the baseline's vectors are made first";
  EXPECT_FALSE(same.surfaces.front().spec.saveDirections.empty());
  EXPECT_EQ(same.surfaces.back().spec.directions, same.surfaces.front().spec.saveDirections);
  EXPECT_EQ(form.command().count(QLatin1Char('\n')), 2) << form.command().toStdString();
  mode->setCurrentIndex(2);
  const analysis::MatchedPlanes one = form.planes();
  ASSERT_EQ(one.surfaces.size(), 1U);
  EXPECT_TRUE(one.surfaces.front().spec.x.kind.starts_with("toward:"));
  EXPECT_TRUE(form.problem().isEmpty()) << form.problem().toStdString();
  form.setRuns({{QStringLiteral("SGD"), "runs/a"}}, "runs/a");
  EXPECT_TRUE(form.problem().contains(QStringLiteral("two runs"))) << form.problem().toStdString();
}

TEST(LandscapeOptions, fieldsAndUnitsComeOut) {
  LandscapeOptions form;
  form.setRun("runs/a", 1442, 355);
  form.findChild<QCheckBox*>(QStringLiteral("gradient-norm"))->setChecked(true);
  form.findChild<QCheckBox*>(QStringLiteral("generalisation"))->setChecked(true);
  EXPECT_EQ(form.spec("runs/a").fields, (std::vector<std::string>{"gradient-norm", "generalisation"}));
  EXPECT_TRUE(form.problem().isEmpty()) << form.problem().toStdString();
  QSignalSpy units(&form, &LandscapeOptions::unitsChanged);
  form.findChild<QComboBox*>(QStringLiteral("yUnit"))->setCurrentIndex(2);
  EXPECT_EQ(units.count(), 1);
  EXPECT_EQ(form.units(), (AxisUnits{.x = AxisUnit::raw, .y = AxisUnit::rise, .rise = 0.1}));
}

TEST(LandscapeOptions, aPreviewIsShownUntilTheFormSaysSomethingElse) {
  LandscapeOptions form;
  form.setRun("runs/a", 1442, 355);
  const analysis::SurfaceSpec spec = form.spec("runs/a");
  analysis::AxesPreview preview;
  preview.axes = {{.description = "random", .norm = 3.25}, {.description = "pca 1", .norm = 1, .explainedVariance = 0.742, .randomWalkVariance = 0.61}};
  preview.cosine = 0.0125;
  form.showPreview(spec, preview);
  const auto* x = form.findChildren<AxisPicker*>().at(0);
  const auto* y = form.findChildren<AxisPicker*>().at(1);
  EXPECT_TRUE(x->hint().contains(QStringLiteral("3.25"))) << x->hint().toStdString();
  EXPECT_TRUE(y->hint().contains(QStringLiteral("74.2 %"))) << y->hint().toStdString();
  EXPECT_TRUE(y->hint().contains(QStringLiteral("61.0 %")));
  auto* kind = form.findChild<QComboBox*>(QStringLiteral("xKind"));
  kind->setCurrentIndex(kind->findData(QStringLiteral("gradient")));
  EXPECT_FALSE(x->hint().contains(QStringLiteral("3.25")));
  form.showPreview(spec, preview);
  EXPECT_FALSE(x->hint().contains(QStringLiteral("3.25"))) << "it is of another spec";
  form.showPreviewFailure(form.spec("runs/a"), QStringLiteral("no such layer"));
  EXPECT_EQ(form.problem(), QStringLiteral("no such layer"));
}

TEST(LandscapeOptions, asksForAPreviewWhenTheFieldsStandStill) {
  LandscapeOptions form;
  QSignalSpy asked(&form, &LandscapeOptions::previewRequested);
  form.setRun("runs/a", 1442, 355);
  form.findChild<QSpinBox*>(QStringLiteral("xIndex"))->setValue(3);
  EXPECT_TRUE(asked.wait(5000));
  EXPECT_EQ(asked.count(), 1);
}

}  // namespace
}  // namespace ui
