// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/interchange/hdf5_file.h"

#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "trainer/base/error.h"

namespace analysis {
namespace {

constexpr std::size_t kIncrement = std::size_t{1} << 16;
constexpr double kMostNumbers = 2e8;

/// The library is not re-entrant, and prints what goes wrong unless it is told not to.
class Session {
 public:
  Session() : lock_(mutex()) { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

 private:
  static std::mutex& mutex() {
    static std::mutex m;
    return m;
  }
  std::lock_guard<std::mutex> lock_;
};

/// An identifier with its way of closing.
class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  operator hid_t() const { return id_; }  // NOLINT(google-explicit-constructor): it is passed to the library everywhere

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

void require(bool done) {
  if (!done) throw trainer::Error("the HDF5 file could not be put together");
}

/// UTF-8 of variable length, as h5py writes a str.
Handle textType() {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return {type, H5Tclose};
}

Handle spaceOf(const std::vector<std::int64_t>& shape) {
  if (shape.empty()) return {H5Screate(H5S_SCALAR), H5Sclose};
  const std::vector<hsize_t> sizes(shape.begin(), shape.end());
  return {H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr), H5Sclose};
}

/// What is in a group is listed in the order in which it was put there. No times: else the same content is another file a second later.
void keepOrder(hid_t creation) {
  H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  H5Pset_attr_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  H5Pset_obj_track_times(creation, false);
}

/// The group in front of the name, where there is one and it is not there yet.
void makeGroup(hid_t file, const std::string& name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string::npos || H5Lexists(file, name.substr(0, slash).c_str(), H5P_DEFAULT) > 0) return;
  const Handle creation(H5Pcreate(H5P_GROUP_CREATE), H5Pclose);
  keepOrder(creation);
  const Handle group(H5Gcreate2(file, name.substr(0, slash).c_str(), H5P_DEFAULT, creation, H5P_DEFAULT), H5Gclose);
  require(group >= 0);
}

void write(hid_t file, const NamedArray& a) {
  makeGroup(file, a.name);
  const Handle text = textType(), space = spaceOf(a.shape), creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(creation, false);
  const hid_t type = !a.texts.empty() ? static_cast<hid_t>(text) : a.bytes ? H5T_STD_U8LE : H5T_IEEE_F64LE;
  const Handle set(H5Dcreate2(file, a.name.c_str(), type, space, H5P_DEFAULT, creation, H5P_DEFAULT), H5Dclose);
  require(set >= 0);
  if (a.texts.empty()) {
    require(H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, a.values.data()) >= 0);
    return;
  }
  std::vector<const char*> texts;
  for (const std::string& t : a.texts) texts.push_back(t.c_str());
  require(H5Dwrite(set, text, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()) >= 0);
}

void writeAttribute(hid_t file, const std::string& name, const std::string& value) {
  const Handle text = textType(), space(H5Screate(H5S_SCALAR), H5Sclose);
  const Handle attribute(H5Acreate2(file, name.c_str(), text, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  const char* const words = value.c_str();
  require(attribute >= 0 && H5Awrite(attribute, text, static_cast<const void*>(&words)) >= 0);
}

/// Reads texts of either kind through `read`, which is told the memory type and the place.
template <class Read>
std::vector<std::string> textsOf(hid_t type, hid_t space, std::size_t count, const Read& read) {
  std::vector<std::string> texts;
  if (H5Tis_variable_str(type) > 0) {
    const Handle memory(H5Tcopy(type), H5Tclose);
    std::vector<char*> places(count, nullptr);
    if (read(memory, static_cast<void*>(places.data())) < 0) return {};
    for (const char* p : places) texts.emplace_back(p ? p : "");
    H5Dvlen_reclaim(memory, space, H5P_DEFAULT, static_cast<void*>(places.data()));
    return texts;
  }
  const std::size_t size = H5Tget_size(type);
  std::string all(size * count, '\0');
  if (read(type, static_cast<void*>(all.data())) < 0) return {};
  for (std::size_t i = 0; i < count; ++i) texts.emplace_back(all.substr(i * size, size).c_str());
  return texts;
}

class Reader {
 public:
  Reader(const std::string& bytes, const std::string& name)
      : name_(name), access_(H5Pcreate(H5P_FILE_ACCESS), H5Pclose), file_(open(bytes), H5Fclose) {
    if (file_ < 0) damaged(bytes.starts_with("\x89HDF\r\n") ? "it is damaged or cut short" : "it does not start with the signature of HDF5");
  }

  Hdf5Content read() {
    addGroup(file_, "");
    if (H5Aiterate2(file_, H5_INDEX_CRT_ORDER, H5_ITER_INC, nullptr, addAttribute, this) < 0) H5Aiterate2(file_, H5_INDEX_NAME, H5_ITER_INC, nullptr, addAttribute, this);
    return std::move(content_);
  }

 private:
  [[noreturn]] void damaged(const std::string& what) const {
    throw trainer::DataError(fmt::format("'{}' is not a sound HDF5 file: {}; copy it again, or let the program that wrote it close it", name_, what));
  }
  hid_t open(const std::string& bytes) const {
    H5Pset_fapl_core(access_, kIncrement, false);
    H5Pset_file_image(access_, const_cast<char*>(bytes.data()), bytes.size());  // copied by the library
    return H5Fopen("memory", H5F_ACC_RDONLY, access_);
  }
  void addGroup(hid_t group, const std::string& prefix) {
    H5G_info_t info;
    if (H5Gget_info(group, &info) < 0) damaged("a group cannot be read");
    for (hsize_t i = 0; i < info.nlinks; ++i) {
      std::string name(4096, '\0');
      // In the order in which they were put there, where the file keeps it.
      ssize_t length = H5Lget_name_by_idx(group, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, name.data(), name.size(), H5P_DEFAULT);
      if (length < 0) length = H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, name.data(), name.size(), H5P_DEFAULT);
      if (length < 0) damaged("a name cannot be read");
      name.resize(std::min(static_cast<std::size_t>(length), name.size() - 1));
      const Handle object(H5Oopen(group, name.c_str(), H5P_DEFAULT), H5Oclose);
      const H5I_type_t type = object < 0 ? H5I_BADID : H5Iget_type(object);
      if (type == H5I_DATASET) addDataset(object, prefix + name);
      else if (type == H5I_GROUP && prefix.empty()) addGroup(object, name + "/");
      else content_.skipped.push_back(prefix + name);
    }
  }
  void addDataset(hid_t set, const std::string& name) {
    const Handle space(H5Dget_space(set), H5Sclose), type(H5Dget_type(set), H5Tclose);
    const int dimensions = H5Sget_simple_extent_ndims(space);
    std::vector<hsize_t> sizes(static_cast<std::size_t>(std::max(dimensions, 0)));
    if (dimensions < 0 || (dimensions > 0 && H5Sget_simple_extent_dims(space, sizes.data(), nullptr) < 0)) damaged(fmt::format("the shape of '{}' cannot be read", name));
    NamedArray a{.name = name, .shape = {sizes.begin(), sizes.end()}};
    double count = 1;
    for (const hsize_t size : sizes) count *= static_cast<double>(size);
    if (count > kMostNumbers) damaged(fmt::format("'{}' would hold {:.0f} numbers, more than any surface", name, count));
    const H5T_class_t kind = H5Tget_class(type);
    const auto items = static_cast<std::size_t>(count);
    if (kind == H5T_FLOAT || kind == H5T_INTEGER || kind == H5T_ENUM) {
      a.values.resize(items);
      if (items > 0 && H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, a.values.data()) < 0) damaged(fmt::format("'{}' cannot be read", name));
      a.bytes = kind == H5T_INTEGER && H5Tget_size(type) == 1;
    } else if (kind == H5T_STRING) {
      a.texts = textsOf(type, space, items, [&](hid_t memory, void* to) { return H5Dread(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, to); });
    } else {
      content_.skipped.push_back(name);
      return;
    }
    content_.arrays.push_back(std::move(a));
  }
  static herr_t addAttribute(hid_t object, const char* name, const H5A_info_t*, void* self) {
    const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose), type(H5Aget_type(attribute), H5Tclose), space(H5Aget_space(attribute), H5Sclose);
    if (H5Tget_class(type) != H5T_STRING || H5Sget_simple_extent_npoints(space) != 1) return 0;
    const auto texts = textsOf(type, space, 1, [&](hid_t memory, void* to) { return H5Aread(attribute, memory, to); });
    if (!texts.empty()) static_cast<Reader*>(self)->content_.attributes.set(name, texts.front());
    return 0;
  }

  std::string name_;
  Handle access_, file_;
  Hdf5Content content_;
};

}  // namespace

bool hasHdf5() { return true; }

std::string withoutHdf5() { return {}; }

std::string hdf5Bytes(const NamedArrays& arrays, const Provenance& attributes) {
  const Session session;
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_fapl_core(access, kIncrement, false);
  const Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
  keepOrder(creation);
  const Handle file(H5Fcreate("memory", H5F_ACC_TRUNC, creation, access), H5Fclose);
  require(file >= 0);
  for (const NamedArray& a : arrays) write(file, a);
  for (const auto& [name, value] : attributes.lines) writeAttribute(file, name, value);
  require(H5Fflush(file, H5F_SCOPE_GLOBAL) >= 0);
  const ssize_t size = H5Fget_file_image(file, nullptr, 0);
  require(size > 0);
  std::string bytes(static_cast<std::size_t>(size), '\0');
  require(H5Fget_file_image(file, bytes.data(), bytes.size()) == size);
  return bytes;
}

Hdf5Content hdf5Content(const std::string& bytes, const std::string& name) {
  const Session session;
  return Reader(bytes, name).read();
}

}  // namespace analysis
