/// The errors that a user can meet. Each has a number for life: AN301 in what the program prints, a
/// paragraph in docs/errors.md. This is the only list of them, and the one header of devices/ that
/// model/ may include.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace annulet::devices {

enum class ErrorCode : std::uint16_t {
  // Network and ring.
  network = 100,  // of another kind
  cannot_reach = 101,
  device_silent = 104,
  no_annulet = 107,
  cannot_listen = 108,
  too_few_devices = 109,
  device_not_ready = 110,
  connection_lost = 111,
  device_left = 112,
  device_failed = 113,
  average_stalled = 114,
  starter_gone = 115,
  interrupted = 116,
  damaged_message = 117,
  stood_still = 118,
  congestion_refused = 119,
  // Who may take part.
  refused = 200,  // for another reason
  other_version = 203,
  wrong_token = 204,
  ring_complete = 205,
  run_has_begun = 206,
  starter_contradicts = 207,
  // Run file, command line, what a device can hold.
  run_file = 300,  // wrong in another way
  unknown_key = 301,
  width_mismatch = 302,
  out_of_memory = 303,
  run_file_unreadable = 304,
  run_file_syntax = 305,
  bad_value = 306,
  missing_key = 307,
  key_of_other_kind = 308,
  keys_contradict = 309,
  usage = 310,
  bad_option = 311,
  folder_taken = 312,
  model_too_large = 313,
  // Data and training.
  data = 400,  // that cannot be used for another reason
  not_finite = 401,
  data_unreadable = 403,
  data_damaged = 404,
  bad_row = 405,
  bad_format = 406,
  labels_do_not_fit = 407,
  no_data = 408,
  shared_data_differ = 409,
  too_few_rows = 410,
  test_data_do_not_fit = 411,
  demo_data_missing = 412,
  bad_label_column = 413,
  no_optimum = 414,
  // Files and checkpoints.
  file = 500,  // that cannot be used for another reason
  cannot_write = 501,
  cannot_use_folder = 502,
  no_run_folder = 503,
  output_closed = 504,
  cannot_start = 505,
  bad_model_file = 506,
  bad_checkpoint = 507,
  no_checkpoint = 508,
  checkpoint_does_not_fit = 509,
  model_does_not_fit = 510,
  folder_in_use = 511,
  // The box.
  box_not_ready = 601,
  // Not the user's.
  internal = 900,
};

/// What there is to know of a code besides its paragraph.
struct ErrorEntry {
  ErrorCode code;
  int exit_code;           // of the program: docs/exit-codes.md
  std::string_view title;  // the heading of its paragraph
};

/// All of them, in the order of their numbers.
[[nodiscard]] std::span<const ErrorEntry> error_table() noexcept;
[[nodiscard]] int exit_code(ErrorCode code) noexcept;
/// "AN301".
[[nodiscard]] std::string text(ErrorCode code);
/// The code of that number, which may come from another device; nullopt when there is none.
[[nodiscard]] std::optional<ErrorCode> find_error(std::uint32_t number) noexcept;

/// What ends the program with a code and one line. what() says what happened, what it means for the
/// run, and what to type, without the code.
class UserError : public std::runtime_error {
 public:
  UserError(ErrorCode error, const std::string& sentence)
      : std::runtime_error(sentence), error_(error) {}
  [[nodiscard]] ErrorCode error() const noexcept { return error_; }

 private:
  ErrorCode error_;
};

}  // namespace annulet::devices

namespace annulet {

using devices::ErrorCode;  // short at the many places that throw

}  // namespace annulet
