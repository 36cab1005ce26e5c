"""Feeds tidy_test.py small wrong files, one for each check, and right ones that look wrong."""

HEAD = "/// A file.\n"
HPP = HEAD + "#pragma once\n"

# (path, text, what the one finding must contain)
CAUGHT = [
    ("model/a.cpp", "int a;\n", "model/a.cpp:1: the first line"),
    ("model/a.cpp", "// One slash too few.\n", "the first line"),
    ("model/a.hpp", HEAD, "#pragma once"),
    ("model/a.cpp", HEAD + '#include "runtime/b.hpp"\n', "a.cpp:2: model/ may not include runtime/"),
    ("model/a.cpp", HEAD + '#include "transport/b.hpp"\n', "model/ may not include transport/"),
    ("devices/a.cpp", HEAD + '#include "model/b.hpp"\n', "devices/ may not include model/"),
    ("transport/a.cpp", HEAD + '#include "model/b.hpp"\n', "transport/ may not include model/"),
    ("runtime/a.cpp", HEAD + '#include "tests/b.hpp"\n', "not written from the root"),
    ("model/a.cpp", HEAD + '#include "b.hpp"\n', "not written from the root"),
    ("examples/a/b.cpp", HEAD + '#include "model/b.hpp"\n', "examples/ may not include model/"),
    ("model/a.cpp", HEAD + "#include <asio/error.hpp>\n", "Asio may only"),
    ("devices/a.cpp", HEAD + "#include <Eigen/Core>\n", "Eigen may only"),
    ("model/a.hpp", HPP + "#include <Eigen/Core>\n", "Eigen may only"),
    ("runtime/a.cpp", HEAD + "#include <zlib.h>\n", "zlib may only"),
    ("runtime/a.cpp", HEAD + "#include <lzma.h>\n", "liblzma may only"),
    ("transport/ring.cpp", HEAD + "#include <cereal/cereal.hpp>\n", "cereal may only"),
    ("transport/ring.cpp", HEAD + "#include <xxhash.h>\n", "xxHash may only"),
    ("runtime/session.cpp", HEAD + "#include <CLI/CLI.hpp>\n", "CLI11 may only"),
    ("runtime/run_file.hpp", HPP + "#include <toml++/toml.h>\n", "toml++ may only"),
    ("runtime/a.cpp", HEAD + "#include <boost/test/unit_test.hpp>\n", "Boost may only"),
    ("runtime/a.cpp", HEAD + "auto t = std::chrono::steady_clock::now();\n", "a.cpp:2: steady"),
    ("devices/a.cpp", HEAD + "using C = std::chrono::system_clock;\n", "system_clock is banned"),
    ("tests/a.cpp", HEAD + "void f() { std::this_thread::sleep_for(s); }\n", "is banned here"),
    ("tests/a.cpp", HEAD + "void f() { usleep(3); }\n", "is banned here"),
    ("model/a.cpp", HEAD + "std::random_device d;\n", "random_device is banned"),
    ("model/a.cpp", HEAD + "int a = rand();\n", "rand( is banned"),
    ("model/a.cpp", HEAD + "std::normal_distribution<float> n;\n", "std::normal_distribution is"),
    ("runtime/a.cpp", HEAD + "void f() { std::cout << 1; }\n", "std::cout is banned"),
    ("runtime/a.cpp", HEAD + "auto p = reinterpret_cast<char*>(q);\n", "reinterpret_cast is"),
    ("runtime/a.cpp", HEAD + "auto p = new int;\n", "new is banned"),
    ("runtime/a.cpp", HEAD + "void f(int* p) { delete p; }\n", "delete is banned"),
    ("runtime/a.cpp", HEAD + "#include <asio.hpp>\n", "narrow header"),
    ("runtime/wiring.cpp", HEAD + "void f() try { g(); } catch (...) {}\n", "(...) is banned"),
    ("runtime/a.cpp", HEAD + "void f() try { g(); } catch (const E& e) {}\n", "a.cpp:2: a catch:"),
    ("runtime/session.cpp", HEAD + "void f() {\n  try {\n  } catch(E&) {\n  }\n}\n",
     "session.cpp:4: a catch:"),
    ("runtime/a.cpp", HEAD + "// TODO: later\n", "a.cpp:2: TODO without an issue"),
    ("script/build", "# FIXME\n", "FIXME without an issue"),
    ("tests/tcp/a.cpp", HEAD + 'auto a = "127.0.0.1:7077";\n', "a fixed port"),
]

# Right files: words in comments and strings, homes, deleted functions, digits with separators.
PASSED = [
    ("model/a.cpp", HEAD + "// new, delete, rand(), std::cout: say why not.\n"),
    ("model/a.cpp", HEAD + 'auto a = "new" + R"(delete // "x" std::cout)";\n'),
    ("model/a.cpp", HEAD + "A(const A&) = delete;\n"),
    ("model/a.cpp", HEAD + "int a = 1'000'000;  // it's fine\nint b = 2'000;\n"),
    ("model/a.cpp", HEAD + "#include <new>\nint renew, rand_state;\n"),
    ("model/a.cpp", HEAD + "#include <Eigen/Core>\n#include <zlib.h>\n"),
    ("devices/steady_clock.cpp", HEAD + "auto t = steady_clock::now();\n"),
    ("runtime/commands/a.cpp", HEAD + "#include <CLI/CLI.hpp>\nvoid f() { std::cout << 1; }\n"),
    ("examples/a/b.cpp", HEAD + '#include <annulet/model/b.hpp>\n#include "c.hpp"\n'),
    ("runtime/run_file.cpp", HEAD + "#include <toml++/toml.h>\n"),
    ("runtime/a.cpp", HEAD + '#include "model/a.hpp"\n#include "devices/a.hpp"\n// TODO(#7): x\n'),
    ("runtime/session_end.cpp", HEAD + "void f() try { g(); } catch (const E& e) {}\n"),
    ("tests/a.cpp", HEAD + "void f() try { g(); } catch (const E& e) {}\n"),
    ("model/a.cpp", HEAD + "// catch (E&): say why not.\nint catch_up(), attempt(int catches);\n"),
    ("tests/a.hpp", HPP + '#include "runtime/a.hpp"\n#include "tests/b.hpp"\n'),
    ("tests/tcp/a.cpp", HEAD + 'auto a = "127.0.0.1:0";\n// "127.0.0.1:7077"\n'),
]


def function_of(lines, head="int f(int a) {", tail="}"):
    return "\n".join([head] + ["  ++a;"] * (lines - 2) + [tail]) + "\n"


def size_cases(most_lines, most_function):
    """(path, text, finding or None) around the two limits."""
    lambda_head = "int f(int a) {\n  return g([&] {"
    yield "model/a.cpp", HEAD + "//\n" * (most_lines - 1), None
    yield "model/a.cpp", HEAD + "//\n" * most_lines, f"{most_lines + 1} lines"
    yield "tests/a.py", "#\n" * (most_lines + 1), f"{most_lines + 1} lines"
    yield "runtime/a.js", "//\n" * (most_lines + 1), f"{most_lines + 1} lines"
    yield "model/a.cpp", HEAD + function_of(most_function), None
    yield "model/a.cpp", HEAD + function_of(most_function + 1), "a.cpp:2: the function has"
    yield "model/a.cpp", HEAD + function_of(most_function, lambda_head, "  }); }"), "has 61 lines"
    in_class = "namespace n {\nclass C : public B {\n  A() : a_{1}, b_(2) {"
    yield "model/a.cpp", HEAD + function_of(most_function + 3, in_class, "}\n};\n}"), "function has"
    table = "constexpr int kTable[] = {\n" + "  1,\n" * (most_function + 9) + "};\n"
    yield "model/a.cpp", HEAD + table, None
    many = "namespace n {\nstruct S {\n" + "  int f() { return 1; }\n" * 70 + "};\n}\n"
    yield "model/a.cpp", HEAD + many, None
    template = "template <class T>\n  requires(sizeof(T) > 1)\nint f(T a) {"
    yield "model/a.cpp", HEAD + function_of(most_function, template), "has 62 lines"


def listed_catches(check):
    """What is wrong with the check that those on the list do catch; nothing when it is right."""
    catching = HEAD + "void f() try { g(); } catch (E&) {}\n"
    wrong = {"devices/processor.cpp": HEAD + "// catch (E&)\n", "runtime/main.cpp": None}
    found = list(check(lambda path: wrong.get(path, catching)))
    if sorted(finding.split(":")[0] for finding in found) != sorted(wrong):
        yield f"the list of who may catch: expected {sorted(wrong)}, found {found}"


def run(check_file, check_layout, check_listed_catches, most_lines, most_function):
    """Returns the number of checks that failed, having printed each."""
    cases = [*CAUGHT, *((path, text, None) for path, text in PASSED),
             *size_cases(most_lines, most_function)]
    failures = []
    for path, text, expected in cases:
        found = check_file(path, text)
        right = not found if expected is None else len(found) == 1 and expected in found[0]
        if not right:
            failures.append(f"{path} with {text[:80]!r}: expected {expected!r}, found {found}")
    if len(list(check_layout(["model", "README.md", "utils", "notes.txt"]))) != 2:
        failures.append("the layout: expected utils and notes.txt to be found, and no other")
    failures += listed_catches(check_listed_catches)
    for failure in failures:
        print(failure)
    print(f"{len(cases) + 2} checks of the checker, {len(failures)} failed")
    return min(len(failures), 1)
