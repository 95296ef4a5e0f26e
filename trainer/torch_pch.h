// SPDX-License-Identifier: GPL-3.0-or-later
// Precompiled once, reused by trainer, analysis and their tests. Sources include what they use all the same.
#pragma once

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>
