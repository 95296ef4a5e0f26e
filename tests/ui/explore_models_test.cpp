// SPDX-License-Identifier: GPL-3.0-or-later
// Pins, walks, the scrubber and what the session file keeps of them.
#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QToolButton>
#include <cmath>

#include "ui/models/pin_model.h"
#include "ui/models/walk_path.h"
#include "ui/pages/explore_bar.h"
#include "ui/pages/pin_card.h"
#include "ui/pages/trajectory_row.h"

namespace ui {
namespace {

Pin pinAt(double x, const QString& label) {
  Pin pin{.label = label, .run = "runs/a", .plane = "sharpscape surface runs/a", .x = x, .y = -0.25, .point = {}};
  pin.point = {.trainLoss = 1.0 / 3, .trainAccuracy = 0.9, .aboveCentre = 0.1, .samples = 100, .testSamples = 0};
  return pin;
}

TEST(Pins, saySoWhileTheyAreInterpolatedAndWhenTheyAreComputed) {
  PinModel model;
  const std::int64_t id = model.add(pinAt(0.5, nextLabel(model.pins())));
  EXPECT_EQ(model.pins()[0].label, "A");
  EXPECT_TRUE(originText(model.pins()[0]).startsWith("interpolated"));
  EXPECT_TRUE(model.setData(model.index(0, PinModel::label), "sharp corner", Qt::EditRole));
  model.answer(id, {.trainLoss = 0.25, .trainAccuracy = 0.8, .testLoss = 0.5, .testAccuracy = 0.7, .aboveCentre = 0.05, .gradientNorm = 2, .samples = 1442, .testSamples = 355}, {});
  EXPECT_EQ(model.pins()[0].label, "sharp corner") << "renamed while it was being computed";
  EXPECT_EQ(originText(model.pins()[0]), "computed");
  EXPECT_EQ(model.index(0, PinModel::gradientNorm).data().toString(), "2");
  EXPECT_EQ(model.index(0, PinModel::samples).data().toString(), "1442");
  model.answer(99, {}, {});
  const std::int64_t second = model.add(pinAt(0.1, nextLabel(model.pins())));
  model.answer(second, {}, QStringLiteral("no such file"));
  EXPECT_EQ(originText(model.pins()[1]), "interpolated: no such file");
  EXPECT_EQ(model.pins()[1].point.trainLoss, 1.0 / 3) << "the interpolated value stays";
}

TEST(Pins, labelsAreTheirOwn) {
  PinModel model;
  for (int i = 0; i < 28; ++i) model.add(pinAt(i, nextLabel(model.pins())));
  EXPECT_EQ(model.pins()[25].label, "Z");
  EXPECT_EQ(model.pins()[27].label, "AB");
  EXPECT_FALSE(model.setData(model.index(0, PinModel::label), "B", Qt::EditRole)) << "taken";
  model.remove({1, 0});
  EXPECT_EQ(model.pins().size(), 26u);
  EXPECT_EQ(nextLabel(model.pins()), "A");
}

TEST(Pins, comeBackFromTheSessionToTheBit) {
  std::vector<Pin> pins{pinAt(0.1 + 0.2, "A"), pinAt(1.0 / 7, "B")};
  pins[0].origin = Pin::Origin::computed;
  pins[0].point.gradientNorm = 0.1;
  const std::vector<Pin> read = pinsFromJson(pinsToJson(pins));
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].x, pins[0].x);
  EXPECT_EQ(read[0].point.trainLoss, 1.0 / 3);
  EXPECT_EQ(read[0].point.gradientNorm, 0.1);
  EXPECT_TRUE(std::isnan(read[0].point.testLoss));
  EXPECT_EQ(read[0].origin, Pin::Origin::computed);
  EXPECT_EQ(read[1].origin, Pin::Origin::failed) << "it was being computed when the session was left";
  QJsonArray damaged = pinsToJson(pins);
  damaged.append(QJsonValue(7));
  damaged.append(damaged[0]);
  EXPECT_EQ(pinsFromJson(damaged).size(), 2u);
}

TEST(Pins, csvAndCopyHaveEveryDigit) {
  PinModel model;
  model.setRunLabel([](const std::string&) { return std::pair(QStringLiteral("SAM, rho 0.1"), QIcon()); });
  PinCard card(&model);
  Pin pin = pinAt(0.1 + 0.2, "A");
  pin.origin = Pin::Origin::computed;
  model.add(pin);
  const QString csv = pinsCsv(model.pins(), [&](const std::string& run) { return model.runName(run); });
  const QStringList lines = csv.split('\n');
  EXPECT_TRUE(lines[0].startsWith("label,run,x,y,loss"));
  EXPECT_TRUE(lines[1].startsWith("\"A\",\"SAM, rho 0.1\",0.30000000000000004,-0.25,0.33333333333333331")) << lines[1].toStdString();
  EXPECT_TRUE(lines[1].contains(",computed,"));
  EXPECT_TRUE(card.copied().contains("\t0.30000000000000004\t"));
  card.table()->selectRow(0);
  QTest::keyClick(card.table(), Qt::Key_Delete);
  EXPECT_TRUE(model.pins().empty());
}

TEST(Walks, comeBackAndAreATable) {
  const WalkPath walk{.run = "runs/a", .plane = "sharpscape surface runs/a", .samples = 500, .points = {{{0.1, 0.2}, 1.0 / 3, 0.5}, {{0.3, 0.2}, 0.25, 0.75}}};
  EXPECT_EQ(WalkPath::fromJson(walk.toJson()), walk);
  const QStringList lines = walk.csv().split('\n');
  EXPECT_EQ(lines[1], "# samples 500");
  EXPECT_EQ(lines[3], "0.10000000000000001,0.20000000000000001,0.33333333333333331,0.5");
}

TEST(TrajectoryRow, stepsByKeysAndSaysWhatIsThere) {
  TrajectoryRow row;
  QSignalSpy moved(&row, &TrajectoryRow::moved);
  row.show({{.step = 0, .loss = 2, .planeLoss = 1, .distance = 3}, {.step = 50, .loss = 1, .planeLoss = 0.5, .distance = 1}, {.step = 100, .loss = 0.1, .planeLoss = 0.1, .distance = 0}}, 2, 100);
  EXPECT_EQ(moved.count(), 0) << "the program moved it, not the user";
  QTest::keyClick(row.slider(), Qt::Key_Left);
  ASSERT_EQ(moved.count(), 1);
  EXPECT_EQ(moved[0][0].toInt(), 1);
  QSignalSpy wanted(&row, &TrajectoryRow::computeRequested);
  row.showEmpty(QStringLiteral("No path yet."), true);
  row.findChild<QWidget*>(QStringLiteral("computePath"))->setFocus();
  QTest::mouseClick(row.findChild<QWidget*>(QStringLiteral("computePath")), Qt::LeftButton);
  EXPECT_EQ(wanted.count(), 1);
}

TEST(TrajectoryRow, playsToTheEnd) {
  TrajectoryRow row;
  QSignalSpy moved(&row, &TrajectoryRow::moved);
  row.show({{.step = 0}, {.step = 1}, {.step = 2}}, 2, 2);
  row.findChild<QToolButton*>()->click();
  ASSERT_TRUE(QTest::qWaitFor([&] { return moved.count() == 3; }, 20'000));
  EXPECT_EQ(moved[0][0].toInt(), 0) << "from the start";
  EXPECT_EQ(row.at(), 2);
}

TEST(ExploreBar, wishesAndFollowSettingsComeBack) {
  ExploreBar bar;
  const ExploreWishes wishes{.path = false, .samStep = true, .model = true, .rho = 0.2, .allSamples = false, .walkSamples = 64};
  QSignalSpy changed(&bar, &ExploreBar::wishesChanged);
  ExploreWishes read;
  read.take(wishes.toJson());
  EXPECT_EQ(read, wishes);
  bar.setWishes(read);
  EXPECT_EQ(bar.wishes(), wishes);
  EXPECT_EQ(changed.count(), 1);
  FollowSettings settings{.surface = false, .section = true, .eigenvalues = false, .share = 0.4, .keep = 7, .spec = {}};
  FollowSettings again;
  again.take(settings.toJson());
  bar.setFollowSettings(again);
  EXPECT_EQ(bar.followSettings().share, 0.4);
  EXPECT_EQ(bar.followSettings().keep, 7);
  EXPECT_FALSE(bar.followSettings().eigenvalues);
}

}  // namespace
}  // namespace ui
