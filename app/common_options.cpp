// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common_options.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <stdexcept>

namespace app {
namespace {

/// "all" or a positive count.
std::int64_t parseSamples(const std::string& word) {
  if (word == "all") return 0;
  std::size_t end = 0;
  std::int64_t count = 0;
  try {
    count = std::stoll(word, &end);
  } catch (const std::exception&) {
    end = 0;
  }
  if (end != word.size() || end == 0 || count < 1)
    throw std::invalid_argument(fmt::format("--samples must be 'all' or a count >= 1, got '{}'", word));
  return count;
}

}  // namespace

CLI::Validator atLeast(std::int64_t least) {
  return {[least](std::string& word) -> std::string {
            std::int64_t value = 0;
            const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
            if (error == std::errc() && end == word.data() + word.size() && value >= least) return {};
            return fmt::format("must be a whole number >= {}, got '{}'", least, word);
          },
          ""};
}

void addOutputOptions(CLI::App& command, OutputOptions& options) {
  command.add_flag("--json", options.json, "print one JSON object on stdout and nothing else there");
  command.add_flag("--quiet", options.quiet, "no progress and no notes on stderr");
}

void addMachineOptions(CLI::App& command, std::string& device, std::int64_t& threads) {
  command.add_option("--device", device, "cpu | cuda | cuda:N (default: cuda where there is one)");
  command.add_option("--threads", threads, "CPU threads (default: one a core); bits depend on it")->check(CLI::Range(std::int64_t{1}, std::int64_t{1024}));
}

void addMeasureOptions(CLI::App& command, analysis::MeasureSpec& spec) {
  command.add_option("RUN", spec.run, "the run folder")->required();
  command.add_option("--step", spec.step, "checkpoint: last | best (test accuracy) | N")->capture_default_str();
  command.add_option_function<std::string>("--samples", [&spec](const std::string& word) { spec.samples = parseSamples(word); },
                                           "N of the split, a seeded subset, or all (default: all, at most 4096)");
  command.add_option("--split", spec.split, "train | validation | test")->capture_default_str();
  command.add_option("--weights", spec.weights, "trained | ema | swa: an average beside the checkpoint")->capture_default_str();
  command.add_option("--mean", spec.mean, "A[,B,C]: replaces the run's mean of pixel/scale; needs --std")->allow_extra_args(false)->delimiter(',');
  command.add_option("--std", spec.deviation, "A[,B,C]: replaces the run's deviation of pixel/scale; needs --mean")->allow_extra_args(false)->delimiter(',');
  command.add_option("--bn", spec.batchNorm, "batch-norm policy: eval (running statistics of the checkpoint) | train (each batch's own) | recomputed (re-estimated at each point) | interpolated (lines to another run)")->capture_default_str();
  command.add_option("--loss", spec.loss, "plain | training (with label smoothing and the L2 term of the run)")->capture_default_str();
  command.add_option("--logits", spec.logits, "raw | normalised: each sample's logits divided by their deviation over the classes")->capture_default_str();
  command.add_option("--seed", spec.seed, "of subset and start vectors")->capture_default_str()->check(atLeast(0));
  addMachineOptions(command, spec.device, spec.threads);
  command.add_option("--precision", spec.precision, "float | double")->capture_default_str();
  command.add_option("--memory", spec.memoryBytes, "budget for kept graphs: bytes, or 512M, 4G (default: half of what is free)")
      ->transform(CLI::AsSizeValue(false))
      ->check(atLeast(1));
}

std::vector<std::string> runFolders(const std::string& run, const std::vector<std::string>& more) {
  std::vector<std::string> folders = {run};
  folders.insert(folders.end(), more.begin(), more.end());
  return folders;
}

void note(const OutputOptions& options, const std::string& sentence) {
  if (!options.quiet) std::fputs(fmt::format("{}\n", sentence).c_str(), stderr);
}

}  // namespace app
