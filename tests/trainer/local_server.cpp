// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/trainer/local_server.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace test {
namespace {

int boundSocket(int& port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (fd < 0 || ::bind(fd, generic, size) != 0 || ::getsockname(fd, generic, &size) != 0) throw std::runtime_error("no socket on 127.0.0.1");
  port = ntohs(address.sin_port);
  ::setenv("no_proxy", "*", 1);  // a proxy of this machine has no business here; the program under test inherits it
  return fd;
}

std::string urlOf(int port) { return fmt::format("http://127.0.0.1:{}/", port); }

void sendAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;  // the other side has gone
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

/// What stands between `before` and the end of its line; "" without it.
std::string lineAfter(const std::string& text, const std::string& before) {
  const auto at = text.find(before);
  if (at == std::string::npos) return {};
  const auto start = at + before.size();
  return text.substr(start, text.find("\r\n", start) - start);
}

}  // namespace

LocalServer::LocalServer() {
  listener_ = boundSocket(port_);
  if (::listen(listener_, 8) != 0) throw std::runtime_error("cannot listen on 127.0.0.1");
  thread_ = std::thread([this] { serve(); });
}

LocalServer::~LocalServer() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    if (client_ >= 0) ::shutdown(client_, SHUT_RDWR);
  }
  ::shutdown(listener_, SHUT_RDWR);  // ends the accept
  thread_.join();
  ::close(listener_);
}

std::string LocalServer::url() const { return urlOf(port_); }

void LocalServer::put(const std::string& name, const File& file) {
  const std::lock_guard lock(mutex_);
  files_["/" + name] = file;
}

std::vector<LocalServer::Request> LocalServer::takeRequests() {
  const std::lock_guard lock(mutex_);
  return std::exchange(requests_, {});
}

void LocalServer::serve() {
  for (;;) {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    {
      const std::lock_guard lock(mutex_);
      client_ = ended_ ? -1 : client;
    }
    if (client_ >= 0) answer(client);
    const std::lock_guard lock(mutex_);
    client_ = -1;
    ::close(client);
    if (ended_) return;
  }
}

void LocalServer::answer(int client) {
  std::string text;
  char buffer[4096];
  while (text.find("\r\n\r\n") == std::string::npos) {
    const ssize_t n = ::recv(client, buffer, sizeof buffer, 0);
    if (n <= 0) return;
    text.append(buffer, static_cast<std::size_t>(n));
  }
  const std::string line = lineAfter(text, "GET ");
  const Request request{line.substr(0, line.find(' ')), lineAfter(text, "Range: ")};
  bool hold = false;
  sendAll(client, reply(request, hold));
  while (hold && ::recv(client, buffer, sizeof buffer, 0) > 0) {
  }
}

/// Headers and body, cut where the file says so.
std::string LocalServer::reply(const Request& request, bool& hold) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(request);
  const auto found = files_.find(request.path);
  if (found == files_.end()) return "HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\nConnection: close\r\n\r\nnone\n";
  const File& file = found->second;
  if (!file.redirect.empty())
    return fmt::format("HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 6\r\nConnection: close\r\n\r\nmoved\n", file.redirect);
  std::string status = "200 OK", extra;
  std::size_t start = 0;
  if (file.ranges && !request.range.empty()) {
    start = std::stoul(request.range.substr(request.range.find('=') + 1)) + file.shift;
    if (start >= file.content.size()) return "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 5\r\nConnection: close\r\n\r\nnone\n";
    status = "206 Partial Content";
    extra = fmt::format("Content-Range: bytes {}-{}/{}\r\n", start, file.content.size() - 1, file.content.size());
  }
  const std::string body = file.content.substr(start);
  hold = file.hold;
  return fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\n{}Connection: close\r\n\r\n", status, body.size(), extra) + body.substr(0, file.cutAfter);
}

ClosedPort::ClosedPort() { socket_ = boundSocket(port_); }
ClosedPort::~ClosedPort() { ::close(socket_); }
std::string ClosedPort::url() const { return urlOf(port_); }

}  // namespace test
