// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <QApplication>
#include <QPushButton>
#include <QScreen>
#include <QTemporaryDir>
#include <QTest>
#include <functional>
#include <memory>

#include "ui/main_window.h"
#include "ui/pages/train_page.h"

namespace ui {

inline constexpr int kLongest = 120'000;  ///< a watchdog, not a measure

class WindowGl : public testing::Test {
 protected:
  void SetUp() override {
    if (QApplication::platformName() == QLatin1String("offscreen")) GTEST_SKIP() << "the offscreen platform has no OpenGL: run under xvfb-run";
    theme.set(ThemeKind::dark);
    window = std::make_unique<MainWindow>(theme, folder.path().toStdString());
    window->resize(1280, 800);
    window->show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(window.get()));
  }

  static bool waitFor(const std::function<bool()>& done) { return QTest::qWaitFor(done, kLongest); }

  void picture(const char* name) {
    QCoreApplication::processEvents();  // what has changed is laid out and drawn
    const QImage image = window->grab().toImage();
    EXPECT_GT(image.width(), 1000) << name;
    const QByteArray to = qgetenv("SHARPSCAPE_SCREENSHOTS");
    if (!to.isEmpty()) {
      QTest::qWait(300);  // for the picture alone: what is laid out and drawn in several passes of the event loop
      EXPECT_TRUE(window->screen()->grabWindow(window->winId()).save(QString::fromLocal8Bit(to) + QLatin1Char('/') + QLatin1String(name) + QStringLiteral(".png")));
    }
  }

  std::string trainTiny() {
    trainer::RunSpec spec;
    spec.data = "digits";
    spec.model = "mlp:64-16-10";
    spec.epochs = 3;
    auto* page = static_cast<TrainPage*>(window->pages()[0]);
    page->options()->setSpec(trainer::resolve(spec, nullptr));
    window->showPage(0);
    QTest::mouseClick(page->options()->findChild<QPushButton*>(QStringLiteral("trainRun")), Qt::LeftButton);
    return window->session().runs().back().folder;
  }

  QTemporaryDir folder;
  Theme theme;
  std::unique_ptr<MainWindow> window;
};

}  // namespace ui
