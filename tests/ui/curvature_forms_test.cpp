// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>

#include "ui/pages/curvature_options.h"

namespace ui {
namespace {

template <class Field>
Field* field(const QWidget& form, const char* name) {
  auto* found = form.findChild<Field*>(QString::fromLatin1(name));
  if (found == nullptr) throw std::logic_error(std::string("no field ") + name);
  return found;
}

void choose(const QWidget& form, const char* name, const QString& word) {
  auto* box = field<QComboBox>(form, name);
  const int index = box->findData(word);
  ASSERT_GE(index, 0) << name << " has no " << word.toStdString();
  box->setCurrentIndex(index);
}

TEST(SpectrumForm, startsWithTheDefaultsOfTheSpecButForTheCounts) {
  const SpectrumForm form;
  analysis::SpectrumSpec expected;
  expected.measure.run = "runs/a";
  expected.top = 5;
  expected.bottom = 2;
  EXPECT_EQ(form.spec("runs/a"), expected);
}

TEST(SpectrumForm, everyFieldGoesIntoTheSpec) {
  SpectrumForm form;
  form.setRun("runs/a");
  field<QSpinBox>(form, "top")->setValue(7);
  choose(form, "operator", QStringLiteral("gauss-newton"));
  field<QCheckBox>(form, "density")->setChecked(true);
  field<QSpinBox>(form, "probes")->setValue(30);
  field<QSpinBox>(form, "steps")->setValue(50);
  choose(form, "trace", QStringLiteral("xtrace"));
  field<QDoubleSpinBox>(form, "traceError")->setValue(5);
  field<QCheckBox>(form, "dimension")->setChecked(true);
  field<QDoubleSpinBox>(form, "dimensionAt")->setValue(0.5);
  for (const char* name : {"layers", "overN", "verify"}) field<QCheckBox>(form, name)->setChecked(true);
  choose(form, "batchNorm", QStringLiteral("recomputed"));
  field<QComboBox>(form, "scope")->setCurrentText(QStringLiteral("conv1"));
  choose(form, "loss", QStringLiteral("training"));
  const analysis::SpectrumSpec spec = form.spec("runs/a");
  EXPECT_EQ(spec.top, 7);
  EXPECT_EQ(spec.restrictTo, "conv1");
  EXPECT_EQ(spec.operatorName, "gauss-newton");
  EXPECT_EQ(spec.densityProbes, 30);
  EXPECT_EQ(spec.densitySteps, 50);
  EXPECT_EQ(spec.trace, "xtrace");
  EXPECT_DOUBLE_EQ(spec.traceError, 0.05);
  EXPECT_EQ(spec.effectiveDimension, 0.5);
  EXPECT_TRUE(spec.layers && spec.extrapolate && spec.verify);
  EXPECT_EQ(spec.measure.batchNorm, "recomputed");
  EXPECT_EQ(spec.measure.loss, "training");
  EXPECT_TRUE(form.command().contains(QStringLiteral("--operator gauss-newton"))) << form.command().toStdString();
  EXPECT_FALSE(form.problem().isEmpty()) << "by layer and one layer alone";
  field<QComboBox>(form, "scope")->setCurrentIndex(0);
  EXPECT_EQ(form.spec("runs/a").restrictTo, "");
  EXPECT_TRUE(form.problem().isEmpty()) << form.problem().toStdString();
}

TEST(SpectrumForm, refusesToMeasureNothingAndNeedsARun) {
  SpectrumForm form;
  auto* measure = field<QPushButton>(form, "measureSpectrum");
  EXPECT_FALSE(measure->isEnabled()) << "there is no run";
  form.setRun("runs/a");
  EXPECT_TRUE(measure->isEnabled());
  field<QSpinBox>(form, "top")->setValue(0);
  field<QSpinBox>(form, "bottom")->setValue(0);
  EXPECT_FALSE(measure->isEnabled());
  EXPECT_FALSE(form.problem().isEmpty());
  field<QCheckBox>(form, "density")->setChecked(true);
  EXPECT_TRUE(measure->isEnabled()) << "a density alone is something";
  QSignalSpy asked(&form, &MeasureForm::measureRequested);
  measure->click();
  EXPECT_EQ(asked.count(), 1);
}

TEST(SharpnessForm, startsWithTheDefaultsOfTheSpec) {
  const SharpnessForm form;
  analysis::SharpnessSpec expected;
  expected.measure.run = "runs/a";
  EXPECT_EQ(form.spec("runs/a"), expected);
}

TEST(SharpnessForm, everyChoiceGoesIntoTheSpecAndNonsenseIsRefused) {
  SharpnessForm form;
  form.setRun("runs/a");
  field<QCheckBox>(form, "linf")->setChecked(true);
  field<QCheckBox>(form, "oneStep")->setChecked(false);
  field<QCheckBox>(form, "flatness")->setChecked(true);
  field<QCheckBox>(form, "pacBayes")->setChecked(true);
  field<QLineEdit>(form, "rho")->setText(QStringLiteral("0.05, 0.1 0.2"));
  const analysis::SharpnessSpec spec = form.spec("runs/a");
  EXPECT_EQ(spec.kinds, (std::vector<std::string>{"worst", "average"}));
  EXPECT_EQ(spec.norms, (std::vector<std::string>{"l2", "linf"}));
  EXPECT_EQ(spec.rho, (std::vector<double>{0.05, 0.1, 0.2}));
  EXPECT_TRUE(spec.relativeFlatness);
  EXPECT_EQ(spec.pacBayes, 0.1);
  EXPECT_TRUE(form.problem().isEmpty()) << form.problem().toStdString();
  EXPECT_TRUE(form.command().contains(QStringLiteral("sharpness"))) << form.command().toStdString();
  auto* measure = field<QPushButton>(form, "measureSharpness");
  EXPECT_TRUE(measure->isEnabled());
  field<QLineEdit>(form, "rho")->setText(QStringLiteral("0.1, much"));
  EXPECT_TRUE(form.problem().contains(QStringLiteral("much"))) << form.problem().toStdString();
  EXPECT_FALSE(measure->isEnabled());
  field<QLineEdit>(form, "rho")->setText(QString());
  for (const char* kind : {"worst", "average"}) field<QCheckBox>(form, kind)->setChecked(false);
  EXPECT_FALSE(measure->isEnabled()) << "nothing is asked for";
}

TEST(InvarianceForm, slidersAndChoicesGoIntoTheSpec) {
  InvarianceForm form;
  analysis::InvarianceSpec expected;
  expected.measure.run = "runs/a";
  EXPECT_EQ(form.spec("runs/a"), expected);
  auto* strength = field<QSlider>(form, "strength");
  strength->setValue(strength->maximum());
  EXPECT_DOUBLE_EQ(form.spec("runs/a").strength, 100);
  strength->setValue(strength->maximum() / 2);
  EXPECT_DOUBLE_EQ(form.spec("runs/a").strength, 1) << "the middle changes nothing";
  field<QSlider>(form, "share")->setValue(25);
  EXPECT_DOUBLE_EQ(form.spec("runs/a").share, 0.25);
  choose(form, "transform", QStringLiteral("permute"));
  EXPECT_EQ(form.spec("runs/a").transforms, (std::vector<std::string>{"permute"}));
  form.setOthers({{QStringLiteral("SGD"), "runs/a"}, {QStringLiteral("SAM"), "runs/b"}});
  choose(form, "other", QStringLiteral("runs/b"));
  EXPECT_EQ(form.spec("runs/a").other, "runs/b");
  EXPECT_EQ(form.spec("runs/b").other, "") << "a run is not compared with itself";
}

}  // namespace
}  // namespace ui
