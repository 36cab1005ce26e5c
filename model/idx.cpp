/// IDX: the format of MNIST and Fashion-MNIST, one file of images and one of labels.
#include "model/idx.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "model/byte_source.hpp"
#include "model/growing.hpp"

namespace annulet::model {
namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 34;
constexpr std::size_t kMagicSize = 4;
constexpr std::uint8_t kUnsignedByte = 8;

/// What an IDX file holds: size[0] items of size[1] x size[2] ... bytes.
struct IdxFile {
  std::vector<std::uint32_t> size;
  std::vector<std::uint8_t> bytes;
};

class IdxReader {
 public:
  explicit IdxReader(const std::filesystem::path& path)
      : name_(path.string()), source_(open_bytes(path)), rest_(source_->next()) {}

  /// `dimensions`: 3 for images, 1 for labels; anything else is refused. The bytes are those of
  /// the chosen items.
  IdxFile read(std::size_t dimensions, RowChoice items = {}) {
    IdxFile file;
    check_magic(dimensions);
    std::uint64_t total = 1;
    for (std::size_t i = 0; i < dimensions; ++i) {
      const std::uint64_t size = big_endian();
      if (size > 0 && total > kMaxBytes / size) {
        fail(
            ErrorCode::bad_format,
            "the header speaks of more than 16 GiB, which cannot be read; is this the right file?");
      }
      total *= size;
      file.size.push_back(static_cast<std::uint32_t>(size));
    }
    if (total == 0) {
      fail(ErrorCode::bad_format, "the header says that it holds nothing; name another file");
    }
    if (total > std::numeric_limits<std::size_t>::max()) {
      fail(ErrorCode::out_of_memory, "too large for this device's memory; use fewer images here");
    }
    const auto size = static_cast<std::size_t>(total);
    file.bytes = take_bytes(size, size / file.size[0], items);
    return file;
  }

  [[noreturn]] void fail(ErrorCode error, const std::string& what) const {
    throw DataError(error, name_ + ": " + what);
  }

 private:
  void check_magic(std::size_t dimensions) {
    if (rest_.empty()) {
      fail(ErrorCode::bad_format, "the file is empty; fetch it again");
    }
    if (!is_idx({rest_.data(), rest_.size()})) {
      fail(ErrorCode::bad_format,
           "this is not an IDX file (its first bytes are others); name the pair of images and "
           "labels");
    }
    const auto type = static_cast<std::uint8_t>(rest_[2]);
    const auto found = static_cast<std::uint8_t>(rest_[3]);
    if (type != kUnsignedByte) {
      fail(ErrorCode::bad_format,
           "its numbers are not unsigned bytes, the only kind that can be read; convert it");
    }
    if (found != dimensions) {
      const bool swapped = found == (dimensions == 1 ? 3 : 1);
      fail(ErrorCode::bad_format,
           std::string("has ") + std::to_string(found) + " dimension(s), " +
               (dimensions == 1 ? "labels have 1" : "images have 3") +
               (swapped ? "; are the two files exchanged?" : "; name the other file"));
    }
    rest_ = rest_.subspan(kMagicSize);
  }

  std::uint32_t big_endian() {
    std::uint32_t out = 0;
    for (int i = 0; i < 4; ++i) {
      if (rest_.empty()) {
        fail(ErrorCode::data_damaged, "ends within its header; fetch the file again");
      }
      out = (out << 8U) | static_cast<std::uint8_t>(rest_.front());
      rest_ = rest_.subspan(1);
    }
    return out;
  }

  std::vector<std::uint8_t> take_bytes(std::size_t total, std::size_t item, RowChoice items) {
    Growing<std::uint8_t> out;
    std::size_t came = 0;
    bool kept = false;
    if (rest_.empty()) rest_ = source_->next();
    for (; !rest_.empty(); rest_ = source_->next()) {
      if (rest_.size() > total - came) {
        fail(ErrorCode::data_damaged,
             "holds more bytes than its header says; fetch the file again");
      }
      while (!rest_.empty()) {
        if (came % item == 0) kept = items.takes_next();
        const auto part = rest_.first(std::min(rest_.size(), item - came % item));
        if (kept) out.append({bytes(part), part.size()});
        came += part.size();
        rest_ = rest_.subspan(part.size());
      }
    }
    if (came < total) {
      fail(ErrorCode::data_damaged, "ends after " + std::to_string(came) + " of the " +
                                        std::to_string(total) +
                                        " bytes its header speaks of; fetch the file again");
    }
    return out.take();
  }

  static const std::uint8_t* bytes(std::span<const char> text) {
    return static_cast<const std::uint8_t*>(static_cast<const void*>(text.data()));
  }

  std::string name_;
  std::unique_ptr<ByteSource> source_;
  std::span<const char> rest_;
};

}  // namespace

bool is_idx(std::string_view head) {
  return head.size() >= kMagicSize && head[0] == 0 && head[1] == 0 && head[2] != 0 && head[3] != 0;
}

Dataset read_idx(const std::filesystem::path& images, const std::filesystem::path& labels,
                 RowChoice rows) {
  // Labels first: where the two do not fit, the large file need not be read to find out.
  const auto label_file = IdxReader(labels).read(1, rows.is_outline() ? RowChoice() : rows);
  auto image_file = IdxReader(images).read(3, rows);
  if (image_file.size[0] != label_file.size[0]) {
    throw DataError(ErrorCode::bad_format, images.string() + " holds " +
                                               std::to_string(image_file.size[0]) +
                                               " images, but " + labels.string() + " " +
                                               std::to_string(label_file.size[0]) +
                                               " labels; they belong to other sets: name a pair");
  }
  const std::size_t height = image_file.size[1];
  const std::size_t features = height * image_file.size[2];
  std::vector<float> label(label_file.bytes.begin(), label_file.bytes.end());
  auto data = rows.is_outline()
                  ? Dataset::outline(std::move(label), features, false)
                  : Dataset::images(std::move(image_file.bytes), std::move(label), features);
  data.set_origin({.format = DataFormat::idx, .image_height = height});
  return data;
}

}  // namespace annulet::model
