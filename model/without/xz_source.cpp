/// In a build without liblzma.
#include "model/raw_file.hpp"

namespace annulet::model {

std::unique_ptr<ByteSource> xz_source(RawFile file) {
  refuse_file(file.path(), ErrorCode::bad_format,
              "it is xz, and this annulet was built without liblzma: unpack it with unxz first");
}

}  // namespace annulet::model
