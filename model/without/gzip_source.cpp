/// In a build without zlib.
#include "model/raw_file.hpp"

namespace annulet::model {

std::unique_ptr<ByteSource> gzip_source(RawFile file) {
  refuse_file(file.path(), ErrorCode::bad_format,
              "it is gzip, and this annulet was built without zlib: unpack it with gunzip first");
}

}  // namespace annulet::model
