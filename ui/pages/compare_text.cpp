// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_text.h"

#include <QLocale>
#include <QStringList>
#include <algorithm>
#include <cmath>

namespace ui {
namespace {

const QString kNone = QStringLiteral("\u2013");
constexpr int kRatioDigits = 3, kErrorDigits = 2, kTipDigits = 8;

QString words(const std::string& text) {
  QString out = QString::fromStdString(text);
  return out.replace(QStringLiteral("rho "), QStringLiteral("\u03C1 ")).replace(QStringLiteral("alpha "), QStringLiteral("\u03B1 ")).replace(QStringLiteral("sigma "), QStringLiteral("\u03C3 "));
}

double scaleOf(const analysis::ComparedRow& row) { return row.percent ? 100 : 1; }

/// Steps and gradients are counted: whole numbers stay whole.
QString numberOf(const analysis::ComparedRow& row, double value, int digits) {
  if (row.group != "Cost" || !(std::abs(value) < 1e12) || value != std::floor(value)) return significant(value, digits);
  const QString text = QLocale(QLocale::English).toString(static_cast<qlonglong>(std::abs(value)));
  return value < 0 ? QChar(0x2212) + text : text;
}

QString errorText(double error) { return significant(error, kErrorDigits); }

QString sentence(QString text) {
  if (text.isEmpty()) return text;
  text[0] = text[0].toUpper();
  return text.endsWith(QLatin1Char('.')) ? text : text + QLatin1Char('.');
}

}  // namespace

QString significant(double value, int digits) {
  if (std::isnan(value)) return kNone;
  if (std::isinf(value)) return value > 0 ? QStringLiteral("\u221E") : QStringLiteral("\u2212\u221E");
  if (value == 0) return QStringLiteral("0");
  QString text = QString::number(std::abs(value), 'e', digits - 1);
  const int exponent = text.section(QLatin1Char('e'), 1).toInt();
  if (exponent >= -4 && exponent < digits) text = QString::number(std::abs(value), 'f', digits - 1 - exponent);
  if (exponent < -4 || exponent >= 12) text.replace(QLatin1Char('-'), QChar(0x2212));
  if (exponent >= digits && exponent < 12) text = QLocale(QLocale::English).toString(static_cast<qlonglong>(std::llround(std::abs(value))));
  return value < 0 ? QChar(0x2212) + text : text;
}

QString measureName(const analysis::ComparedRow& row) {
  QString name = words(row.symbol.empty() ? row.name : row.symbol);
  const QString at = words(row.name.substr(std::min(row.name.find(" at train loss"), row.name.size())));
  if (!row.symbol.empty()) name += at;
  if (row.key == "generalisation_gap") name = QStringLiteral("test \u2212 train loss");
  if (row.key == "accuracy_gap") name = QStringLiteral("train \u2212 test accuracy");
  if (row.symbol.empty() && !name.isEmpty()) name[0] = name[0].toUpper();
  return row.percent ? name + QStringLiteral(", %") : name;
}

QString shortName(analysis::ErrorKind kind) {
  switch (kind) {
    case analysis::ErrorKind::none: return {};
    case analysis::ErrorKind::residual: return QStringLiteral("residual");
    case analysis::ErrorKind::probes: return QStringLiteral("probes");
    case analysis::ErrorKind::binomial: return QStringLiteral("binomial");
    case analysis::ErrorKind::items: return QStringLiteral("items");
    case analysis::ErrorKind::shortfall: return QStringLiteral("ascent");
    case analysis::ErrorKind::bracket: return QStringLiteral("bracket");
    case analysis::ErrorKind::seeds: return QStringLiteral("seeds");
  }
  return {};
}

QString errorName(const analysis::ComparedRow& row) {
  QStringList names;
  for (const analysis::ComparedCell& cell : row.settings)
    if (const QString name = std::isfinite(cell.error) ? shortName(cell.kind) : QString(); !name.isEmpty() && !names.contains(name)) names << name;
  return names.size() == 1 ? names.front() : QString();
}

QString valueText(const analysis::ComparedRow& row, const analysis::ComparedCell& cell, int digits, bool named) {
  if (std::isnan(cell.value)) return cell.note == "not measured" || cell.note == "diverged" ? QString::fromStdString(cell.note) : kNone;
  QString text = numberOf(row, scaleOf(row) * cell.value, digits);
  if (!std::isfinite(cell.error) || cell.kind == analysis::ErrorKind::none) return cell.converged ? text : text + QStringLiteral(" !");
  text += QStringLiteral(" \u00B1 ") + errorText(scaleOf(row) * cell.error);
  if (named) text += QLatin1Char(' ') + shortName(cell.kind);
  return cell.converged ? text : text + QStringLiteral(" !");
}

QString deltaText(const analysis::ComparedRow& row, const analysis::Contrast& contrast, int digits) {
  if (std::isnan(contrast.delta)) return kNone;
  const QString text = numberOf(row, scaleOf(row) * contrast.delta, digits);
  return contrast.delta > 0 ? QLatin1Char('+') + text : text;
}

QString ratioText(const analysis::Contrast& contrast) {
  if (contrast.delta == 0) return QStringLiteral("the same");
  if (contrast.verdict == analysis::ComparedVerdict::withinNoise) return QStringLiteral("within noise");
  const bool open = contrast.verdict == analysis::ComparedVerdict::cannotTell;
  if (std::isnan(contrast.ratio)) return open ? QStringLiteral("cannot tell") : kNone;
  const QString text = QStringLiteral("\u00D7 ") + significant(contrast.ratio, kRatioDigits);
  return open ? text + QStringLiteral(" ?") : text;
}

QString valueToolTip(const analysis::ComparedRow& row, const analysis::ComparedCell& cell, const QString& name) {
  QStringList lines{QStringLiteral("<b>%1</b>, %2").arg(name.toHtmlEscaped(), words(row.name).toHtmlEscaped())};
  const double scale = scaleOf(row);
  if (std::isnan(cell.value)) lines << QStringLiteral("Not there.");
  else lines << significant(scale * cell.value, kTipDigits);
  const auto error = [&](double value, analysis::ErrorKind kind) {
    if (std::isfinite(value) && kind != analysis::ErrorKind::none) lines << QStringLiteral("%1: %2").arg(QString::fromStdString(analysis::toString(kind)), significant(scale * value, 3));
  };
  error(cell.error, cell.kind);
  error(cell.ownError, cell.ownKind);
  if (cell.n > 0) lines << QStringLiteral("n = %1").arg(QLocale(QLocale::English).toString(static_cast<qlonglong>(cell.n)));
  if (!cell.converged) lines << QStringLiteral("! It did not converge.");
  if (!cell.note.empty()) lines << sentence(words(cell.note)).toHtmlEscaped();
  return lines.join(QStringLiteral("<br>"));
}

QString contrastToolTip(const analysis::ComparedRow& row, const analysis::Contrast& c, const QString& name, const QString& baseline) {
  QStringList lines{QStringLiteral("<b>%1</b> against %2, %3").arg(name.toHtmlEscaped(), baseline.toHtmlEscaped(), words(row.name).toHtmlEscaped())};
  const double scale = scaleOf(row);
  if (std::isfinite(c.delta)) lines << QStringLiteral("difference %1").arg(significant(scale * c.delta, 6)) + (std::isfinite(c.ratio) ? QStringLiteral(", \u00D7 %1").arg(significant(c.ratio, 6)) : QString());
  if (std::isfinite(c.low)) lines << QStringLiteral("95 % interval %1 to %2").arg(significant(scale * c.low, 4), significant(scale * c.high, 4));
  if (!c.test.empty()) {
    QString test = words(c.test).toHtmlEscaped();
    if (std::isfinite(c.statistic)) test += QStringLiteral(": t = %1").arg(significant(c.statistic, 4));
    if (std::isfinite(c.freedom)) test += QStringLiteral(", %1 degrees of freedom").arg(significant(c.freedom, 3));
    lines << test;
  }
  if (std::isfinite(c.p)) lines << QStringLiteral("p = %1").arg(significant(c.p, 3)) + (std::isfinite(c.adjusted) ? QStringLiteral(", over all rows (Holm) %1").arg(significant(c.adjusted, 3)) : QString());
  QString verdict = QString::fromStdString(analysis::toString(c.verdict));
  if (!c.reason.empty()) verdict += (verdict.isEmpty() ? QString() : QStringLiteral(": ")) + words(c.reason).toHtmlEscaped();
  if (!verdict.isEmpty()) lines << sentence(verdict);
  return lines.join(QStringLiteral("<br>"));
}

}  // namespace ui
