// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/fetch/md5.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "trainer/base/error.h"

namespace trainer {

void Md5::Free::operator()(evp_md_ctx_st* state) const { EVP_MD_CTX_free(state); }

Md5::Md5() : state_(EVP_MD_CTX_new()) {
  if (!state_ || EVP_DigestInit_ex(state_.get(), EVP_md5(), nullptr) != 1)
    throw IoError("OpenSSL of this machine does not compute MD5, by which the data sets are checked");
}

void Md5::update(std::string_view bytes) { EVP_DigestUpdate(state_.get(), bytes.data(), bytes.size()); }

std::string Md5::hex() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_DigestFinal_ex(state_.get(), digest, &size);
  std::string text;
  for (unsigned int i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

std::string md5Of(std::string_view bytes) {
  Md5 md5;
  md5.update(bytes);
  return md5.hex();
}

std::string md5OfFile(const std::filesystem::path& path, const Context& context) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return {};
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), std::fclose);
  if (!file) throw IoError(fmt::format("cannot open '{}': {}", path.string(), std::strerror(errno)));
  Md5 md5;
  std::string buffer(1 << 20, '\0');
  for (;;) {
    context.checkpoint();
    const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), file.get());
    md5.update({buffer.data(), n});
    if (n == buffer.size()) continue;
    if (std::ferror(file.get()) != 0) throw IoError(fmt::format("cannot read '{}': {}", path.string(), std::strerror(errno)));
    return md5.hex();
  }
}

}  // namespace trainer
