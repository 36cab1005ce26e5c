/// Reads a data set from disk: LIBSVM text or an IDX pair, plain, gzip or xz, told apart by
/// content.
#include "model/read_dataset.hpp"

#include <new>
#include <system_error>

#include "model/idx.hpp"
#include "model/libsvm.hpp"

namespace annulet::model {
namespace {

/// Whether MNIST's usual file names are in the folder, in any packing.
bool holds_idx_files(const std::filesystem::path& folder) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.path().filename().string().find("-idx3-ubyte") != std::string::npos) {
      return true;
    }
  }
  return false;
}

Dataset read_checked(const DataPath& path) {
  if (path.file.empty() && (path.images.empty() || path.labels.empty())) {
    throw DataError(path.empty() && path.labels.empty()
                        ? "no data file is named"
                        : path.text() + ": images and labels come as a pair; name both files");
  }
  if (path.file.empty()) {
    return read_idx(path.images, path.labels);
  }
  std::error_code ignored;
  if (std::filesystem::is_directory(path.file, ignored) && holds_idx_files(path.file)) {
    throw DataError(path.file.string() +
                    ": this is a folder of IDX files; name one file of images and one of labels");
  }
  return read_libsvm(path.file);
}

}  // namespace

std::string DataPath::text() const {
  if (!file.empty()) {
    return file.string();
  }
  return images.string() + (images.empty() || labels.empty() ? "" : " + ") + labels.string();
}

Dataset read_dataset(const DataPath& path) {
  try {
    return read_checked(path);
  } catch (const std::bad_alloc&) {
    throw DataError(path.text() + ": does not fit into this device's memory");
  }
}

}  // namespace annulet::model
