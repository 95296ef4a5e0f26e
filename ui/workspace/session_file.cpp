// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/workspace/session_file.h"

#include <fmt/format.h>

#include <QJsonDocument>
#include <nlohmann/json.hpp>

#include "trainer/base/error.h"
#include "trainer/base/files.h"

namespace ui {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kRunMark = "run:";

std::string text(const QString& words) { return words.toStdString(); }

std::string relativeTo(const fs::path& folder, const std::string& path) {
  const fs::path relative = fs::path(path).lexically_relative(folder);
  return relative.empty() ? path : relative.generic_string();
}

Json fromQt(const QJsonObject& object) { return Json::parse(QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString()); }
QJsonObject toQt(const Json& json) { return QJsonDocument::fromJson(QByteArray::fromStdString(json.dump())).object(); }

/// `change` on every string of a json value, names of members included.
template <class Change>
Json withStrings(const Json& json, const Change& change) {
  if (json.is_string()) return change(json.get<std::string>());
  Json out = json;
  if (json.is_array())
    for (auto& element : out) element = withStrings(element, change);
  if (!json.is_object()) return out;
  out = Json::object();
  for (const auto& [key, value] : json.items()) out[change(key)] = withStrings(value, change);
  return out;
}

/// "run:<as stored>" for a folder of the session or what lies in it, other strings as they are.
std::string stored(const std::string& word, const SavedSession& session, const fs::path& folder) {
  for (const SavedRun& run : session.runs)
    if (!run.folder.empty() && word.starts_with(run.folder) && (word.size() == run.folder.size() || word[run.folder.size()] == '/'))
      return kRunMark + relativeTo(folder, run.folder) + word.substr(run.folder.size());
  return word;
}

Json toJson(const SavedRun& run, const fs::path& folder) {
  Json json{{"path", relativeTo(folder, run.folder)}, {"name", text(run.name)}, {"look", run.look}};
  if (run.opened) json["file"] = true;
  if (run.line) json["line"] = *run.line;
  if (run.marker) json["marker"] = *run.marker;
  if (!run.visible) json["visible"] = false;
  if (!run.group.isEmpty()) json["group"] = text(run.group);
  if (run.planned) json["planned"] = trainer::toJson(*run.planned);
  for (const SavedResult& result : run.results) {
    Json entry{{"kind", text(result.kind)}, {"name", text(result.name)}, {"figure", text(result.figure)}, {"file", relativeTo(run.folder, result.file)}};
    if (result.shown) entry["shown"] = true;
    json["results"].push_back(std::move(entry));
  }
  return json;
}

/// Reads members of an object and says which one is wrong.
class Reader {
 public:
  Reader(const Json& json, std::string where) : json_(json), where_(std::move(where)) {
    if (!json.is_object()) fail("is not an object");
  }
  [[noreturn]] void fail(const std::string& what) const { throw trainer::DataError(fmt::format("{} {}", where_, what)); }
  bool has(const char* key) const { return json_.contains(key); }
  template <class Value>
  Value get(const char* key, Value otherwise) const {
    if (!json_.contains(key)) return otherwise;
    try {
      return json_.at(key).get<Value>();
    } catch (const nlohmann::json::exception&) {
      fail(fmt::format("has a '{}' of a wrong type: {}", key, json_.at(key).dump().substr(0, 40)));
    }
  }
  QString words(const char* key) const { return QString::fromStdString(get<std::string>(key, {})); }
  Json list(const char* key) const {
    const Json found = json_.value(key, Json::array());
    if (!found.is_array()) fail(fmt::format("has a '{}' that is no list", key));
    return found;
  }
  QJsonObject object(const char* key) const {
    const Json found = json_.value(key, Json::object());
    if (!found.is_object()) fail(fmt::format("has a '{}' that is no object", key));
    return toQt(found);
  }
  const std::string& where() const { return where_; }

 private:
  const Json& json_;
  std::string where_;
};

/// Where the file is now, and where it was written.
struct Places {
  fs::path now, then;

  std::string find(const std::string& path) const {
    const fs::path here = (now / path).lexically_normal();
    std::error_code ignored;
    if (fs::exists(here, ignored) || then.empty()) return here.string();
    const fs::path there = (then / path).lexically_normal();
    return (fs::exists(there, ignored) ? there : here).string();
  }
};

SavedRun toRun(const Json& json, const Places& places, const std::string& where) {
  const Reader read(json, where);
  SavedRun run;
  const std::string path = read.get<std::string>("path", {});
  if (path.empty()) read.fail("has no 'path'");
  run.folder = places.find(path);
  run.opened = read.get("file", false);
  run.name = read.words("name");
  if (run.name.isEmpty()) run.name = QString::fromStdString(fs::path(run.folder).filename().string());
  run.look = read.get<std::size_t>("look", 0);
  if (read.has("line")) run.line = read.get<std::size_t>("line", 0);
  if (read.has("marker")) run.marker = read.get<std::size_t>("marker", 0);
  run.visible = read.get("visible", true);
  run.group = read.words("group");
  if (read.has("planned")) run.planned = trainer::toRunSpec(nlohmann::json(json.at("planned")), where);
  for (const Json& entry : read.list("results")) {
    const Reader result(entry, where + ": a result");
    const std::string file = result.get<std::string>("file", {});
    run.results.push_back({.kind = result.words("kind"),
                           .name = result.words("name"),
                           .figure = result.words("figure"),
                           .file = file.empty() ? file : (fs::path(run.folder) / file).lexically_normal().string(),
                           .shown = result.get("shown", false)});
  }
  return run;
}

void requireSession(const Json& json, const fs::path& file) {
  const std::string name = fmt::format("'{}'", file.string());
  if (!json.is_object() || !json.contains("format_version") || !json.contains("runs") || !json.at("format_version").is_number_integer())
    throw trainer::DataError(fmt::format("{} is not a session of Sharpscape: a json object with format_version and runs is expected; the file was left as it is", name));
  const int version = json.at("format_version").get<int>();
  if (version > kSessionFormatVersion)
    throw trainer::DataError(fmt::format("{} was written by a newer Sharpscape (format {}, this one reads up to {}): open it with that one; the file was left as it is", name, version, kSessionFormatVersion));
}

}  // namespace

SavedSession savedSession(const Session& session) {
  SavedSession saved;
  saved.selected = session.selectedFolder();
  saved.baseline = session.baselineFolder();
  for (const SessionRun& run : session.runs()) {
    SavedRun& out = saved.runs.emplace_back();
    out.folder = run.folder;
    out.opened = run.state == RunState::opened;
    out.name = run.name;
    out.look = run.lookIndex;
    out.line = run.lineIndex;
    out.marker = run.markerIndex;
    out.visible = run.visible;
    out.group = run.group;
    const bool begun = run.measurable() || run.state == RunState::opened || run.state == RunState::missing;
    if (!begun && !run.spec.data.empty()) out.planned = run.spec;
    for (const SessionResult& r : run.results) out.results.push_back({.kind = r.kind, .name = r.name, .figure = r.figure, .file = r.file, .shown = run.shows(r)});
  }
  return saved;
}

std::string sessionText(const SavedSession& session, const fs::path& folder) {
  const auto change = [&](const std::string& word) { return stored(word, session, folder); };
  Json json{{"format_version", kSessionFormatVersion}, {"saved_in", folder.string()}};
  if (!session.file.empty()) json["kept_of"] = session.file;
  if (session.modified) json["modified"] = true;
  if (session.closed) json["closed"] = true;
  json["runs"] = Json::array();
  for (const SavedRun& run : session.runs) json["runs"].push_back(toJson(run, folder));
  json["selected"] = change(session.selected);
  json["baseline"] = change(session.baseline);
  json["page"] = text(session.page);
  json["pages"] = withStrings(fromQt(session.pages), change);
  json["window"] = fromQt(session.window);
  return json.dump(2) + "\n";
}

SavedSession readSession(const fs::path& file) {
  const std::string where = fmt::format("the session '{}'", file.string());
  Json json;
  try {
    json = Json::parse(trainer::readFile(file));
  } catch (const nlohmann::json::parse_error& e) {
    throw trainer::DataError(fmt::format("{} is damaged at byte {}: no whole json object; the file was left as it is", where, e.byte));
  }
  requireSession(json, file);
  const Reader read(json, where);
  const Places places{.now = fs::absolute(file).parent_path(), .then = read.get<std::string>("saved_in", {})};
  const auto found = [&](const std::string& word) {
    if (!word.starts_with(kRunMark)) return word;
    // The longest run's path that the word begins with: what stands behind it lies in the run.
    const std::string path = word.substr(std::char_traits<char>::length(kRunMark));
    std::string best;
    for (const Json& run : json.at("runs"))
      if (const std::string p = run.value("path", std::string()); path.starts_with(p) && (path.size() == p.size() || path[p.size()] == '/') && p.size() > best.size()) best = p;
    return best.empty() ? path : places.find(best) + path.substr(best.size());
  };
  SavedSession saved;
  for (const Json& run : read.list("runs")) saved.runs.push_back(toRun(run, places, where + ": a run"));
  saved.selected = found(read.get<std::string>("selected", {}));
  saved.baseline = found(read.get<std::string>("baseline", {}));
  saved.page = read.words("page");
  read.object("pages");  // is one
  saved.pages = toQt(withStrings(json.value("pages", Json::object()), found));
  saved.window = read.object("window");
  saved.file = read.get<std::string>("kept_of", {});
  saved.modified = read.get("modified", false);
  saved.closed = read.get("closed", false);
  return saved;
}

void writeSession(const SavedSession& session, const fs::path& file) { trainer::writeFileAtomically(file, sessionText(session, fs::absolute(file).parent_path())); }

}  // namespace ui
