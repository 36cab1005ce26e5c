/// Which source a file's first bytes ask for.
#include "model/byte_source.hpp"

#include <string_view>
#include <utility>

#include "model/raw_file.hpp"

namespace annulet::model {
namespace {

class PlainSource final : public ByteSource {
 public:
  explicit PlainSource(RawFile file) : file_(std::move(file)) {}

  std::span<const char> next() override {
    if (!first_) {
      file_.refill();
    }
    first_ = false;
    return file_.chunk();
  }

 private:
  RawFile file_;
  bool first_ = true;
};

}  // namespace

std::unique_ptr<ByteSource> open_bytes(const std::filesystem::path& path) {
  using std::string_view_literals::operator""sv;
  RawFile file(path);
  const std::string_view head(file.chunk().data(), file.chunk().size());
  if (head.starts_with("\x1f\x8b"sv)) {
    return gzip_source(std::move(file));
  }
  if (head.starts_with("\xfd\x37\x7a\x58\x5a\x00"sv)) {
    return xz_source(std::move(file));
  }
  return std::make_unique<PlainSource>(std::move(file));
}

}  // namespace annulet::model
