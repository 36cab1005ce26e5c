"""The C++ in a document is what the tests compile and run.

    python3 tests/library/docs_test.py docs/extending.md

Before each block of C++ the document names a file of the repository, as `examples/x.hpp` in a
sentence or a comment; the block must stand in it, word for word.
"""
import re
import sys
from pathlib import Path

BLOCK = re.compile(r"(?ms)^```(?:cpp|cmake)\n(.*?)^```$")
NAMED = re.compile(r"(?:examples|runtime|model|transport|devices)/[\w/]+\.(?:[ch]pp|txt)")


def findings(document):
    root = document.resolve().parent.parent
    text = document.read_text(encoding="utf-8")
    blocks = list(BLOCK.finditer(text))
    if len(blocks) < 3:
        yield f"{document}: has {len(blocks)} blocks of C++, less than one for each page"
    for block in blocks:
        line = text.count("\n", 0, block.start()) + 1
        named = NAMED.findall(text, 0, block.start())
        if not named:
            yield f"{document}:{line}: no file is named before this block"
        elif block.group(1) not in (root / named[-1]).read_text(encoding="utf-8"):
            yield f"{document}:{line}: does not stand like this in {named[-1]}"


def main(arguments):
    found = [finding for argument in arguments for finding in findings(Path(argument))]
    for finding in found:
        print(finding)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
