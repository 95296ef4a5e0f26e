// SPDX-License-Identifier: GPL-3.0-or-later
// The export dialog over a real view: every format is written and read again. With SHARPSCAPE_SCREENSHOTS it leaves pictures of the dialog and of a still.
#include <gtest/gtest.h>

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFileInfo>
#include <QImageReader>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "analysis/export/export_result.h"
#include "analysis/export/figure_files.h"
#include "analysis/figure/file_metadata.h"
#include "tests/analysis/small_results.h"
#include "trainer/base/files.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/scenes/surface_view.h"
#include "ui/theme/theme.h"
#include "ui/workspace/workbench.h"

namespace ui {
namespace {

class ExportDialogGl : public testing::Test {
 protected:
  void SetUp() override {
    if (QApplication::platformName() == QLatin1String("offscreen")) GTEST_SKIP() << "the offscreen platform has no OpenGL: run under xvfb-run";
    theme.set(ThemeKind::dark);
    view.resize(400, 300);
    view.setColours(sceneColours(ThemeKind::dark));
    view.setSurface({.grid = std::shared_ptr<const analysis::SurfaceGrid>(result, &result->grid)}, {.kind = ScaleKind::linear, .from = 0, .to = 2}, 8);
    view.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&view));
    view.grabFramebuffer();
    dialog = new ExportDialog(workbench, result, &view);
    dialog->setAttribute(Qt::WA_DeleteOnClose, false);
    dialog->show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(dialog));
  }
  void TearDown() override { delete dialog; }

  template <class T>
  T* find(const char* name) { return dialog->findChild<T*>(QString::fromLatin1(name)); }
  QString at(const QString& name) const { return folder.filePath(name); }
  std::string bytes(const QString& name) const { return trainer::readFile(at(name).toStdString()); }

  /// Presses Export and waits; what it failed of.
  QString exported() {
    QSignalSpy spy(dialog, &ExportDialog::exported);
    QTest::mouseClick(find<QPushButton>("exportNow"), Qt::LeftButton);
    if (spy.isEmpty() && !spy.wait(60'000)) return QStringLiteral("nothing happened: ") + dialog->problem();
    return spy.first()[1].toString();
  }
  void picture(const char* name) {
    const QByteArray to = qgetenv("SHARPSCAPE_SCREENSHOTS");
    QCoreApplication::processEvents();
    if (!to.isEmpty()) {
      EXPECT_TRUE(dialog->grab().save(QString::fromLocal8Bit(to) + QLatin1Char('/') + QLatin1String(name) + QStringLiteral(".png")));
    }
  }

  QTemporaryDir folder;
  Theme theme;
  Session session;
  JobQueue jobs;
  Workbench workbench{session, jobs, folder.path().toStdString()};
  std::shared_ptr<const analysis::SurfaceResult> result = std::make_shared<analysis::SurfaceResult>(test::smallSurface("runs/a"));
  SurfaceView view;
  ExportDialog* dialog = nullptr;
};

TEST_F(ExportDialogGl, aStillHasItsSizeItsCommandAndTheSceneOfTheView) {
  EXPECT_EQ(dialog->what(), ExportDialog::What::view);
  find<QSpinBox>("exportWidth")->setValue(2500);  // two by two tiles, not whole ones
  dialog->setFile(at("still.png"));
  picture("export-dialog-dark");
  ASSERT_EQ(exported(), QString());
  const QImage still(at("still.png"));
  EXPECT_EQ(still.size(), QSize(2500, 1875));
  EXPECT_FALSE(still.hasAlphaChannel());
  EXPECT_EQ(analysis::provenanceOfPng(bytes("still.png")).get("command"), analysis::commandLine(*result));
  // The same scene as on the screen: made as small, the pictures differ only by sampling.
  const QImage shown = view.picture().convertToFormat(QImage::Format_RGB32), small = still.scaled(shown.size(), Qt::IgnoreAspectRatio, Qt::SmoothTransformation).convertToFormat(QImage::Format_RGB32);
  double sum = 0;
  for (int y = 0; y < shown.height(); ++y)
    for (int x = 0; x < shown.width(); ++x) sum += std::abs(qGray(shown.pixel(x, y)) - qGray(small.pixel(x, y)));
  EXPECT_LT(sum / (shown.width() * shown.height()), 3.0) << "of 255";
  EXPECT_EQ(view.grabFramebuffer().pixelColor(2, 2), view.colours().background) << "the view is as before";
}

TEST_F(ExportDialogGl, aTransparentStillIsEmptyWhereNothingIs) {
  find<QSpinBox>("exportWidth")->setValue(600);
  find<QCheckBox>("exportTransparent")->setChecked(true);
  dialog->setFile(at("clear.png"));
  ASSERT_EQ(exported(), QString());
  const QImage still(at("clear.png"));
  EXPECT_EQ(still.size(), QSize(600, 450));
  EXPECT_EQ(still.pixelColor(2, 2).alpha(), 0);
  EXPECT_EQ(still.pixelColor(300, 250).alpha(), 255) << "the surface";
  find<QCheckBox>("exportTransparent")->setChecked(false);
  find<QComboBox>("exportColours")->setCurrentIndex(1);
  dialog->setFile(at("paper.png"));
  ASSERT_EQ(exported(), QString());
  EXPECT_EQ(QImage(at("paper.png")).pixelColor(2, 2), sceneColours(ThemeKind::paper).background);
  EXPECT_EQ(view.colours().background, sceneColours(ThemeKind::dark).background);
}

TEST_F(ExportDialogGl, drawingsKeepTheirLabelsAsTextAndTheirCommand) {
  const std::string command = analysis::commandLine(*result);
  dialog->setFile(at("still"));
  dialog->setEnding(".svg");
  EXPECT_EQ(dialog->file(), at("still.svg"));
  EXPECT_FALSE(find<QCheckBox>("exportTransparent")->isEnabled());
  ASSERT_EQ(exported(), QString());
  const std::string svg = bytes("still.svg");
  EXPECT_EQ(analysis::provenanceOfSvg(svg).get("command"), command);
  EXPECT_NE(svg.find("<image"), std::string::npos);
  EXPECT_NE(svg.find(">loss</text>"), std::string::npos);
  dialog->setEnding(".pdf");
  ASSERT_EQ(exported(), QString());
  EXPECT_EQ(bytes("still.pdf").substr(0, 5), "%PDF-");
  EXPECT_EQ(analysis::provenanceOfPdf(bytes("still.pdf")).get("command"), command);
}

TEST_F(ExportDialogGl, everyFormatOfFigureAndDataIsTheResultsOwn) {
  std::size_t seen = 0;
  for (const auto what : {ExportDialog::What::figure, ExportDialog::What::data}) {
    dialog->setWhat(what);
    for (const std::string& ending : analysis::endingsOf("surface")) {
      if (analysis::isFigureEnding(ending) != (what == ExportDialog::What::figure)) continue;
      dialog->setFile(at("x"));
      dialog->setEnding(ending);
      const QString name = QStringLiteral("x") + QString::fromStdString(ending);
      ASSERT_EQ(dialog->file(), at(name));
      ASSERT_EQ(exported(), QString()) << ending;
      analysis::exportResult(*result, at(QStringLiteral("y") + QString::fromStdString(ending)).toStdString());
      if (ending == ".py") EXPECT_NE(bytes(name).find("x.npz"), std::string::npos);  // its arrays lie beside it
      else EXPECT_EQ(bytes(name), bytes(QStringLiteral("y") + QString::fromStdString(ending))) << ending;
      ++seen;
    }
  }
  EXPECT_EQ(seen, analysis::endingsOf("surface").size());
  QTest::mouseClick(find<QPushButton>("exportCopy"), Qt::LeftButton);
  EXPECT_EQ(dialog->command().toStdString(), analysis::commandLine(*result) + " --out " + trainer::shellQuoted(dialog->file().toStdString()));
  EXPECT_EQ(QGuiApplication::clipboard()->text(), dialog->command());
  theme.set(ThemeKind::light);
  picture("export-dialog-light");
}

TEST_F(ExportDialogGl, whatIsWrongIsSaidInTheDialogAndTheOldFileStays) {
  dialog->setWhat(ExportDialog::What::data);
  dialog->setEnding(".csv");
  dialog->setFile(at("nowhere/x.csv"));
  EXPECT_TRUE(dialog->problem().startsWith(QStringLiteral("There is no folder")));
  EXPECT_FALSE(find<QPushButton>("exportNow")->isEnabled());
  dialog->setFile(QStringLiteral("/proc/x.csv"));  // a folder in which nobody can write
  EXPECT_NE(exported(), QString());
  EXPECT_TRUE(dialog->problem().contains(QStringLiteral("/proc/x.csv"))) << dialog->problem().toStdString();
  EXPECT_FALSE(dialog->writing());
  dialog->setFile(at("good.csv"));
  EXPECT_EQ(exported(), QString());
  dialog->setWhat(ExportDialog::What::view);
  view.clearSurface();
  dialog->setFile(at("other"));
  EXPECT_TRUE(dialog->problem().startsWith(QStringLiteral("The view shows something else")));
}

TEST_F(ExportDialogGl, everyControlHasANameAndATip) {
  int seen = 0;
  for (QWidget* control : dialog->findChildren<QWidget*>(QRegularExpression(QStringLiteral("^export[A-Z]")))) {
    EXPECT_FALSE(control->accessibleName().isEmpty()) << control->objectName().toStdString();
    EXPECT_FALSE(control->toolTip().isEmpty()) << control->objectName().toStdString();
    ++seen;
  }
  EXPECT_EQ(seen, 10);
}

}  // namespace
}  // namespace ui
