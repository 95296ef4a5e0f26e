// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "analysis/comparison/comparison.h"

/// Numbers and words of the comparison table.
namespace ui {

/// Exactly `digits` significant digits, with a real minus sign, thousands grouped: "97.50", "0.003112", "12,675", "1.20e-07".
QString significant(double value, int digits);

/// "Test accuracy, %", "Worst case, rho 0.5" with the letter, or the symbol where there is one.
QString measureName(const analysis::ComparedRow& row);
/// "residual", "probes", "seeds": what stands behind the sign of an error.
QString shortName(analysis::ErrorKind kind);
/// The kind of error that every cell of a row has; empty where they differ or there is none.
QString errorName(const analysis::ComparedRow& row);

/// "41.83 +- 0.002", the kind behind it where `named`; a dash where there is no value.
QString valueText(const analysis::ComparedRow& row, const analysis::ComparedCell& cell, int digits, bool named);
/// "-0.02794", in points where the row is in percent.
QString deltaText(const analysis::ComparedRow& row, const analysis::Contrast& contrast, int digits);
/// "x 0.687"; "the same" where there is no difference at all; "within noise" where it cannot be told apart; "x 0.687 ?" where what is missing is said in the tool tip.
QString ratioText(const analysis::Contrast& contrast);

QString valueToolTip(const analysis::ComparedRow& row, const analysis::ComparedCell& cell, const QString& name);
QString contrastToolTip(const analysis::ComparedRow& row, const analysis::Contrast& contrast, const QString& name, const QString& baseline);

}  // namespace ui
