// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace analysis {

/// The BibTeX entries of these keys, in their order, each once. @throws std::invalid_argument for a key that is not known
std::string bibtex(const std::vector<std::string>& keys);

/// Every key there is.
std::vector<std::string> knownCitations();

}  // namespace analysis
