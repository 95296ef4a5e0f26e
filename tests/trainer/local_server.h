// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace test {

/// An HTTP server on 127.0.0.1, on a port the system chooses, one request at a time, for as long as it lives.
class LocalServer {
 public:
  static constexpr std::size_t kWhole = static_cast<std::size_t>(-1);

  /// How it answers for a file.
  struct File {
    std::string content = {};
    bool ranges = true;             ///< false: 200 and all of it, whatever range was asked for
    std::size_t shift = 0;          ///< answers a range that starts so much later than the one asked for
    std::size_t cutAfter = kWhole;  ///< bytes of the body, after which the connection ends
    bool hold = false;              ///< at the cut the connection stays open, silent, until the other side closes it
    std::string redirect = {};      ///< 302 to here
  };
  struct Request {
    std::string path, range;  ///< "/file", "bytes=5-" or ""
    bool operator==(const Request&) const = default;
  };

  LocalServer();
  ~LocalServer();
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;

  std::string url() const;  ///< "http://127.0.0.1:12345/"
  void put(const std::string& name, const File& file);
  std::vector<Request> takeRequests();  ///< those since the last call

 private:
  void serve();
  void answer(int client);
  std::string reply(const Request& request, bool& hold);

  int listener_ = -1, client_ = -1, port_ = 0;
  bool ended_ = false;
  std::mutex mutex_;  ///< over client_, ended_, files_, requests_
  std::map<std::string, File> files_;
  std::vector<Request> requests_;
  std::thread thread_;
};

/// An address at which nothing listens for as long as this lives.
class ClosedPort {
 public:
  ClosedPort();
  ~ClosedPort();
  ClosedPort(const ClosedPort&) = delete;
  ClosedPort& operator=(const ClosedPort&) = delete;
  std::string url() const;

 private:
  int socket_ = -1, port_ = 0;
};

}  // namespace test
