// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "trainer/base/context.h"

struct evp_md_ctx_st;

namespace trainer {

/// MD5, because that is what the data sets publish.
class Md5 {
 public:
  Md5();  ///< @throws IoError where OpenSSL is not allowed to compute it (FIPS mode)
  void update(std::string_view bytes);
  std::string hex();  ///< of everything so far, 32 lower-case digits; ends it

 private:
  struct Free {
    void operator()(evp_md_ctx_st* state) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> state_;
};

std::string md5Of(std::string_view bytes);

/// Of a whole file; "" where there is none. @throws IoError when it cannot be read; Cancelled.
std::string md5OfFile(const std::filesystem::path& path, const Context& context);

}  // namespace trainer
