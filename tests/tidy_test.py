"""Style that a machine can check: sizes, include directions, words with one home.

    python3 tests/tidy_test.py ROOT         checks the files of the repository at ROOT
    python3 tests/tidy_test.py --self-test  checks that every check catches what it should

Prints file:line: what is wrong, and why it matters; exits 1 when there is something to print.
"""
import fnmatch
import re
import subprocess
import sys
from pathlib import Path

MOST_LINES = 300
MOST_FUNCTION_LINES = 60
CODE = (".cpp", ".hpp")
SIZED = CODE + (".py", ".js", ".css")

TOP_LEVEL = set("""CMakeLists.txt CMakePresets.json README.md CHANGELOG.md CONTRIBUTING.md LICENSE
    .clang-format .clang-tidy .gitignore .ci runtime transport model devices tests cmake toolchains
    docs benchmarks examples packaging script""".split())

# Which of our folders a folder may include. Tests may include all.
FOLDERS = {
    "devices": {"devices"},
    "model": {"model"},
    "transport": {"transport", "devices"},
    "runtime": {"runtime", "transport", "model", "devices"},
    "benchmarks": {"benchmarks", "runtime", "transport", "model", "devices"},
    "tests": {"tests", "runtime", "transport", "model", "devices"},
    "examples": set(),  # programs of others: they see what is installed, as <annulet/...>
}

# The list of error codes is a leaf that all may include.
FOR_ALL = "devices/error_code.hpp"

# Third-party headers, and the files that may include them.
LIBRARIES = [
    ("Asio", r"asio/.*", ["devices/*", "transport/*", "runtime/*", "tests/*", "benchmarks/*"]),
    ("Eigen", r"Eigen/.*", ["model/*.cpp", "runtime/*.cpp", "tests/*.cpp", "benchmarks/gemm_peak/*"]),
    ("zlib", r"zlib\.h", ["model/*.cpp", "runtime/commands/faster_program.cpp", "tests/*"]),
    ("liblzma", r"lzma\.h", ["model/*.cpp", "tests/*"]),
    ("cereal", r"cereal/(?!external/base64).*", ["transport/bounded_archive.hpp", "tests/*"]),
    ("cereal's base64", r"cereal/external/base64\.hpp", ["runtime/page.cpp", "tests/*"]),
    ("xxHash", r"xxhash\.h", ["transport/checksum.*", "tests/*", "benchmarks/*"]),
    ("CLI11", r"CLI/.*", ["runtime/main.cpp", "runtime/commands/*", "tests/*"]),
    ("toml++", r"toml\+\+/.*", ["runtime/run_file*.cpp", "tests/*"]),
    ("nlohmann-json", r"nlohmann/.*", ["runtime/safetensors_header.cpp", "runtime/json_words.cpp",
                                    "runtime/replay_log.cpp"]),
    ("Boost", r"boost/.*", ["tests/*"]),
    ("Gloo or MPI", r"gloo/.*|mpi\.h", ["benchmarks/peers/*"]),
]

# They are operator new and delete, and count.
OWN_NEW = ["tests/support/counted_allocations.cpp", "tests/support/held_memory.cpp"]

# Words with one home: pattern, homes, what to do instead.
BANNED = [
    (r"steady_clock\s*::\s*now", ["devices/steady_clock.cpp", "benchmarks/monotonic.hpp"], "ask the Clock you were given"),
    (r"\bsystem_clock\b", ["runtime/wall_time.cpp"], "ask runtime/wall_time"),
    (r"\bsleep_for\b|this_thread\s*::\s*sleep|\bu?sleep\s*\(|\bnanosleep\b", [],
     "co_await the Clock's sleep_until"),
    (r"\brandom_device\b", ["runtime/wall_time.cpp"], "seeds come from the run's seed"),
    (r"\bs?rand\s*\(", [], "use model::Random"),
    (r"\bstd\s*::\s*\w+_distribution\b", [], "each library draws other numbers: model::Random"),
    (r"\bstd\s*::\s*(cout|printf|puts)\b",
     ["runtime/main.cpp", "runtime/commands/*", "benchmarks/*/main.cpp",
      "benchmarks/harness/harness.cpp", "examples/*"], "only commands print"),
    (r"\breinterpret_cast\b", ["transport/bytes.hpp"], "use transport/bytes"),
    (r"\bnew\b", OWN_NEW, "use std::make_unique"),
    (r"(?<!=)(?<!= )\bdelete\b", OWN_NEW,
     "let an owner delete"),
    (r"#\s*include\s*<asio\.hpp>", [], "include the narrow header: it compiles in half the time"),
    (r"\bcatch\s*\(\s*\.\.\.\s*\)", ["runtime/main.cpp", "devices/processor.cpp", "model/team.cpp",
                                 "runtime/in_parallel.cpp"], "catch what you can handle"),
]

# Who may catch, and why. Errors of a run become its end in runtime/session_end.cpp only; all others
# say more about an error and throw on, or meet one that is no error of the run.
CATCHES = {
    **dict.fromkeys(["benchmarks/acceptance/main.cpp", "benchmarks/harness/harness.cpp"], "programs' end"),
    "devices/processor.cpp": "carries what the compute thread throws to who waits for it",
    "model/read_dataset.cpp": "lack of memory: says whose data do not fit",
    "transport/joiner.cpp": "asks what an error is, to tell another version from no answer",
    "transport/ring_links.cpp": "asks what an error is, to put it into words",
    "transport/shaped_network.cpp": "carries an error of the real link to the next sender",
    "transport/tcp_network.cpp": "says where it cannot listen",
    **dict.fromkeys(["runtime/artefacts.cpp", "runtime/buffered_file.cpp"],
                    "results that cannot be written do not end a run"),
    "runtime/checkpoint.cpp": "a length that cannot be: says that the file is damaged",
    "runtime/checkpoint_folder.cpp": "takes the older one where a checkpoint cannot be read",
    "runtime/checkpoint_writer.cpp": "checkpoints that cannot be written do not end a run",
    "runtime/commands/ending.cpp": "a command's end: its exit code and its sentence",
    "runtime/commands/data.cpp": "Ctrl-C while parts are written, which is no error",
    "runtime/doctor.cpp": "what a run would end with is what it looks for, and says",
    "runtime/durable_file.cpp": "takes away half a file, and says which one",
    "model/team.cpp": "carries what a thread throws to who waits for it; says who asks for too many",
    "runtime/in_parallel.cpp": "carries what a thread throws to who waits for it",
    "runtime/main.cpp": "the program's end: usage, and what no command has caught",
    "runtime/results_folder.cpp": "names the folder that cannot be opened",
    "runtime/run_file_settings.cpp": "text that is no TOML: says where",
    "runtime/safetensors.cpp": "says which file the header is of",
    "runtime/session_end.cpp": "a run's end: its exit code and its sentence",
    "runtime/session_optimum.cpp": "a gap that cannot be found does not end a run: says why",
    "runtime/training_checkpoints.cpp": "a state that cannot be copied does not end a run",
    "runtime/whole_file.cpp": "says which file it is",
    "runtime/wiring.cpp": "says why it cannot listen, and what to type",
}
CATCH = r"\bcatch\s*\("

TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|R"([^\s()\\]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
                   r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'", re.S)
SCOPE = re.compile(r"\s*(?:template\s*<.*>\s*)?(?:inline\s+)?"
                   r"(?:namespace|class|struct|enum|union|extern|concept)\b", re.S)


def blanked(text, comments=True, strings=True):
    """The text with comments and strings as blanks, so that lines and columns stay."""
    def blank(match):
        token = match.group(0)
        if token.startswith("/"):
            return re.sub(r"[^\n]", " ", token) if comments else token
        return token[0] + re.sub(r"[^\n]", " ", token[1:-1]) + token[-1] if strings else token
    # The path of an #include is no string.
    text = re.sub(r'(?m)^(\s*#\s*include\s*)"([^"\n]*)"', r"\1<\2>", text) if strings else text
    return TOKEN.sub(blank, text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def is_home(path, homes):
    return any(fnmatch.fnmatchcase(path, home) for home in homes)


def check_size(path, text):
    lines = text.count("\n") + (not text.endswith("\n"))
    if lines > MOST_LINES:
        yield lines, f"the file has {lines} lines, more than {MOST_LINES}: split it"


def functions(code):
    """Yields (first line, last line) of every function body at namespace or class scope."""
    stack, inside, begin = [], 0, 0  # inside: how many open braces belong to a function
    for match in re.finditer(r"[;{}]", code):
        position, header = match.start(), code[begin:match.start()]
        begin = match.end()
        if match.group() == "{":
            # Everything within a function is a part of it, lambdas and local classes too.
            header = re.sub(r"^\s*BOOST_AUTO_TEST_SUITE\(\w+\)", "", header)
            value = header.rstrip().endswith(("=", "(", ",", "return"))
            is_function = inside > 0 or (not SCOPE.match(header) and not value)
            start = begin - 1 - len(header.lstrip()) if header.strip() else position
            stack.append((is_function, start))
            inside += is_function
        elif match.group() == "}" and stack:
            is_function, start = stack.pop()
            inside -= is_function
            if is_function and inside == 0:
                yield line_of(code, start), line_of(code, position)


def check_functions(path, text):
    code = re.sub(r"(?m)^[ \t]*#.*$", lambda match: " " * len(match.group()), blanked(text))
    for first, last in functions(code):
        if last - first + 1 > MOST_FUNCTION_LINES:
            yield first, (f"the function has {last - first + 1} lines, "
                          f"more than {MOST_FUNCTION_LINES}: split it")


def check_head(path, text):
    if not text.startswith("/// "):
        yield 1, "the first line must be a /// sentence on what the file is"
    if path.endswith(".hpp") and not re.search(r"(?m)^#pragma once$", text):
        yield 1, "a header must say #pragma once"


def check_includes(path, text):
    folder = path.split("/")[0]
    source = blanked(text, strings=False)
    for match in re.finditer(r'(?m)^\s*#\s*include\s*([<"])([^>"\n]+)[>"]', source):
        line, header = line_of(source, match.start(1)), match.group(2)
        if folder == "examples" and "/" not in header:
            continue
        if match.group(1) == '"':
            owner = header.split("/")[0]
            if owner not in FOLDERS or header.startswith("tests/") and folder != "tests":
                yield line, f'"{header}" is not written from the root of the repository'
            elif header != FOR_ALL and owner not in FOLDERS.get(folder, set()):
                yield line, f"{folder}/ may not include {owner}/"
            continue
        for name, pattern, homes in LIBRARIES:
            if re.fullmatch(pattern, header) and not is_home(path, homes):
                yield line, f"{name} may only be included by {', '.join(homes)}"


def check_banned(path, text):
    code = blanked(text)
    for pattern, homes, advice in BANNED:
        if is_home(path, homes):
            continue
        for match in re.finditer(pattern, code):
            # `#include <new>` and the like are no use of the word.
            begin = code.rfind("\n", 0, match.start()) + 1
            if re.match(r"\s*#\s*include\s*<\w+>", code[begin:code.find("\n", begin)]):
                continue
            yield line_of(code, match.start()), f"{match.group().strip()} is banned here: {advice}"


def check_catches(path, text):
    if path in CATCHES or path.startswith("tests/"):
        return
    code = blanked(text)
    for match in re.finditer(CATCH, code):
        yield line_of(code, match.start()), (
            "a catch: let it be thrown, errors of a run become its end in runtime/session_end.cpp; "
            "who may catch, and why, is listed in tests/tidy_test.py")


def check_todo(path, text):
    for match in re.finditer(r"\b(TODO|FIXME|XXX)\b(?!\s*\(#\d+\))", text):
        yield line_of(text, match.start()), f"{match.group(1)} without an issue: write TODO(#7)"


def check_ports(path, text):
    if not path.startswith("tests/tcp/"):
        return
    source = blanked(text, strings=False)
    for match in re.finditer(r'"[^"\n]*:\d{4,5}[^"\n]*"', source):
        yield line_of(source, match.start()), "a fixed port: another program may have it, use 0"


def check_layout(names):
    for name in sorted(set(names) - TOP_LEVEL):
        yield f"{name}:1: the top level is fixed; this name has no place there"


def check_listed_catches(read):
    """read: the text of a file of the repository, by its path; None when there is no such file."""
    for path in CATCHES:
        text = read(path)
        if text is None or not re.search(CATCH, blanked(text)):
            yield f"{path}:1: catches nothing any more: take it off the list in tests/tidy_test.py"


def check_file(path, text):
    """All findings of one file, as file:line: message."""
    checks = [check_size] if path.endswith(SIZED) else []
    if path.endswith(CODE):
        checks += [check_head, check_functions, check_includes, check_banned, check_catches,
                   check_ports]
    if path.endswith(CODE + (".js", ".css", ".cmake", "CMakeLists.txt")) or "script/" in path:
        checks.append(check_todo)
    return [f"{path}:{line}: {message}" for check in checks for line, message in check(path, text)]


def repository_files(root):
    """Files under version control or about to be; in an unpacked archive, all but the builds."""
    git = ["git", "-c", "safe.directory=*", "-C", str(root)]
    inside = subprocess.run(git + ["rev-parse", "--show-prefix"], capture_output=True, text=True)
    if inside.returncode == 0 and not inside.stdout.strip():
        listed = subprocess.run(git + ["ls-files", "-coz", "--exclude-standard"],
                                capture_output=True, text=True, check=True).stdout
        return sorted(name for name in listed.split("\0") if name and (root / name).is_file())
    files = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return sorted(str(path) for path in files if path.parts[0] not in ("build", "runs", ".git"))


def check_repository(root):
    files = repository_files(root)
    findings = list(check_layout(name.split("/")[0] for name in files))
    findings += check_listed_catches(
        lambda path: (root / path).read_text(encoding="utf-8") if path in files else None)
    for path in files:
        if path.endswith(SIZED + (".cmake", "CMakeLists.txt")) or path.startswith("script/"):
            findings += check_file(path, (root / path).read_text(encoding="utf-8"))
    return findings, len(files)


def self_test():
    from tidy_self_test import run
    return run(check_file, check_layout, check_listed_catches, MOST_LINES, MOST_FUNCTION_LINES)


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    if len(arguments) != 1:
        print(__doc__)
        return 2
    findings, files = check_repository(Path(arguments[0]).resolve())
    for finding in findings:
        print(finding)
    print(f"{files} files, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
