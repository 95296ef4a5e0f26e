// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/structure/structure_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <regex>
#include <set>
#include <stdexcept>

namespace structure {
namespace {

namespace fs = std::filesystem;

struct Include {
  int line = 0;
  std::string target;
};

/// Targets that a layer may not include, as regular expressions over what stands between the quotes.
struct Layer {
  std::string folder, extension;  // either may be empty: any
  std::vector<std::string> forbidden;
};

const std::string kTorch = "(torch|ATen|c10|caffe2)/.*";
const std::string kQt = "(Q[A-Z]|Qt[A-Z]).*";
const std::string kVtk = "vtk.*";

const std::vector<Layer>& layers() {
  static const std::vector<Layer> table = {
      {"trainer/base", "", {kTorch, kQt, kVtk, "trainer/(?!base/).*", "analysis/.*", "ui/.*", "app/.*", "Eigen/.*", "cairo.*"}},
      {"trainer/fetch", "", {kTorch, "trainer/(?!(base|fetch)/).*"}},
      {"trainer", "", {kQt, kVtk, "analysis/.*", "ui/.*", "app/.*"}},
      {"analysis", "", {kQt, kVtk, "ui/.*", "app/.*"}},
      {"ui", "", {kTorch, "app/.*"}},
      {"", ".cu", {kTorch}},
  };
  return table;
}

std::vector<std::string> readLines(const fs::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool isCode(const fs::path& file) {
  const auto extension = file.extension();
  return extension == ".h" || extension == ".cpp" || extension == ".cu" || extension == ".cuh";
}

bool isScript(const fs::path& file) {
  static const std::set<std::string> scripts = {"run", "check", ".ci/run"};
  return scripts.contains(file.generic_string()) || file.extension() == ".sh" || file.extension() == ".py";
}

bool isOurs(const fs::path& file) {
  return isCode(file) || isScript(file) || file.filename() == "CMakeLists.txt" || file.extension() == ".cmake";
}

bool isBelow(const fs::path& file, const std::string& folder) {
  return folder.empty() || file.generic_string().starts_with(folder + "/");
}

std::vector<Include> includesOf(const fs::path& file) {
  static const std::regex pattern(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
  std::vector<Include> found;
  int number = 0;
  for (const std::string& line : readLines(file)) {
    ++number;
    if (std::smatch match; std::regex_search(line, match, pattern)) found.push_back({number, match[1]});
  }
  return found;
}

Offenders everyLine(const fs::path& root, const std::function<std::string(const fs::path&, const std::string&)>& complaint) {
  Offenders offenders;
  for (const fs::path& file : sourceFiles(root)) {
    int number = 0;
    for (const std::string& line : readLines(root / file)) {
      ++number;
      if (const std::string text = complaint(file, line); !text.empty())
        offenders.push_back(fmt::format("{}:{}: {}", file.generic_string(), number, text));
    }
  }
  return offenders;
}

}  // namespace

std::vector<fs::path> sourceFiles(const fs::path& root) {
  static const std::set<std::string> skipped = {".git", ".deps", "build", "runs", "demo"};
  std::vector<fs::path> files;
  for (auto entry = fs::recursive_directory_iterator(root); entry != fs::recursive_directory_iterator(); ++entry) {
    const fs::path relative = entry->path().lexically_relative(root);
    if (entry->is_directory() && entry.depth() == 0 && skipped.contains(relative.string())) entry.disable_recursion_pending();
    if (entry->is_regular_file() && isOurs(relative)) files.push_back(relative);
  }
  std::sort(files.begin(), files.end());
  return files;
}

Offenders layerOffenders(const fs::path& root) {
  Offenders offenders;
  for (const fs::path& file : sourceFiles(root)) {
    if (!isCode(file)) continue;
    const std::vector<Include> includes = includesOf(root / file);
    for (const Layer& layer : layers()) {
      if (!isBelow(file, layer.folder) || (!layer.extension.empty() && file.extension() != layer.extension)) continue;
      for (const Include& include : includes)
        for (const std::string& forbidden : layer.forbidden)
          if (std::regex_match(include.target, std::regex(forbidden)))
            offenders.push_back(fmt::format("{}:{}: {} may not include {}", file.generic_string(), include.line,
                                            layer.folder.empty() ? layer.extension : layer.folder, include.target));
    }
  }
  return offenders;
}

Offenders torchReachedFromUi(const fs::path& root) {
  Offenders offenders;
  std::map<fs::path, std::string> reachedBy;
  std::vector<fs::path> open;
  for (const fs::path& file : sourceFiles(root))
    if (isCode(file) && isBelow(file, "ui")) open.push_back(file), reachedBy[file] = file.generic_string();
  while (!open.empty()) {
    const fs::path file = open.back();
    open.pop_back();
    for (const Include& include : includesOf(root / file)) {
      if (std::regex_match(include.target, std::regex(kTorch)))
        offenders.push_back(fmt::format("{}:{}: includes {} and is reached by {}", file.generic_string(), include.line, include.target,
                                        reachedBy[file]));
      const fs::path next = include.target;
      if (reachedBy.contains(next) || !fs::is_regular_file(root / next)) continue;
      reachedBy[next] = reachedBy[file] + " > " + next.generic_string();
      open.push_back(next);
    }
  }
  return offenders;
}

Offenders wholeTorchInHeaders(const fs::path& root) {
  Offenders offenders;
  for (const fs::path& file : sourceFiles(root)) {
    if (file.extension() != ".h" || file == "trainer/torch_pch.h") continue;
    for (const Include& include : includesOf(root / file))
      if (include.target == "torch/torch.h")
        offenders.push_back(fmt::format("{}:{}: a header includes torch/torch.h", file.generic_string(), include.line));
  }
  return offenders;
}

Offenders longFiles(const fs::path& root) {
  Offenders offenders;
  for (const fs::path& file : sourceFiles(root))
    if (const auto count = readLines(root / file).size(); count > kMostLines)
      offenders.push_back(fmt::format("{}:{}: longer than {} lines", file.generic_string(), count, kMostLines));
  return offenders;
}

Offenders filesWithoutLicence(const fs::path& root) {
  const std::string tag = "SPDX-License-Identifier: GPL-3.0-or-later";
  Offenders offenders;
  for (const fs::path& file : sourceFiles(root)) {
    const std::vector<std::string> lines = readLines(root / file);
    const std::size_t place = !lines.empty() && lines[0].starts_with("#!") ? 1 : 0;  // below a script's first line
    if (lines.size() <= place || lines[place].find(tag) == std::string::npos)
      offenders.push_back(fmt::format("{}:{}: no line '{}'", file.generic_string(), place + 1, tag));
  }
  return offenders;
}

Offenders machinePaths(const fs::path& root) {
  static const std::regex home(R"((^|[\s"'=(:<])/(home|root|Users)/\w)");
  const std::string here = fs::absolute(root).lexically_normal().string() + "/";
  const auto startsAPath = [](const std::string& line, std::size_t at) {
    return at == 0 || std::string(" \t\"'=(:<").find(line[at - 1]) != std::string::npos;
  };
  return everyLine(root, [&](const fs::path&, const std::string& line) -> std::string {
    if (std::regex_search(line, home)) return "names a home folder";
    if (const auto at = line.find(here); at != std::string::npos && startsAPath(line, at)) return "names the folder this tree lies in";
    return "";
  });
}

}  // namespace structure
