// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <map>
#include <stdexcept>

#include "trainer/run/example_runs.h"
#include "trainer/run/run_spec_fields.h"
#include "ui/forms/field_editor.h"
#include "ui/forms/field_text.h"
#include "ui/forms/run_fields.h"
#include "ui/forms/run_form.h"

namespace ui {
namespace {

trainer::RunSpec digits() {
  trainer::RunSpec spec;
  spec.data = "digits";
  return spec;
}

/// What a user does: types over what is in the field, letter by letter.
void type(RunForm& form, const char* key, const QString& text) {
  auto* line = form.editor(QString::fromLatin1(key))->findChild<QLineEdit*>();
  ASSERT_NE(line, nullptr) << key;
  line->selectAll();
  QTest::keyClicks(line, text);
}

void choose(RunForm& form, const char* key, const char* word) {
  auto* box = form.editor(QString::fromLatin1(key))->findChild<QComboBox*>();
  ASSERT_NE(box, nullptr) << key;
  ASSERT_GE(box->findData(QString::fromLatin1(word)), 0) << key << " " << word;
  box->setCurrentIndex(box->findData(QString::fromLatin1(word)));
}

std::vector<trainer::RunSpec> manySpecs() {
  std::vector<trainer::RunSpec> specs = trainer::exampleRuns(3);
  trainer::RunSpec s = digits();
  s.dataLimit = 512, s.validation = 0.125, s.labelNoise = 0.1, s.augment = "standard", s.mean = {0.3}, s.deviation = {1.0 / 3};
  s.model = "mlp:64-32-10", s.activation = "tanh", s.dropout = 0.2, s.labelSmoothing = 0.05;
  s.learningRate = 1.0 / 7, s.momentum = 0, s.weightDecay = 5e-4, s.weightDecayMode = "decoupled", s.clipNorm = 2.5, s.batchSize = trainer::kAllItems;
  s.schedule = "step", s.warmupSteps = 20, s.epochs = 7, s.checkpointEvery = 3;
  s.ema = 0.99, s.swaFrom = 5, s.curvatureEvery = 2, s.curvatureSamples = 700, s.curvatureProducts = 12;
  s.curvatureMeasures = "lambda-max,gradient-share", s.curvatureTop = 3, s.curvatureShare = 0.5;
  s.seed = 18446744073709551615u, s.device = "cpu", s.threads = 2, s.precision = "double";
  specs.push_back(s);
  for (const char* optimizer : {"adam", "adamw", "lion", "muon"}) {
    trainer::RunSpec o = digits();
    o.optimizer = optimizer, o.beta1 = 0.85, o.beta2 = 0.9925, o.weightDecay = 0.01;
    specs.push_back(o);
  }
  for (const char* method : {"sam", "asam", "penalty", "gsam", "looksam", "friendly-sam"}) {
    trainer::RunSpec m = digits();
    m.sharpness = method, m.rho = 0.123, m.perturbOnly = "weight", m.perturbEvery = 3, m.perturbationGroup = 16, m.penaltyWarmup = "r", m.penaltyWarmupSteps = 40;
    specs.push_back(m);
    specs.push_back(trainer::resolve(m, nullptr));
  }
  trainer::RunSpec exact = digits();
  exact.sharpness = "penalty", exact.penaltyProduct = "exact", exact.alpha = 0.5;
  specs.push_back(exact);
  trainer::RunSpec unit = digits();
  unit.sharpness = "penalty", unit.referenceTerm = "unit", unit.perturbation = "adaptive", unit.asamEta = 0.02, unit.loss = "mse", unit.nesterov = true;
  specs.push_back(unit);
  for (const char* data : {"idx:/a folder/mnist", "cifar10:/c", "cifar100:/c", "arrays:/x", "text:/a.txt", "spirals", "text"}) {
    trainer::RunSpec d;
    d.data = data;
    d.model = "cnn";
    specs.push_back(d);
  }
  return specs;
}

TEST(RunForm, anySpecGoesThroughItUnchanged) {
  RunForm form;
  for (trainer::RunSpec spec : manySpecs()) {
    form.setSpec(spec);
    EXPECT_EQ(form.spec(), spec) << trainer::commandLine(trainer::resolve(spec, nullptr)) << "\n" << trainer::commandLine(trainer::resolve(form.spec(), nullptr));
    spec = trainer::resolve(spec, nullptr);
    form.setSpec(spec);
    EXPECT_EQ(form.spec(), spec) << trainer::commandLine(spec);
    EXPECT_EQ(form.problem(), QString());
    EXPECT_EQ(form.command().toStdString(), trainer::commandLine(spec));
  }
}

TEST(RunForm, whatIsTypedIsWhatIsTrained) {
  RunForm form;
  form.setSpec(digits());
  choose(form, "optimizer", "adamw");
  choose(form, "sharpness", "penalty");
  type(form, "learning_rate", QStringLiteral("0.002"));
  type(form, "rho", QStringLiteral("0.25"));
  type(form, "batch_size", QStringLiteral("all"));
  type(form, "curvature_every", QStringLiteral("2"));
  type(form, "ema", QStringLiteral("0.9"));
  trainer::RunSpec wanted = digits();
  wanted.optimizer = "adamw", wanted.sharpness = "penalty", wanted.learningRate = 0.002, wanted.rho = 0.25, wanted.batchSize = trainer::kAllItems;
  wanted.curvatureEvery = 2, wanted.ema = 0.9;
  EXPECT_EQ(form.spec(), wanted);
  EXPECT_EQ(form.command().toStdString(), trainer::commandLine(trainer::resolve(wanted, nullptr)));
}

TEST(RunForm, hasEveryFlagOnceWithTheWordsOfItsHelp) {
  std::map<std::string, int> seen;
  for (const RunSection& section : runSections())
    for (const RunField& field : section.fields) {
      ++seen[field.key];
      EXPECT_GT(fieldToolTip(field).size(), 40) << field.key;
    }
  const trainer::RunSpec fresh;
  std::size_t flags = 0;
  trainer::visitFields(fresh, [&](const char* key, const char* help, const auto&) {
    ++flags;
    EXPECT_EQ(seen[key], 1) << key;
    EXPECT_GT(std::string(help).size(), 0u) << key;
  });
  EXPECT_EQ(seen.size(), flags);
}

TEST(RunForm, everyWordItOffersIsAccepted) {
  for (const RunSection& section : runSections())
    for (const RunField& field : section.fields)
      for (const auto& [word, shown] : field.choices) {
        trainer::RunSpec spec = digits();
        if (trainer::RunSpec penalty = spec; penalty.sharpness = "penalty", true) spec = penalty;  // uses most of the fields
        EXPECT_EQ(setFieldText(spec, QString::fromLatin1(field.key), QString::fromLatin1(word)), QString());
        spec.penaltyWarmupSteps = 5;
        EXPECT_NO_THROW(trainer::resolve(spec, nullptr)) << field.key << " " << word;
      }
}

TEST(RunForm, showsOnlyWhatTheMethodUses) {
  RunForm form;
  form.setSpec(digits());
  EXPECT_TRUE(form.isShown(QStringLiteral("momentum")));
  for (const char* hidden : {"rho", "alpha", "beta1", "weight_decay_mode", "curvature_samples"}) EXPECT_FALSE(form.isShown(QString::fromLatin1(hidden))) << hidden;
  choose(form, "sharpness", "sam");
  EXPECT_TRUE(form.isShown(QStringLiteral("rho")));
  EXPECT_FALSE(form.isShown(QStringLiteral("alpha"))) << "SAM is the penalty at alpha = 1";
  choose(form, "sharpness", "penalty");
  EXPECT_TRUE(form.isShown(QStringLiteral("alpha")));
  choose(form, "penalty_product", "exact");
  EXPECT_FALSE(form.isShown(QStringLiteral("perturbation")));
  choose(form, "optimizer", "adam");
  EXPECT_FALSE(form.isShown(QStringLiteral("momentum")));
  EXPECT_TRUE(form.isShown(QStringLiteral("beta2")));
  type(form, "weight_decay", QStringLiteral("0.01"));
  EXPECT_TRUE(form.isShown(QStringLiteral("weight_decay_mode")));
  const auto visible = [&](const char* key) { return form.editor(QString::fromLatin1(key))->isVisibleTo(&form); };
  EXPECT_FALSE(visible("beta2")) << "rare";
  type(form, "beta2", QStringLiteral("0.95"));
  EXPECT_TRUE(visible("beta2")) << "changed";
  form.unfold(true);
  for (const RunSection& section : runSections())
    for (const RunField& field : section.fields)
      EXPECT_EQ(form.isShown(QString::fromLatin1(field.key)), form.editor(QString::fromLatin1(field.key))->isVisibleTo(&form)) << field.key;
}

TEST(RunForm, whatIsLeftAloneFollowsTheDefaultsOfTheMethods) {
  RunForm form;
  form.setSpec(trainer::resolve(digits(), nullptr));  // a run has everything chosen
  EXPECT_EQ(form.editor(QStringLiteral("learning_rate"))->text(), QStringLiteral("0.05"));
  choose(form, "optimizer", "adam");
  EXPECT_EQ(form.editor(QStringLiteral("learning_rate"))->text(), QStringLiteral("0.001"));
  EXPECT_FALSE(form.isChanged(QStringLiteral("learning_rate")));
  EXPECT_FALSE(form.spec().learningRate.has_value());
  type(form, "learning_rate", QStringLiteral("0.003"));
  EXPECT_TRUE(form.isChanged(QStringLiteral("learning_rate")));
  choose(form, "optimizer", "lion");
  EXPECT_EQ(form.spec().learningRate, 0.003) << "what is chosen stays";
}

TEST(RunForm, anInvalidFieldHasABorderAndASentenceAndKeepsTheButtonOff) {
  RunForm form;
  form.setSpec(digits());
  const std::pair<const char*, const char*> wrong[] = {{"learning_rate", "-1"}, {"learning_rate", "fast"}, {"epochs", "2.5"}, {"batch_size", "some"}, {"momentum", "1"},
                                                       {"mean", "0.1, x"}, {"model", "transformer-9000"}, {"seed", "-3"}};
  for (const auto& [key, text] : wrong) {
    SCOPED_TRACE(key);
    form.setSpec(digits());
    type(form, key, QString::fromLatin1(text));
    EXPECT_FALSE(form.problem().isEmpty());
    EXPECT_FALSE(form.problem().contains(QStringLiteral("--"))) << form.problem().toStdString();
    EXPECT_FALSE(form.findChild<QPushButton*>(QStringLiteral("trainRun"))->isEnabled());
    EXPECT_EQ(form.command(), QString());
    QWidget* bordered = form.editor(QString::fromLatin1(key))->focusProxy();
    EXPECT_TRUE(bordered->property("invalid").toBool());
    form.setSpec(digits());
    EXPECT_EQ(form.problem(), QString());
    EXPECT_FALSE(bordered->property("invalid").toBool());
  }
  choose(form, "data", "idx:");
  EXPECT_TRUE(form.problem().contains(QStringLiteral("folder"))) << form.problem().toStdString();
}

TEST(RunForm, theDotBringsTheDefaultBack) {
  RunForm form;
  form.setSpec(digits());
  type(form, "epochs", QStringLiteral("3"));
  ASSERT_TRUE(form.isChanged(QStringLiteral("epochs")));
  QLabel* label = nullptr;
  for (QLabel* candidate : form.findChildren<QLabel*>())
    if (candidate->text().startsWith(QStringLiteral("Epochs"))) label = candidate;
  ASSERT_NE(label, nullptr);
  EXPECT_TRUE(label->text().contains(QChar(0x25CF)));
  emit label->linkActivated(QStringLiteral("reset"));
  EXPECT_FALSE(form.isChanged(QStringLiteral("epochs")));
  EXPECT_EQ(form.editor(QStringLiteral("epochs"))->text(), QStringLiteral("40"));
  EXPECT_EQ(form.spec(), digits());
}

TEST(RunForm, theButtonAsksForTraining) {
  RunForm form;
  QSignalSpy asked(&form, &RunForm::trainRequested);
  form.findChild<QPushButton*>(QStringLiteral("trainRun"))->click();
  EXPECT_EQ(asked.size(), 1);
}

TEST(RunForm, saysWhatItCosts) {
  RunForm form;
  form.setSpec(digits());
  auto* cost = form.findChild<QLabel*>(QStringLiteral("cost"));
  EXPECT_TRUE(cost->text().startsWith(QStringLiteral("1.00 gradients a step"))) << cost->text().toStdString();
  choose(form, "sharpness", "looksam");
  EXPECT_TRUE(cost->text().startsWith(QStringLiteral("1.20 gradients a step"))) << cost->text().toStdString();
  form.setCost([](const trainer::RunSpec& spec) { return QString::fromStdString(spec.sharpness); });
  EXPECT_EQ(cost->text(), QStringLiteral("looksam"));
}

TEST(SteppedValue, goesAlongOneTwoFive) {
  EXPECT_DOUBLE_EQ(steppedValue(0.05, 1), 0.1);
  EXPECT_DOUBLE_EQ(steppedValue(0.05, -1), 0.02);
  EXPECT_DOUBLE_EQ(steppedValue(0.3, 1), 0.5);
  EXPECT_DOUBLE_EQ(steppedValue(0.3, -1), 0.2);
  EXPECT_DOUBLE_EQ(steppedValue(1, -3), 0.1);
  double up = 1e-4;
  for (int i = 0; i < 12; ++i) up = steppedValue(up, 1);
  EXPECT_NEAR(up, 1, 1e-12);
}

}  // namespace
}  // namespace ui
