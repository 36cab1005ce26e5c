"""The bash completion offers what the program takes: really called, in bash, by its own function.

    python3 tests/packaging/completion_test.py PROGRAM ROOT

Every command and every option that --help lists, at its place, and nothing else; files where a file is
meant, folders where a folder is, nothing where neither is.
"""
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = str(Path(sys.argv[1]).resolve())
ROOT = Path(sys.argv[2]).resolve()
sys.path.insert(0, str(ROOT / "packaging"))
import help_text  # noqa: E402: found by the line above

# As bash calls it: the command's name is $1, the words are in COMP_WORDS, the last one is completed.
BASH = """
source "$1"; shift
complete -p annulet >/dev/null || exit 1
COMP_WORDS=(annulet "${@:2}"); COMP_CWORD=$(($# - 1))
_annulet "$1" "${@: -1}" ""
if [[ ${#COMPREPLY[@]} -gt 0 ]]; then printf '%s\\n' "${COMPREPLY[@]}"; fi
"""


def offered(words, folder):
    """What is offered for the last of the words that follow `annulet`, sorted."""
    ended = subprocess.run(["bash", "-c", BASH, "bash", ROOT / "packaging/annulet.bash", PROGRAM, *words],
                           cwd=folder, capture_output=True, text=True, timeout=60)
    if ended.returncode or ended.stderr:
        sys.exit(f"annulet {' '.join(words)}: bash said {ended.stderr!r}, code {ended.returncode}")
    return sorted(ended.stdout.split("\n")[:-1])


def expectations():
    """(words, what is to be offered) of all that --help lists."""
    for said in help_text.ask(PROGRAM):
        commands = [entry.name for entry in said.entries("Subcommands")]
        words = [word for entry in said.entries("Options") for word in entry.words()]
        if commands:
            yield (*said.command, ""), commands
            for name in commands:
                yield (*said.command, name[:-1]), [other for other in commands
                                                   if other.startswith(name[:-1])]
        yield (*said.command, "-"), words
        yield (*said.command, "--"), [word for word in words if word.startswith("--")]


ALL, FOLDERS = ["a b.toml", "data", "run.toml"], ["data"]  # what lies in the folder
CASES = [
    (("run", "r"), ["run.toml"]), (("run", ""), ALL), (("run", "--out", ""), FOLDERS),
    (("run", "--out", "=", "d"), FOLDERS), (("run", "--out", "="), FOLDERS),
    (("run", "--data", ""), ALL), (("run", "--devices", ""), []), (("run", "--wait", ""), []),
    (("run", "--gap", "r"), ["run.toml"]), (("run", "run.toml", "--plain", "a"), ["a b.toml"]),
    (("predict", "--no-label", "r"), ["run.toml"]), (("join", ""), []), (("join", "box:7077", "--tok"), ["--token"]), (("eval", "m", "d"), ["data"]),
    (("data", "split", "-o", ""), FOLDERS), (("data", "split", "run.toml", "--by", ""), []),
    (("data", "nonsense", ""), []), (("nonsense", ""), []), (("nonsense", "--"), []), (("x",), []),
]


def main():
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data").mkdir()
        (folder / "run.toml").touch()
        (folder / "a b.toml").touch()
        cases = [*expectations(), *CASES]
        for words, wanted in cases:
            got = offered(words, folder)
            if got != sorted(wanted):
                wrong += 1
                print(f"annulet {' '.join(words)}: offered {got}, wanted {sorted(wanted)}")
    print(f"{len(cases)} completions")
    sys.exit(1 if wrong or len(cases) < 50 else 0)


main()
