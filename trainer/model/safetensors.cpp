// SPDX-License-Identifier: GPL-3.0-or-later
// Format: 8 bytes little-endian header length; the header, a JSON object; the data. https://github.com/huggingface/safetensors
#include "trainer/model/safetensors.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>

#include "trainer/base/error.h"
#include "trainer/base/files.h"

namespace trainer {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kLongestHeader = 100'000'000;  // the format's own limit
constexpr std::string_view kHashKey = "\"header_hash\":\"";
const std::string kNoHash(32, '0');

struct Type {
  std::string_view name;
  at::ScalarType scalar;
};
constexpr std::array kTypes = {Type{"F32", at::kFloat},    Type{"F64", at::kDouble}, Type{"I64", at::kLong},  Type{"F16", at::kHalf},
                               Type{"BF16", at::kBFloat16}, Type{"I32", at::kInt},    Type{"I16", at::kShort}, Type{"I8", at::kChar},
                               Type{"U8", at::kByte},       Type{"BOOL", at::kBool}};

/// The first three are what is written.
std::string_view writtenName(const std::string& name, at::ScalarType scalar) {
  const auto* const it = std::find_if(kTypes.begin(), kTypes.begin() + 3, [&](const Type& t) { return t.scalar == scalar; });
  if (it == kTypes.begin() + 3) throw std::invalid_argument(fmt::format("'{}' is neither float, double nor int64", name));
  return it->name;
}

const Type* typeOf(const nlohmann::ordered_json& entry) {
  const auto* const it = std::find_if(kTypes.begin(), kTypes.end(), [&](const Type& t) { return entry["dtype"] == std::string(t.name); });
  return it == kTypes.end() ? nullptr : it;
}

std::string headerOf(const NamedTensors& content, const std::string& data) {
  nlohmann::ordered_json header;
  auto& metadata = header["__metadata__"] = nlohmann::ordered_json::object();
  for (const auto& [key, value] : content.metadata) metadata[key] = value;
  metadata["data_hash"] = contentHash(data);
  metadata["header_hash"] = kNoHash;
  std::size_t offset = 0;
  for (const auto& [name, tensor] : content.tensors) {
    const std::size_t end = offset + tensor.nbytes();
    header[name] = {{"dtype", writtenName(name, tensor.scalar_type())}, {"shape", tensor.sizes().vec()}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::string hash = contentHash(text);
  text.replace(text.find(kHashKey) + kHashKey.size(), hash.size(), hash);
  return text;
}

class File {
 public:
  explicit File(const std::filesystem::path& path) : name_(path.string()), bytes_(readFile(path)) {
    if (bytes_.size() < kLengthBytes) cutShort(kLengthBytes);
    std::uint64_t length = 0;
    std::memcpy(&length, bytes_.data(), kLengthBytes);
    if (length > kLongestHeader) damaged("its header would be longer than the format allows");
    if (length > bytes_.size() - kLengthBytes) cutShort(kLengthBytes + length);
    headerText_ = std::string_view(bytes_).substr(kLengthBytes, length);
    data_ = std::string_view(bytes_).substr(kLengthBytes + length);
    header_ = nlohmann::ordered_json::parse(headerText_, nullptr, false);
    if (!header_.is_object()) damaged("its header is not a JSON object");
  }

  NamedTensors read() {
    NamedTensors result;
    if (header_.contains("__metadata__")) readMetadata(result);
    verifyHeader(result);
    std::uint64_t end = 0;
    for (const auto& [name, entry] : header_.items()) {
      if (name != "__metadata__") end = std::max(end, endOf(name, entry));
    }
    if (end > data_.size()) cutShort(kLengthBytes + headerText_.size() + end);
    if (end < data_.size()) damaged(fmt::format("{} bytes lie behind its last tensor", data_.size() - end));
    verifyData(result);
    for (const auto& [name, entry] : header_.items()) {
      if (name != "__metadata__") result.tensors.emplace_back(name, tensorOf(name, entry));
    }
    return result;
  }

 private:
  [[noreturn]] void cutShort(std::uint64_t expected) const {
    throw DataError(fmt::format("'{}' ends after {} of at least {} bytes: it was cut short; use another checkpoint or make it again", name_,
                                bytes_.size(), expected));
  }
  [[noreturn]] void damaged(const std::string& what) const {
    throw DataError(fmt::format("'{}' is damaged or no safetensors file: {}; use another checkpoint or make it again", name_, what));
  }

  void readMetadata(NamedTensors& result) const {
    const auto& metadata = header_["__metadata__"];
    if (!metadata.is_object()) damaged("its metadata is not an object");
    for (const auto& [key, value] : metadata.items()) {
      if (!value.is_string()) damaged("its metadata are not texts");
      result.metadata[key] = value.get<std::string>();
    }
  }

  /// Our files carry both hashes, others neither: one damaged name is noticed by the other.
  void verifyHeader(const NamedTensors& result) const {
    const auto hash = result.metadata.find("header_hash");
    if (hash == result.metadata.end()) {
      if (result.metadata.contains("data_hash")) damaged("its header's hash is missing");
      return;
    }
    if (!result.metadata.contains("data_hash")) damaged("its data's hash is missing");
    std::string text(headerText_);
    const std::size_t at = text.find(kHashKey);
    if (at == std::string::npos || hash->second.size() != kNoHash.size()) damaged("its header's hash is not readable");
    text.replace(at + kHashKey.size(), kNoHash.size(), kNoHash);
    if (contentHash(text) != hash->second) damaged("its header does not match its hash");
  }

  void verifyData(const NamedTensors& result) const {
    const auto hash = result.metadata.find("data_hash");
    if (hash != result.metadata.end() && contentHash(data_) != hash->second) damaged("its data do not match their hash");
  }

  static bool isList(const nlohmann::ordered_json& entry, const char* key) {
    if (!entry.is_object() || !entry.contains(key) || !entry[key].is_array()) return false;
    return std::all_of(entry[key].begin(), entry[key].end(), [](const auto& v) { return v.is_number_unsigned(); });
  }

  /// Checks an entry and gives where its data end. Sizes are multiplied in double first, so that no count overflows.
  std::uint64_t endOf(const std::string& name, const nlohmann::ordered_json& entry) const {
    if (!isList(entry, "shape") || !isList(entry, "data_offsets") || entry["data_offsets"].size() != 2 || !entry.contains("dtype"))
      damaged(fmt::format("its entry '{}' is not a tensor", name));
    const Type* const type = typeOf(entry);
    if (type == nullptr)
      throw DataError(fmt::format("'{}' holds '{}' as {}: convert it to F32 first", name_, name.substr(0, 60), entry["dtype"].dump().substr(0, 60)));
    auto bytes = static_cast<double>(c10::elementSize(type->scalar));
    for (const auto& size : entry["shape"]) bytes *= static_cast<double>(size.template get<std::uint64_t>());
    const auto begin = entry["data_offsets"][0].get<std::uint64_t>();
    const auto end = entry["data_offsets"][1].get<std::uint64_t>();
    if (end < begin || static_cast<double>(end - begin) != bytes) damaged(fmt::format("the size of '{}' does not fit its shape", name));
    return end;
  }

  at::Tensor tensorOf(const std::string& name, const nlohmann::ordered_json& entry) const {
    const auto begin = entry["data_offsets"][0].get<std::uint64_t>();
    const at::Tensor tensor = at::empty(entry["shape"].get<std::vector<std::int64_t>>(), typeOf(entry)->scalar);
    if (tensor.nbytes() > data_.size() - begin) damaged(fmt::format("the size of '{}' does not fit its shape", name));
    std::memcpy(tensor.data_ptr(), data_.data() + begin, tensor.nbytes());
    const bool half = tensor.scalar_type() == at::kHalf || tensor.scalar_type() == at::kBFloat16;
    return half ? tensor.to(at::kFloat) : tensor;
  }

  std::string name_;
  std::string bytes_;
  std::string_view headerText_;
  std::string_view data_;
  nlohmann::ordered_json header_;
};

}  // namespace

void writeSafetensors(const std::filesystem::path& file, const NamedTensors& content) {
  std::string data;
  for (const auto& [name, tensor] : content.tensors) data.append(static_cast<const char*>(tensor.data_ptr()), tensor.nbytes());
  const std::string header = headerOf(content, data);
  const std::uint64_t length = header.size();
  std::string bytes(kLengthBytes, '\0');
  std::memcpy(bytes.data(), &length, kLengthBytes);
  writeFileAtomically(file, bytes + header + data);
}

NamedTensors readSafetensors(const std::filesystem::path& file) { return File(file).read(); }

}  // namespace trainer
