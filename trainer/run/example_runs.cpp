// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/run/example_runs.h"

namespace trainer {

std::vector<RunSpec> exampleRuns(std::uint64_t seed) {
  RunSpec plain;
  plain.data = "digits";
  plain.model = "cnn";
  plain.epochs = 40;
  plain.seed = seed;
  RunSpec sam = plain;
  sam.sharpness = "sam";
  sam.rho = 0.1;
  RunSpec penalty = plain;
  penalty.sharpness = "penalty";
  penalty.rho = 0.2;
  penalty.alpha = 0.8;
  return {plain, sam, penalty};
}

}  // namespace trainer
