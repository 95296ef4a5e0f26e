// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/alpha_card.h"

#include <QComboBox>
#include <QDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/pages/card.h"
#include "ui/theme/theme.h"
#include "ui/workspace/run_group.h"
#include "ui/workspace/run_templates.h"

namespace ui {
namespace {

using trainer::SweepMeasure;

/// Keys that take several numbers in the table, alpha and rho first.
QStringList numberKeys(const trainer::SweepTable& table) {
  QStringList keys;
  if (table.settings.empty()) return keys;
  for (const auto& [key, ignored] : table.settings.front().settings.items())
    if (std::ranges::any_of(table.settings, [&, k = key](const trainer::SweepSetting& s) { return s.settings.at(k).is_number(); })) keys << QString::fromStdString(key);
  std::ranges::stable_sort(keys, {}, [](const QString& key) { return key == QStringLiteral("alpha") ? 0 : key == QStringLiteral("rho") ? 1 : 2; });
  return keys;
}

nlohmann::ordered_json without(nlohmann::ordered_json settings, const std::string& key) {
  settings.erase(key);
  return settings;
}

}  // namespace

std::vector<BandCurve> curvesOver(const trainer::SweepTable& table, const std::string& key, SweepMeasure measure, double scale) {
  std::vector<BandCurve> curves;
  std::vector<nlohmann::ordered_json> others;
  struct Point {
    double x, y, error;
  };
  std::vector<std::vector<Point>> points;
  for (const trainer::SweepSetting& setting : table.settings) {
    const trainer::Statistic& s = setting.of(measure);
    if (s.count == 0 || !setting.settings.contains(key) || !setting.settings.at(key).is_number()) continue;
    const nlohmann::ordered_json other = without(setting.settings, key);
    auto at = std::ranges::find(others, other);
    if (at == others.end()) {
      others.push_back(other);
      points.emplace_back();
      at = others.end() - 1;
    }
    points[static_cast<std::size_t>(at - others.begin())].push_back({setting.settings.at(key).get<double>(), scale * s.mean, scale * s.deviation.value_or(0)});
  }
  for (std::size_t i = 0; i < others.size(); ++i) {
    std::ranges::sort(points[i], {}, &Point::x);
    BandCurve curve;
    curve.name = others[i].empty() ? QString() : settingText(others[i]);
    for (const Point& p : points[i]) {
      curve.points.emplace_back(p.x, p.y);
      curve.errors.push_back(p.error);
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

AlphaCard::AlphaCard(QWidget* parent) : QFrame(parent), error_(new BandChart), curvature_(new BandChart), setting_(new QComboBox), title_(new ElidedLabel), note_(new ElidedLabel) {
  QVBoxLayout* body = makeCard(this);
  QHBoxLayout* header = addCardBar(body, "cardHeader");
  header->addWidget(new QLabel(QStringLiteral("<b>Error and \u03BBmax</b>")));
  header->addWidget(title_, 1);
  header->addWidget(new QLabel(QStringLiteral("over")));
  header->addWidget(setting_);
  setting_->setAccessibleName(QStringLiteral("Setting of the x axis"));
  setting_->setToolTip(QStringLiteral("The setting of the x axis; each combination of the others is a curve"));
  auto* charts = new QHBoxLayout;
  charts->setSpacing(8);
  error_->setAccessibleName(QStringLiteral("Test error over the setting"));
  curvature_->setAccessibleName(QStringLiteral("Largest eigenvalue over the setting"));
  error_->setToolTip(QStringLiteral("Share of the test set classified wrong at the end of training: mean over seeds, band: their deviation (n - 1)"));
  curvature_->setToolTip(QStringLiteral("Largest eigenvalue of the Hessian of the training loss as last measured: mean over seeds, band: their deviation (n - 1)"));
  charts->addWidget(error_, 1);
  charts->addWidget(curvature_, 1);
  body->addLayout(charts, 1);
  addCardBar(body, "cardFooter")->addWidget(note_, 1);
  connect(setting_, &QComboBox::currentIndexChanged, this, &AlphaCard::refresh);
}

void AlphaCard::show(const QString& title, const trainer::SweepTable& table) {
  table_ = table;
  title_->setWords(title);
  offer();
  refresh();
}

void AlphaCard::offer() {
  const QStringList keys = numberKeys(table_);
  QStringList offered;
  for (int i = 0; i < setting_->count(); ++i) offered << setting_->itemData(i).toString();
  if (keys == offered) return;
  const QString chosen = setting_->currentData().toString();
  const QSignalBlocker quiet(setting_);
  setting_->clear();
  for (const QString& key : keys) {
    const nlohmann::ordered_json one{{key.toStdString(), ""}};
    setting_->addItem(settingText(one).trimmed(), key);
  }
  setting_->setCurrentIndex(std::max(0, setting_->findData(chosen)));
}

void AlphaCard::refresh() {
  const QString key = setting_->currentData().toString();
  const QString x = key == QStringLiteral("alpha") ? QStringLiteral("\u03B1 (0 plain, 1 SAM)") : setting_->currentText();
  const bool logX = key == QStringLiteral("learning_rate");
  const auto draw = [&](BandChart* chart, SweepMeasure measure, double scale, const QString& y, bool logY) {
    std::vector<BandCurve> curves = curvesOver(table_, key.toStdString(), measure, scale);
    const ThemeKind kind = palette().color(QPalette::Window).lightness() < 128 ? ThemeKind::dark : ThemeKind::light;
    for (std::size_t i = 0; i < curves.size(); ++i) curves[i].look = runLook(i, kind);
    chart->show(std::move(curves), {.xTitle = x, .yTitle = y, .logX = logX, .logY = logY, .fromZero = false});
  };
  draw(error_, SweepMeasure::testError, 100, QStringLiteral("test error, %"), false);
  draw(curvature_, SweepMeasure::lambdaMax, 1, QStringLiteral("\u03BBmax (log)"), true);
  std::int64_t least = 0, most = 0;
  for (const trainer::SweepSetting& s : table_.settings) {
    least = least == 0 ? s.completed : std::min(least, s.completed);
    most = std::max(most, s.completed);
  }
  const QString seeds = least == most ? QString::number(most) : QStringLiteral("%1 to %2").arg(least).arg(most);
  note_->setWords(most == 0 ? QStringLiteral("Appears as soon as runs are trained.")
                            : QStringLiteral("Mean over %1 %2, band: deviation over seeds. %3").arg(seeds, most == 1 ? QStringLiteral("seed") : QStringLiteral("seeds"), bestText(table_)));
}

void AlphaCard::setColours(const ChartColours& colours) {
  error_->setColours(colours);
  curvature_->setColours(colours);
  refresh();
}

QDialog* showGroup(QWidget* parent, const Session& session, const Theme& theme, const QString& group) {
  auto* dialog = new QDialog(parent);
  dialog->setObjectName(QStringLiteral("groupDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(group);
  dialog->resize(880, 380);
  auto* column = new QVBoxLayout(dialog);
  column->setContentsMargins(8, 8, 8, 8);
  auto* card = new AlphaCard;
  column->addWidget(card);
  auto* soon = new QTimer(dialog);
  soon->setSingleShot(true);
  soon->setInterval(0);
  QObject::connect(soon, &QTimer::timeout, dialog, [dialog, card, &session, group] {
    const auto runs = runsOf(session, group);
    if (runs.empty()) dialog->close();
    else card->show(group, tableOf(runs));
  });
  const auto later = [soon, &session, group](const QString& folder) {
    const SessionRun* run = session.find(folder.toStdString());
    if (run != nullptr && run->group == group && run->state != RunState::training) soon->start();
  };
  QObject::connect(&session, &Session::runChanged, dialog, later);
  QObject::connect(&session, &Session::listChanged, soon, qOverload<>(&QTimer::start));
  QObject::connect(&theme, &Theme::changed, dialog, [card, &theme] { card->setColours(chartColours(theme.kind())); });
  card->setColours(chartColours(theme.kind()));
  card->show(group, tableOf(runsOf(session, group)));
  dialog->show();
  return dialog;
}

}  // namespace ui
