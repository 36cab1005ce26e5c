"""Where an error is thrown, its code is named; and where a code is listed, it is thrown.

    python3 tests/error_codes_test.py ROOT         checks the files of the repository at ROOT
    python3 tests/error_codes_test.py --self-test  checks that the check catches what it should

Prints file:line: what is wrong; exits 1 when there is something to print.
"""
import re
import sys
from pathlib import Path

FOLDERS = ("model", "transport", "runtime")
LIST = "devices/error_code.hpp"
# Their constructors take the code of their group where none is given, for those who use annulet as
# a library and bring errors that we do not know.
CODED = "DataError|ConfigError|UsageError|FileError|RendezvousError"
THROW = re.compile(r"throw\s+(?:\w+::)*(?:" + CODED + r")\s*[({]\s*([^\s,)}]*)")
# A code by its name, or a parameter that carries one.
IS_CODE = re.compile(r"(?:\w+::)*ErrorCode::\w+|(?:\w+(?:\.|->))*error|told\(.*")
# The codes of a group, for what has none of its own; thrown by nobody here, or by a constructor.
GENERIC = {"network", "refused", "run_file", "data", "file", "internal"}


def without_comments(text):
    return re.sub(r"//[^\n]*", lambda match: " " * len(match.group()), text)


def check_throws(path, text):
    code = without_comments(text)
    for match in re.finditer(THROW, code):
        if not IS_CODE.fullmatch(match.group(1)):
            line = code.count("\n", 0, match.start()) + 1
            yield (f"{path}:{line}: an error without a code: name one of {LIST}, such as "
                   "ErrorCode::bad_row (CONTRIBUTING.md, Errors)")


def listed_codes(text):
    return re.findall(r"(?m)^  (\w+) = \d+,", text)


def check_use(listed, texts):
    """A code that nothing in the program mentions cannot be met."""
    used = set()
    for text in texts:
        used.update(re.findall(r"ErrorCode::(\w+)", without_comments(text)))
    for code in listed:
        if code not in used | GENERIC:
            yield f"{LIST}:1: no error has the code {code}: remove it"


def check(root):
    findings, texts = [], []
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.[ch]pp")):
            text = path.read_text(encoding="utf-8")
            texts.append(text)
            findings += check_throws(str(path.relative_to(root)), text)
    return findings + list(check_use(listed_codes((root / LIST).read_text()), texts))


def self_test():
    caught = ['throw DataError("no code");', "throw model::DataError(name + text);",
              'throw ConfigError(\n    where + "x");', "throw FileError(reason, what);",
              "throw FileError(error.code(), what);"]
    passed = ['throw DataError(ErrorCode::bad_row, "x");', "throw ConfigError(error, text);",
              "throw model::DataError(\n      ErrorCode::no_data, text);", '// throw DataError("x");',
              "throw RendezvousError(told(x, ErrorCode::refused), y);",
              "throw transport::RendezvousError(cause->error, cause->text);"]
    failures = [f"not caught: {text}" for text in caught if not list(check_throws("a.cpp", text))]
    failures += [f"wrongly caught: {text}" for text in passed if list(check_throws("a.cpp", text))]
    if not list(check_use(["lost"], ["ErrorCode::found"])):
        failures.append("not caught: a code that nobody throws")
    for failure in failures:
        print(failure)
    return 1 if failures else 0


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    if len(arguments) != 1:
        print(__doc__)
        return 2
    findings = check(Path(arguments[0]).resolve())
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
