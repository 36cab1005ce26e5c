/// Numbers as decimal text, whatever the locale. Not std::to_chars: for floating point it brings
/// 140 kB of tables into a static program (docs/decisions/0034). "nan", "inf" and "-inf" are what
/// all of these write for what is no finite number.
#pragma once

#include <string>

namespace annulet::model {

/// The shortest text that reads back as the same bits, with an exponent where that is shorter:
/// "0.1", "1e-05". For one power of two in ten it has a digit more than the shortest.
[[nodiscard]] std::string shortest_decimal(double value);
[[nodiscard]] std::string shortest_decimal(float value);
/// The same without an exponent.
[[nodiscard]] std::string shortest_fixed_decimal(double value);
/// Exactly `decimals` digits after the point.
[[nodiscard]] std::string fixed_decimal(double value, int decimals);
/// `digits` significant digits at most, without zeros at their end: "0.126180686511", "2.01e-05".
[[nodiscard]] std::string general_decimal(double value, int digits);

}  // namespace annulet::model
