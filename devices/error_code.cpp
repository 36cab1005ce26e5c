/// The table of error codes.
#include "devices/error_code.hpp"

#include <algorithm>
#include <array>

namespace annulet::devices {
namespace {

using enum ErrorCode;

constexpr int kInternal = 1, kUsage = 2, kRunFile = 3, kData = 4, kNetwork = 5, kTooFew = 6,
              kBox = 7, kDiverged = 9, kInterrupted = 130;

constexpr auto kTable = std::to_array<ErrorEntry>({
    {network, kNetwork, "The network failed"},
    {cannot_reach, kNetwork, "The starter cannot be reached"},
    {device_silent, kNetwork, "A device fell silent"},
    {no_annulet, kNetwork, "What answers is no annulet"},
    {cannot_listen, kNetwork, "The starter cannot listen at its address"},
    {too_few_devices, kTooFew, "Not all devices came"},
    {device_not_ready, kTooFew, "A device was not ready in time"},
    {connection_lost, kNetwork, "The connection to a device broke"},
    {device_left, kNetwork, "A device was stopped by its user"},
    {device_failed, kNetwork, "A device ended with an error of its own"},
    {average_stalled, kNetwork, "An average stands still"},
    {starter_gone, kNetwork, "The starter went before the first step"},
    {interrupted, kInterrupted, "The starter was interrupted before the first step"},
    {damaged_message, kNetwork, "A device sent what cannot be used"},
    {stood_still, kNetwork, "A device stood still and came back too late"},
    {congestion_refused, kNetwork, "The kernel refuses the congestion control"},
    {refused, kNetwork, "The starter refused this device"},
    {other_version, kNetwork, "The starter is another version"},
    {wrong_token, kNetwork, "The token is missing or wrong"},
    {ring_complete, kNetwork, "The ring is complete"},
    {run_has_begun, kNetwork, "The run has begun"},
    {starter_contradicts, kNetwork, "The starter's words do not fit this device's data"},
    {run_file, kRunFile, "The run file is wrong"},
    {unknown_key, kRunFile, "A key is not known"},
    {width_mismatch, kData, "The features do not fit"},
    {out_of_memory, kData, "The memory is too small"},
    {run_file_unreadable, kRunFile, "The run file cannot be read"},
    {run_file_syntax, kRunFile, "The run file is not TOML"},
    {bad_value, kRunFile, "A key's value is not allowed"},
    {missing_key, kRunFile, "A key is missing"},
    {key_of_other_kind, kRunFile, "A key belongs to another kind"},
    {keys_contradict, kRunFile, "Two keys do not go together"},
    {usage, kUsage, "The command line cannot be understood"},
    {bad_option, kUsage, "An option's value is not allowed"},
    {folder_taken, kUsage, "The folder holds another run"},
    {model_too_large, kData, "The model would be too large"},
    {data, kData, "The data cannot be used"},
    {not_finite, kDiverged, "The model is not finite"},
    {data_unreadable, kData, "A data file cannot be read"},
    {data_damaged, kData, "A data file is damaged"},
    {bad_row, kData, "A row of data cannot be read"},
    {bad_format, kData, "A data file has another format"},
    {labels_do_not_fit, kData, "The labels do not fit"},
    {no_data, kData, "There are no data to train on"},
    {shared_data_differ, kData, "The devices' copies of the data differ"},
    {too_few_rows, kData, "A device is left without rows"},
    {test_data_do_not_fit, kData, "The test data do not fit the training data"},
    {demo_data_missing, kData, "The demo's data are not installed"},
    {bad_label_column, kData, "The label column is not found"},
    {no_optimum, kData, "The optimum cannot be found"},
    {file, kData, "A file cannot be used"},
    {cannot_write, kData, "A file cannot be written"},
    {cannot_use_folder, kData, "A folder cannot be used"},
    {no_run_folder, kData, "The folder is not a run's"},
    {output_closed, kData, "Standard output cannot be written"},
    {cannot_start, kData, "A process cannot be started"},
    {bad_model_file, kData, "A model file cannot be used"},
    {bad_checkpoint, kData, "A checkpoint is damaged"},
    {no_checkpoint, kData, "There is no checkpoint to go on from"},
    {checkpoint_does_not_fit, kData, "A checkpoint or a log does not fit the run"},
    {model_does_not_fit, kData, "A model does not fit what it is used for"},
    {folder_in_use, kData, "Another annulet writes into the folder"},
    {box_not_ready, kBox, "This box is not ready for a run"},
    {internal, kInternal, "An error of annulet itself"},
});

static_assert(std::ranges::is_sorted(kTable, std::ranges::less(), &ErrorEntry::code));

}  // namespace

std::span<const ErrorEntry> error_table() noexcept { return kTable; }

int exit_code(ErrorCode code) noexcept {
  const auto* entry = std::ranges::find(kTable, code, &ErrorEntry::code);
  return entry == kTable.end() ? kInternal : entry->exit_code;
}

std::string text(ErrorCode code) { return "AN" + std::to_string(static_cast<int>(code)); }

std::optional<ErrorCode> find_error(std::uint32_t number) noexcept {
  const auto has_number = [number](const ErrorEntry& entry) {
    return static_cast<std::uint32_t>(entry.code) == number;
  };
  const auto* entry = std::ranges::find_if(kTable, has_number);
  return entry == kTable.end() ? std::nullopt : std::optional(entry->code);
}

}  // namespace annulet::devices
