"""What is installed for others to include.

    python3 tests/library/headers_test.py SOURCE PREFIX

Every installed header is the repository's, but for the annulet/ in front of its includes of ours;
what it includes of ours is installed too; and where a source of the same name exists, it includes
its header first, so that compiling it shows that the header is whole by itself.
"""
import re
import sys
from pathlib import Path

INCLUDE = re.compile(r'(?m)^#include ("[^"]+"|<[^>]+>)')
# What the dependencies of an installed annulet do not bring: only our sources may include it.
PRIVATE = re.compile(r"<(Eigen|cereal|toml\+\+|CLI|boost|nlohmann)/|<(xxhash|zlib|lzma)\.h>")


def findings(source, prefix):
    installed = prefix / "include"
    headers = sorted(path.relative_to(installed) for path in installed.rglob("*") if path.is_file())
    if len(headers) < 30:
        yield f"only {len(headers)} headers are installed"
    for header in headers:
        text = (installed / header).read_text(encoding="utf-8")
        origin = source / header.relative_to("annulet")
        if text.replace('#include "annulet/', '#include "') != origin.read_text(encoding="utf-8"):
            yield f"{header}: is not {origin}"
        for name in INCLUDE.findall(text):
            if name[0] == '"' and not (installed / name[1:-1]).is_file():
                yield (f"{header}: includes {name}, which is not installed: name it in PUBLIC_HEADERS "
                       "in its folder's CMakeLists.txt, or include less")
            if PRIVATE.match(name):
                yield f"{header}: includes {name}, which its users need not have"
        unit = origin.with_suffix(".cpp")
        if unit.is_file():
            first = INCLUDE.search(unit.read_text(encoding="utf-8")).group(1)
            if first[1:-1] != str(header.relative_to("annulet")):
                yield f"{unit}: must include its own header first, not {first}"


def main(arguments):
    found = list(findings(*map(Path, arguments)))
    for finding in found:
        print(finding)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
