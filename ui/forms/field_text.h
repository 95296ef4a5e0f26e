// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "trainer/run/run_spec.h"

/// Fields of a run as text, by key. Numbers are written with as many digits as bring back the same number.
namespace ui {

/// "" where nothing is chosen; a switch is "on" or "".
QString fieldText(const trainer::RunSpec& spec, const QString& key);

/// Sets a field; an empty text means "not chosen". Returns what is wrong with the text, in words that follow the field's name; empty: nothing. Ranges
/// are checked by trainer::resolve().
QString setFieldText(trainer::RunSpec& spec, const QString& key, const QString& text);

void copyField(const trainer::RunSpec& from, trainer::RunSpec& to, const QString& key);

/// Empties what the chosen methods do not use, without a word.
void dropUnused(trainer::RunSpec& spec);

/// What every field is where nothing is chosen in it, beside the choices of `wanted` that decide on others (data, model, methods).
trainer::RunSpec usualBeside(const trainer::RunSpec& wanted);

}  // namespace ui
