/// Reads a data set from disk: LIBSVM text, CSV, FANN's text or an IDX pair, plain, gzip or xz,
/// told apart by content.
#include "model/read_dataset.hpp"

#include <new>
#include <system_error>

#include "model/csv.hpp"
#include "model/data_format.hpp"
#include "model/fann.hpp"
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

/// What is no text at all is said to be so, before a reader says what its first words are not.
void check_text(std::string_view head, const std::string& name) {
  if (head.empty())
    throw DataError(ErrorCode::bad_format, name + ": the file is empty; fetch it again");
  if (is_idx(head)) {
    throw DataError(ErrorCode::bad_format,
                    name + ": this is an IDX file; IDX data are named as a pair, one file of " +
                        "images and one of labels");
  }
  const bool utf16 = head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff");
  if (utf16)
    throw DataError(ErrorCode::bad_format, name + ": this is UTF-16 text; save it as UTF-8");
  if (head.find('\0') != std::string_view::npos) {
    throw DataError(
        ErrorCode::bad_format,
        name + ": this is not a text file; data are LIBSVM, CSV or FANN text, or an " + "IDX pair");
  }
}

void check_no_choice(const DataPath& path, const char* format, const char* label) {
  // What a model remembers of its CSV files is for such files.
  const bool words = !path.label.classes.empty() && path.label.model_features == 0;
  if ((path.label.is_default() || path.label.from_model) && !words) return;
  const std::string_view of_words = path.label.first_look ? "--classes" : "data.classes";
  const std::string option(words ? of_words : path.label.option);
  throw DataError(ErrorCode::bad_label_column, path.text() + ": " + option +
                                                   " is set, but this is " + format +
                                                   ", whose label is " + label + ": leave it out");
}

Dataset read_text(const DataPath& path, RowChoice rows) {
  LineReader lines(open_bytes(path.file), path.file.string());
  check_text(lines.ahead(), lines.name());
  const auto found = text_format(lines.ahead(), !path.label.none);
  if (found.format == DataFormat::csv) {
    return read_csv(std::move(lines), found.separator, path.label, rows);
  }
  if (found.format == DataFormat::fann) {
    if (!path.label.classes.empty() && path.label.model_features == 0) {
      check_no_choice(path, "FANN text", "a number");
    }
    return read_fann(std::move(lines), path.label, rows);
  }
  check_no_choice(path, "LIBSVM text", "the first number of a line");
  return read_libsvm(std::move(lines), path.label, rows);
}

Dataset read_checked(const DataPath& path, RowChoice rows) {
  if (path.file.empty() && (path.images.empty() || path.labels.empty())) {
    throw DataError(ErrorCode::no_data,
                    path.empty() && path.labels.empty()
                        ? "no data file is named"
                        : path.text() + ": images and labels come as a pair; name both files");
  }
  if (path.file.empty()) {
    check_no_choice(path, "an IDX pair", "in a file of its own");
    return read_idx(path.images, path.labels, rows);
  }
  std::error_code ignored;
  if (std::filesystem::is_directory(path.file, ignored) && holds_idx_files(path.file)) {
    throw DataError(
        ErrorCode::bad_format,
        path.file.string() +
            ": this is a folder of IDX files; name one file of images and one of labels");
  }
  return read_text(path, rows);
}

Dataset read_chosen(const DataPath& path, RowChoice rows) {
  try {
    return read_checked(path, rows);
  } catch (const std::bad_alloc&) {
    throw DataError(ErrorCode::out_of_memory,
                    path.text() + ": does not fit into this device's memory; use fewer rows here");
  }
}

}  // namespace

std::string DataPath::text() const {
  if (!file.empty()) {
    return file.string();
  }
  return images.string() + (images.empty() || labels.empty() ? "" : " + ") + labels.string();
}

Dataset read_dataset(const DataPath& path) { return read_chosen(path, {}); }

Dataset read_outline(const DataPath& path) {
  return read_chosen(path, RowChoice(std::span<const Index>()));
}

Dataset read_rows(const DataPath& path, const Dataset& outline, std::span<const Index> rows) {
  auto data = read_chosen(path, RowChoice(rows));
  const auto same = [&](std::size_t i) { return data.label(i) == outline.label(rows[i]); };
  bool fits = data.rows() == rows.size() && data.features() == outline.features() &&
              data.is_sparse() == outline.is_sparse();
  for (std::size_t i = 0; fits && i < rows.size(); ++i) fits = same(i);
  if (!fits) {
    throw DataError(ErrorCode::data_damaged,
                    path.text() +
                        ": is another set than when it was first read; leave it alone "
                        "while a run begins, and start again");
  }
  return data;
}

}  // namespace annulet::model
