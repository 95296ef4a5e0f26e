// SPDX-License-Identifier: GPL-3.0-or-later
#include "trainer/fetch/download.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <string_view>

#include "trainer/base/error.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;

constexpr long kConnectSeconds = 30, kStallSeconds = 60, kMostRedirects = 5;
constexpr long kPartialContent = 206, kRangeNotSatisfiable = 416;

/// What libcurl's callbacks share with the call. No exception may pass through libcurl: it waits here.
struct Transfer {
  CURL* curl = nullptr;
  std::FILE* out = nullptr;
  const Context* context = nullptr;
  const std::function<void(std::int64_t)>* report = nullptr;
  std::int64_t offset = 0;    ///< where this transfer starts in the file
  std::int64_t received = 0;  ///< bytes of this transfer
  bool started = false;       ///< the body has begun
  bool wrongRange = false;    ///< the server sent another range than asked for
  int diskError = 0;
  std::exception_ptr thrown;
};

/// N of "Content-Range: bytes N-M/L", -1 without one.
std::int64_t rangeStart(CURL* curl) {
  curl_header* header = nullptr;
  if (curl_easy_header(curl, "Content-Range", 0, CURLH_HEADER, -1, &header) != CURLHE_OK) return -1;
  const std::string_view value(header->value), unit = "bytes ";
  std::int64_t start = -1;
  if (value.starts_with(unit)) std::from_chars(value.data() + unit.size(), value.data() + value.size(), start);
  return start;
}

long numberOf(CURL* curl, CURLINFO what) {
  long number = 0;
  curl_easy_getinfo(curl, what, &number);
  return number;
}

/// At the first byte: does the body continue the file, or is it the whole file?
bool startBody(Transfer& t) {
  t.started = true;
  if (t.offset == 0) return true;
  if (numberOf(t.curl, CURLINFO_RESPONSE_CODE) == kPartialContent) {
    t.wrongRange = rangeStart(t.curl) != t.offset;
    return !t.wrongRange;
  }
  if (::ftruncate(::fileno(t.out), 0) != 0) t.diskError = errno;
  t.offset = 0;
  return t.diskError == 0;
}

std::size_t onData(const char* data, std::size_t, std::size_t size, void* user) {
  Transfer& t = *static_cast<Transfer*>(user);
  if (!t.started && !startBody(t)) return CURL_WRITEFUNC_ERROR;
  if (std::fwrite(data, 1, size, t.out) != size) {
    t.diskError = errno;
    return CURL_WRITEFUNC_ERROR;
  }
  t.received += static_cast<std::int64_t>(size);
  return size;
}

/// Called often, and once a second while nothing comes.
int onProgress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  Transfer& t = *static_cast<Transfer*>(user);
  try {
    t.context->checkpoint();
    (*t.report)(t.received);
    return 0;
  } catch (...) {
    t.thrown = std::current_exception();
    return 1;
  }
}

void setOptions(Transfer& t, const FetchFile& file) {
  CURL* c = t.curl;
  curl_easy_setopt(c, CURLOPT_URL, file.url.c_str());
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(c, CURLOPT_MAXREDIRS, kMostRedirects);
  curl_easy_setopt(c, CURLOPT_USERAGENT, "sharpscape");
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L);  // a stop does not wait for a name server
  curl_easy_setopt(c, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, kStallSeconds);
  if (file.bytes > 0) curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(file.bytes));
  if (const char* certificates = std::getenv("SSL_CERT_FILE")) curl_easy_setopt(c, CURLOPT_CAINFO, certificates);
  // Not RESUME_FROM: with that a server that ignores ranges is an error.
  if (t.offset > 0) curl_easy_setopt(c, CURLOPT_RANGE, fmt::format("{}-", t.offset).c_str());
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, onData);
  curl_easy_setopt(c, CURLOPT_WRITEDATA, &t);
  curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, onProgress);
  curl_easy_setopt(c, CURLOPT_XFERINFODATA, &t);
}

std::string reasonFor(CURLcode result, const Transfer& t, const FetchFile& file) {
  const std::string host = file.url.substr(0, file.url.find('/', file.url.find("//") + 2));
  const char* const elsewhere = "--base-url names another server";
  if (const long code = numberOf(t.curl, CURLINFO_HTTP_CONNECTCODE); code >= 400)
    return fmt::format("the proxy does not connect to '{}': it answers {}", host, code);
  switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST: return fmt::format("the host of '{}' is not known here: is there a network?", host);
    case CURLE_COULDNT_RESOLVE_PROXY: return "the host of the proxy is not known here: are the proxy variables right?";
    case CURLE_COULDNT_CONNECT: return fmt::format("'{}' takes no connection: is there a network?", host);
    case CURLE_OPERATION_TIMEDOUT:
      return t.started ? fmt::format("'{}' sent nothing for {} s", host, kStallSeconds) : fmt::format("'{}' does not answer", host);
    case CURLE_HTTP_RETURNED_ERROR: {
      const long code = numberOf(t.curl, CURLINFO_RESPONSE_CODE);
      return fmt::format("'{}' answers {}{}; {}", file.url, code, code == 404 ? " (not there)" : "", elsewhere);
    }
    case CURLE_FILESIZE_EXCEEDED: return fmt::format("'{}' is longer than the {} bytes of the file; {}", file.url, file.bytes, elsewhere);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return fmt::format("the certificate of '{}' cannot be verified: are this machine's clock and certificates (package ca-certificates) right?",
                         host);
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return fmt::format("the connection to '{}' was cut", host);
    case CURLE_URL_MALFORMAT: return fmt::format("'{}' is not an address", file.url);
    default: return fmt::format("'{}' could not be read: {}", file.url, curl_easy_strerror(result));
  }
}

/// True where nothing is left.
bool removeIfEmpty(const fs::path& part) {
  std::error_code error;
  if (const auto size = fs::file_size(part, error); !error && size > 0) return false;
  fs::remove(part, error);
  return true;
}

/// What stays on the disk, at the end of a sentence; nothing, and no file, where it is empty.
std::string whatIsKept(const fs::path& part) {
  if (removeIfEmpty(part)) return {};
  const double megabytes = static_cast<double>(fs::file_size(part)) / 1e6;
  return fmt::format("; {:.3g} MB are kept in '{}' and the same command continues there", megabytes, part.string());
}

[[noreturn]] void failDisk(const fs::path& part, int error) {
  throw IoError(fmt::format("cannot write '{}': {}{}", part.string(), error == ENOSPC || error == EDQUOT ? "the disk is full" : std::strerror(error),
                            whatIsKept(part)));
}

using OpenFile = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
using Curl = std::unique_ptr<CURL, void (*)(CURL*)>;

/// One request. False where the file must be started over: it is empty then.
bool transfer(const FetchFile& file, const fs::path& part, Transfer& t) {
  OpenFile out(std::fopen(part.c_str(), "abe"), std::fclose);
  if (!out) failDisk(part, errno);
  std::setvbuf(out.get(), nullptr, _IONBF, 0);  // libcurl's pieces are large, and what came before an error is on the disk
  const Curl curl(curl_easy_init(), curl_easy_cleanup);
  if (!curl) throw IoError("libcurl could not be started");
  t.curl = curl.get();
  t.out = out.get();
  t.offset = static_cast<std::int64_t>(fs::file_size(part));
  const bool continues = t.offset > 0;
  setOptions(t, file);
  const CURLcode result = curl_easy_perform(curl.get());
  const bool pastTheEnd = result == CURLE_HTTP_RETURNED_ERROR && numberOf(t.curl, CURLINFO_RESPONSE_CODE) == kRangeNotSatisfiable;
  if (t.wrongRange || (continues && pastTheEnd)) {
    if (::ftruncate(::fileno(out.get()), 0) != 0) failDisk(part, errno);
    return false;
  }
  if (t.thrown) {
    removeIfEmpty(part);
    std::rethrow_exception(t.thrown);
  }
  if (t.diskError == 0 && ::fsync(::fileno(out.get())) != 0) t.diskError = errno;
  if (t.diskError == 0 && std::fclose(out.release()) != 0) t.diskError = errno;
  if (t.diskError != 0) failDisk(part, t.diskError);
  if (result != CURLE_OK) throw IoError(reasonFor(result, t, file) + whatIsKept(part));
  return true;
}

}  // namespace

std::int64_t download(const FetchFile& file, const fs::path& part, const Context& context, const std::function<void(std::int64_t)>& received) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) throw IoError(fmt::format("libcurl could not be started: {}", curl_easy_strerror(ready)));
  for (;;) {  // at most twice: an empty file asks for no range
    Transfer t;
    t.context = &context;
    t.report = &received;
    if (transfer(file, part, t)) return t.received;
  }
}

}  // namespace trainer
