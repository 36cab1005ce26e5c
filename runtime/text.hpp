/// Numbers and foreign text as people read them: "57.8 MB", "4,000", "47.9 s", names without
/// tricks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace annulet::runtime {

/// Text from the network as it may be shown: control characters, invisible direction marks and
/// invalid UTF-8 become \xNN or \u{NNNN}, and what is longer than `longest` code points is cut and
/// ends in "...". An escape counts as one.
[[nodiscard]] std::string printable(std::string_view text, std::size_t longest = 64);

/// Text of one line, such as a path, as a shell takes it for one word; printable.
[[nodiscard]] std::string shell_word(std::string_view text);

/// "512 B", "57.8 MB", "163 MB": powers of 1000.
[[nodiscard]] std::string bytes_text(double bytes);
/// "4,000"
[[nodiscard]] std::string count_text(std::int64_t count);
/// The same of what is never negative.
[[nodiscard]] std::string size_text(std::uint64_t size);
/// "1 feature", "4,000 features"; many: where it is not one + "s".
[[nodiscard]] std::string counted_text(std::uint64_t count, const std::string& one,
                                       const std::string& many = {});
/// "0.4 ms", "412 ms", "47.9 s", "6 min 40 s", "1 h 39 min", "2 d 3 h". seconds: >= 0.
[[nodiscard]] std::string seconds_text(double seconds);
/// "90.1 %" of 0.901.
[[nodiscard]] std::string percent_text(double ratio);
/// From one ratio to another: "-0.25 points", "+1.00 point", "same".
[[nodiscard]] std::string points_text(double from, double to);
/// Four digits after the point, as losses are read, so that they stand in columns: "0.4019",
/// "2.3026"; four significant ones where that would hide them: "1.2e-05", "1.235e+06".
[[nodiscard]] std::string value_text(double value);
/// A factor: "9.7x", "18x" from ten on, "1.0x".
[[nodiscard]] std::string factor_text(double factor);
/// Exactly `decimals` digits after the point, whatever the locale.
[[nodiscard]] std::string fixed_text(double value, int decimals);
/// That many significant digits at most: "0.126180686511", "32895.008", "2.01e-05".
[[nodiscard]] std::string digits_text(double value, int digits);
/// The shortest text that reads back as the same bits; "nan", "inf", "-inf".
[[nodiscard]] std::string shortest_text(double value);
/// 16 hexadecimal digits: a hash.
[[nodiscard]] std::string hash_text(std::uint64_t hash);

}  // namespace annulet::runtime
