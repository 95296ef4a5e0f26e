// SPDX-License-Identifier: GPL-3.0-or-later
// The session file: as it was, in another place, with runs missing, damaged; and the copy the program keeps by itself.
#include <gtest/gtest.h>

#include <QJsonArray>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>
#include <regex>

#include "trainer/base/error.h"
#include "trainer/base/files.h"
#include "trainer/run/train.h"
#include "ui/workspace/session_store.h"

namespace ui {
namespace {

namespace fs = std::filesystem;

constexpr int kLongest = 20'000;  ///< a watchdog, not a measure

std::string trained(const fs::path& folder) {
  trainer::RunSpec spec;
  spec.data = "digits";
  spec.model = "mlp:64-8-10";
  spec.epochs = 1;
  trainer::train(trainer::resolve(spec, nullptr), folder, {}, {});
  return folder.string();
}

SavedSession everything(const fs::path& folder) {
  SavedRun first;
  first.folder = (folder / "runs" / "first").string();
  first.name = QStringLiteral("SAM \u03C1 0.1");
  first.look = 4;
  first.line = 1;
  first.marker = 2;
  first.visible = false;
  first.group = QStringLiteral("\u03B1 from 0 to 1");
  first.results = {{.kind = QStringLiteral("surface"), .name = QStringLiteral("surface random"), .figure = QStringLiteral("65 \u00D7 65"), .file = first.folder + "/analyses/a.json", .shown = true}};
  SavedRun second;
  second.folder = (folder / "runs" / "first2").string();  // begins like the other one's
  second.name = QStringLiteral("waits");
  second.planned = trainer::RunSpec{};
  second.planned->data = "digits";
  second.planned->epochs = 7;
  SavedRun file;
  file.folder = (folder / "theirs.h5").string();
  file.opened = true;
  file.name = QStringLiteral("theirs");
  SavedSession session;
  session.runs = {first, second, file};
  session.selected = second.folder;
  session.baseline = first.folder;
  session.page = QStringLiteral("Landscape");
  session.pages = {{QStringLiteral("Landscape"), QJsonObject{{QStringLiteral("cameras"), QJsonObject{{QString::fromStdString(first.folder), QJsonArray{1.5, -2, 0.25}}}},
                                                             {QStringLiteral("map"), QString::fromStdString(second.folder)},
                                                             {QStringLiteral("surface"), QString::fromStdString(first.folder + "/analyses/a.json")},
                                                             {QStringLiteral("words"), QStringLiteral("runs/first")}}}};
  session.window = {{QStringLiteral("theme"), QStringLiteral("paper")}, {QStringLiteral("width"), 1440}};
  session.file = "/somewhere/else.sharpscape";
  session.modified = true;
  session.closed = true;
  return session;
}

TEST(SessionFile, comesBackAsItWas) {
  const QTemporaryDir folder;
  const fs::path file = fs::path(folder.path().toStdString()) / "s.sharpscape";
  const SavedSession session = everything(folder.path().toStdString());
  writeSession(session, file);
  EXPECT_EQ(readSession(file), session);
}

TEST(SessionFile, itsPathsAreRelativeAndMoveWithTheFolder) {
  const QTemporaryDir folder;
  const fs::path root = folder.path().toStdString(), before = root / "before", after = root / "after" / "deep";
  fs::create_directories(before / "runs" / "first");
  fs::create_directories(root / "after");
  writeSession(everything(before), before / "s.sharpscape");
  std::string text = trainer::readFile(before / "s.sharpscape");
  text = std::regex_replace(text, std::regex("\"saved_in\": \"[^\"]*\""), "");
  EXPECT_EQ(text.find(root.string()), std::string::npos) << "nothing but saved_in names the folder";
  fs::rename(before, after);
  EXPECT_EQ(readSession(after / "s.sharpscape"), everything(after));
}

TEST(SessionFile, movedAloneItStillFindsItsRuns) {
  const QTemporaryDir folder;
  const fs::path root = folder.path().toStdString();
  SavedSession session = everything(root / "work");
  session.runs.resize(1);
  session.selected = session.baseline;
  session.pages = {};
  fs::create_directories(session.runs[0].folder);
  fs::create_directories(root / "elsewhere");
  writeSession(session, root / "work" / "s.sharpscape");
  fs::rename(root / "work" / "s.sharpscape", root / "elsewhere" / "s.sharpscape");
  EXPECT_EQ(readSession(root / "elsewhere" / "s.sharpscape"), session);
}

TEST(SessionFile, aRunThatIsGoneIsListedAndNothingOfItIsDropped) {
  const QTemporaryDir folder;
  const fs::path root = folder.path().toStdString();
  SavedSession session = everything(root);
  session.runs[2].folder = trained(root / "runs" / "third");
  session.runs[2].opened = false;
  const std::vector<SessionRun> runs = restoredRuns(session);
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_EQ(runs[0].state, RunState::missing);
  EXPECT_FALSE(runs[0].measurable());
  ASSERT_EQ(runs[0].results.size(), 1u);
  EXPECT_EQ(runs[0].results[0].name, QStringLiteral("surface random"));
  EXPECT_TRUE(runs[0].message.contains(QString::fromStdString(runs[0].folder)));
  EXPECT_EQ(runs[1].state, RunState::failed) << "it was never begun";
  EXPECT_EQ(runs[1].spec, *session.runs[1].planned);
  EXPECT_EQ(runs[2].state, RunState::completed);
  EXPECT_FALSE(runs[2].checkpoints.empty());
  Session shown;
  shown.reset(runs, session.selected, session.baseline);
  SavedSession again = savedSession(shown);
  EXPECT_EQ(again.selected, session.selected);
  EXPECT_EQ(again.baseline, session.baseline);
  again.runs[0].results[0].shown = true;  // there is nothing to show
  EXPECT_EQ(again.runs[0], session.runs[0]);
  EXPECT_EQ(again.runs[1], session.runs[1]);
}

TEST(SessionFile, aDamagedOneIsOneSentenceAndIsLeftAsItIs) {
  const QTemporaryDir folder;
  const fs::path root = folder.path().toStdString(), file = root / "s.sharpscape";
  writeSession(everything(root), file);
  const std::string whole = trainer::readFile(file);
  const auto replaced = [&](const std::string& what, const std::string& with) {
    std::string text = whole;
    text.replace(text.find(what), what.size(), with);
    return text;
  };
  const std::pair<std::string, std::string> damages[] = {
      {whole.substr(0, whole.size() / 2), "damaged at byte"},
      {"", "damaged at byte"},
      {"{\"runs\": 3}", "is not a session"},
      {replaced("\"format_version\": 1", "\"format_version\": 2"), "newer Sharpscape"},
      {replaced("\"look\": 4", "\"look\": \"blue\""), "'look' of a wrong type: \"blue\""},
      {replaced("\"page\": \"Landscape\"", "\"page\": [1]"), "'page' of a wrong type"},
      {replaced("\"window\": {", "\"window\": [], \"was\": {"), "'window' that is no object"}};
  for (const auto& [text, sentence] : damages) {
    trainer::writeFileAtomically(file, text);
    try {
      readSession(file);
      ADD_FAILURE() << "read: " << text.substr(0, 80);
    } catch (const trainer::DataError& e) {
      EXPECT_NE(std::string(e.what()).find(sentence), std::string::npos) << e.what();
      EXPECT_NE(std::string(e.what()).find(file.string()), std::string::npos) << e.what();
      EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos);
    }
    EXPECT_EQ(trainer::readFile(file), text);
  }
}

/// A window's session with its store, without the window.
struct Desk {
  explicit Desk(const fs::path& kept) : store(session, kept) {
    store.setDelay(10);
    store.setViews({.collect = [this](SavedSession& saved) { saved.pages = pages; }, .apply = [this](const SavedSession& saved) { pages = saved.pages; }});
    QObject::connect(&store, &SessionStore::began, [this](SessionStore::Beginning how) { began = how; });
    QObject::connect(&store, &SessionStore::failed, [this](const QString& sentence) { failures << sentence; });
    QObject::connect(&store, &SessionStore::recovered, [this](const QString& sentence) { recovered = sentence; });
  }
  bool begin() {
    store.begin();
    return QTest::qWaitFor([this] { return began.has_value(); }, kLongest);
  }
  /// Until the copy that is kept says this.
  bool keeps(const fs::path& kept, const std::string& words) {
    return QTest::qWaitFor(
        [&] {
          for (const auto& entry : fs::directory_iterator(kept))
            if (entry.path().extension() == kSessionSuffix && trainer::readFile(entry.path()).find(words) != std::string::npos) return true;
          return false;
        },
        kLongest);
  }
  Session session;
  SessionStore store;
  QJsonObject pages;
  std::optional<SessionStore::Beginning> began;
  QStringList failures;
  QString recovered;
};

class SessionStoreTest : public testing::Test {
 protected:
  QTemporaryDir folder;
  const fs::path root = folder.path().toStdString(), kept = root / "kept";
  const std::string run = trained(root / "runs" / "a");
  SessionRun named(const char* name) {
    SavedRun saved;
    saved.folder = run;
    saved.name = QString::fromUtf8(name);
    return restoredRun(saved);
  }
};

TEST_F(SessionStoreTest, whatAKilledProgramHadIsThereAgain) {
  {
    Desk killed(kept);
    ASSERT_TRUE(killed.begin());
    EXPECT_EQ(*killed.began, SessionStore::Beginning::first);
    killed.pages = {{QStringLiteral("Train"), QJsonObject{{QStringLiteral("run"), QString::fromStdString(run)}}}};
    killed.session.add(named("kept name"));
    ASSERT_TRUE(killed.keeps(kept, "kept name"));
  }  // without finish(): as with kill -9 the lock is free and the copy is not closed
  Desk next(kept);
  ASSERT_TRUE(next.begin());
  EXPECT_EQ(*next.began, SessionStore::Beginning::recovered);
  EXPECT_TRUE(next.recovered.contains(QStringLiteral("1 run,"))) << next.recovered.toStdString();
  ASSERT_EQ(next.session.runs().size(), 1u);
  EXPECT_EQ(next.session.runs()[0].name, QStringLiteral("kept name"));
  EXPECT_EQ(next.session.runs()[0].state, RunState::completed);
  EXPECT_EQ(next.pages[QStringLiteral("Train")][QStringLiteral("run")].toString().toStdString(), run);
}

TEST_F(SessionStoreTest, closedInOrderItIsOpenedWithoutAWord) {
  {
    Desk first(kept);
    ASSERT_TRUE(first.begin());
    first.session.add(named("of the last time"));
    first.store.finish();
  }
  Desk next(kept);
  ASSERT_TRUE(next.begin());
  EXPECT_EQ(*next.began, SessionStore::Beginning::lastTime);
  EXPECT_TRUE(next.recovered.isEmpty());
  ASSERT_EQ(next.session.runs().size(), 1u);
}

TEST_F(SessionStoreTest, severalAtOnceDoNotTrampleOneAnother) {
  Desk one(kept), two(kept);
  ASSERT_TRUE(one.begin());
  one.session.add(named("one"));
  ASSERT_TRUE(one.keeps(kept, "\"one\""));
  ASSERT_TRUE(two.begin());
  EXPECT_EQ(*two.began, SessionStore::Beginning::empty);
  EXPECT_TRUE(two.session.runs().empty());
  two.session.add(named("two"));
  ASSERT_TRUE(two.keeps(kept, "\"two\""));
  EXPECT_TRUE(one.keeps(kept, "\"one\""));
  EXPECT_EQ(KeptSessions(kept).idle().size(), 0u) << "both are at work";
  one.store.finish();
  two.store.finish();
  EXPECT_EQ(KeptSessions(kept).idle().size(), 2u);
}

TEST_F(SessionStoreTest, savedOpenedAndMarkedWhereItDiffers) {
  const fs::path file = root / "mine.sharpscape";
  Desk desk(kept);
  ASSERT_TRUE(desk.begin());
  desk.session.add(named("mine"));
  QSignalSpy written(&desk.store, &SessionStore::written);
  desk.store.saveAs(root / "mine");  // the ending comes by itself
  ASSERT_TRUE(QTest::qWaitFor([&] { return written.size() == 1; }, kLongest));
  EXPECT_EQ(desk.store.file(), file.string());
  EXPECT_FALSE(desk.store.modified());
  const std::string text = trainer::readFile(file);
  desk.session.select("nowhere");
  desk.session.update(run, [](SessionRun& r) { r.name = QStringLiteral("renamed"); });
  ASSERT_TRUE(QTest::qWaitFor([&] { return desk.store.modified(); }, kLongest));
  EXPECT_EQ(trainer::readFile(file), text) << "the file changes when it is saved, not before";
  desk.session.update(run, [](SessionRun& r) { r.name = QStringLiteral("mine"); });
  ASSERT_TRUE(QTest::qWaitFor([&] { return !desk.store.modified(); }, kLongest));
  desk.session.update(run, [](SessionRun& r) { r.name = QStringLiteral("renamed"); });
  ASSERT_TRUE(QTest::qWaitFor([&] { return desk.store.modified(); }, kLongest));

  // Another one: what was not saved is kept for later, and nothing asks.
  desk.store.startNew();
  EXPECT_TRUE(desk.session.runs().empty());
  EXPECT_EQ(desk.store.name(), QStringLiteral("Untitled"));
  ASSERT_TRUE(QTest::qWaitFor([&] { return desk.store.kept().size() == 1; }, kLongest));
  EXPECT_EQ(desk.store.kept()[0].of, file.string());
  desk.store.open(file);
  ASSERT_TRUE(QTest::qWaitFor([&] { return !desk.session.runs().empty(); }, kLongest));
  EXPECT_EQ(desk.session.runs()[0].name, QStringLiteral("mine"));
  desk.store.openKept(desk.store.kept()[0].file);
  ASSERT_TRUE(QTest::qWaitFor([&] { return desk.session.runs()[0].name == QStringLiteral("renamed"); }, kLongest));
  EXPECT_TRUE(desk.store.modified());
  EXPECT_EQ(desk.store.file(), file.string());
  EXPECT_TRUE(desk.failures.isEmpty()) << desk.failures.join(QLatin1Char('\n')).toStdString();
}

TEST_F(SessionStoreTest, oneThatCannotBeReadChangesNothing) {
  Desk desk(kept);
  ASSERT_TRUE(desk.begin());
  desk.session.add(named("stays"));
  std::ofstream(root / "bad.sharpscape") << "{\"format_version\": 1, \"runs\": [";
  desk.store.open(root / "bad.sharpscape");
  ASSERT_TRUE(QTest::qWaitFor([&] { return desk.failures.size() == 1; }, kLongest));
  EXPECT_TRUE(desk.failures[0].contains(QStringLiteral("bad.sharpscape"))) << desk.failures[0].toStdString();
  ASSERT_EQ(desk.session.runs().size(), 1u);
  desk.store.saveAs("/proc/nowhere/s");
  ASSERT_TRUE(QTest::qWaitFor([&] { return desk.failures.size() == 2; }, kLongest));
  EXPECT_TRUE(desk.store.file().empty());
}

}  // namespace
}  // namespace ui
