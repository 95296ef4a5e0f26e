// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QPushButton>
#include <QSignalSpy>

#include "trainer/run/example_runs.h"
#include "ui/forms/run_form.h"

namespace ui {
namespace {

TEST(RunForm, everySpecOfTheExampleGoesThroughItUnchanged) {
  for (trainer::RunSpec spec : trainer::exampleRuns(3)) {
    spec = trainer::resolve(spec, nullptr);
    RunForm form;
    form.setSpec(spec);
    trainer::RunSpec back = trainer::resolve(form.spec(), nullptr);
    back.device = spec.device;  // the form names the device there is
    EXPECT_EQ(trainer::commandLine(back), trainer::commandLine(spec));
    EXPECT_EQ(form.problem(), QString());
  }
}

TEST(RunForm, aWrongModelIsASentenceAndKeepsTheButtonOff) {
  RunForm form;
  trainer::RunSpec spec;
  spec.data = "digits";
  spec = trainer::resolve(spec, nullptr);
  spec.model = "transformer-9000";
  form.setSpec(spec);
  EXPECT_TRUE(form.problem().contains(QStringLiteral("transformer-9000"))) << form.problem().toStdString();
  EXPECT_FALSE(form.findChild<QPushButton*>(QStringLiteral("trainRun"))->isEnabled());
  EXPECT_EQ(form.command(), QString());
}

TEST(RunForm, theButtonAsksForTraining) {
  RunForm form;
  form.findChild<QPushButton*>(QStringLiteral("trainRun"));
  QSignalSpy asked(&form, &RunForm::trainRequested);
  form.findChild<QPushButton*>(QStringLiteral("trainRun"))->click();
  EXPECT_EQ(asked.size(), 1);
}

TEST(RunForm, onlyWhatTheMethodUsesIsInTheSpec) {
  RunForm form;
  trainer::RunSpec spec;
  spec.data = "digits";
  form.setSpec(trainer::resolve(spec, nullptr));
  EXPECT_FALSE(form.spec().rho.has_value());
  EXPECT_FALSE(form.spec().alpha.has_value());
  spec.sharpness = "penalty";
  form.setSpec(trainer::resolve(spec, nullptr));
  EXPECT_TRUE(form.spec().alpha.has_value());
  EXPECT_TRUE(form.command().contains(QStringLiteral("--sharpness penalty")));
}

}  // namespace
}  // namespace ui
