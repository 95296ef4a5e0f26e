// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string>
#include <vector>

namespace ui {

/// What a field is typed into. All of them speak text: the words of the flag, empty where nothing is chosen.
enum class FieldKind { data, model, choice, several, toggle, number, share, count, doubling, list };

/// A field of the form: the flag's key (trainer/run/run_spec_fields.h), its short name, and what is offered.
struct RunField {
  const char* key;
  const char* label;
  FieldKind kind;
  std::vector<std::pair<const char*, const char*>> choices = {};  ///< word of the flag, words shown
  const char* unset = "";  ///< shown pale where nothing is chosen: "off", "all"
  bool rare = false;       ///< folded away until it is wanted or changed
};

struct RunSection {
  const char* title;
  std::vector<RunField> fields;
};

/// Every flag of a run exactly once, in the groups of the form.
const std::vector<RunSection>& runSections();

/// Short name, flag and the words of `sharpscape train --help`.
QString fieldToolTip(const RunField& field);

/// Names a model's editor offers: what this version knows, smallest first.
const std::vector<std::string>& offeredModels();

/// Flags in a sentence become the short names of the form: "--rho must be ..." -> "Radius rho must be ...". `key` becomes the first one's.
QString inWordsOfTheForm(const QString& sentence, QString* key);

}  // namespace ui
