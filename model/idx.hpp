/// IDX: the format of MNIST and Fashion-MNIST, one file of images and one of labels.
#pragma once

#include <filesystem>
#include <string_view>

#include "model/dataset.hpp"
#include "model/row_choice.hpp"

namespace annulet::model {

/// Whether a file that starts with these bytes is IDX of any kind.
[[nodiscard]] bool is_idx(std::string_view head);

/// images: (n, rows, columns) bytes; labels: (n) bytes. Throws DataError when a file is not that,
/// the counts differ, or there are more or fewer bytes than the header says. The header's sizes
/// are only believed as far as bytes arrive.
[[nodiscard]] Dataset read_idx(const std::filesystem::path& images,
                               const std::filesystem::path& labels, RowChoice rows = {});

}  // namespace annulet::model
