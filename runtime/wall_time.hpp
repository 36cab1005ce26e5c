/// The time of day and chance: only for names of folders and runs, never for results.
#pragma once

#include <cstdint>
#include <string>

namespace annulet::runtime {

/// "2026-11-22T14:21:58.412Z"
[[nodiscard]] std::string utc_now();
/// "20261122-142158", for names of folders.
[[nodiscard]] std::string utc_stamp();
/// Seconds since 1970.
[[nodiscard]] std::int64_t unix_seconds();
/// "2026-11-22 14:21 UTC" of such seconds.
[[nodiscard]] std::string utc_text(std::int64_t seconds);
/// A number that no other run has, so that stray connections of an old run are told apart.
[[nodiscard]] std::uint64_t random_run_id();

}  // namespace annulet::runtime
