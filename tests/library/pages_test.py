"""What pages say of the sources is there: files, names in them, and a paragraph on each option.

    python3 tests/library/pages_test.py ROOT         README.md, CONTRIBUTING.md and docs/ of ROOT
    python3 tests/library/pages_test.py --self-test  checks that every check can fail

A file in backquotes must exist (without its ending, one of that name), a link within the repository
must lead to something, and in "`file`: `name`, `Class::name`" the names must be words of the file.
In docs/algorithm.md a heading with a key of the run file begins an option's section; each says what
the option is for, when it hurts, what it costs, and where it comes from: a year in brackets.
"""
import re
import sys
from pathlib import Path

TOP = "devices|model|transport|runtime|tests|examples|script|benchmarks|cmake|docs"
PATH = rf"(?:{TOP})/[\w./-]*[\w-]"
FILE = re.compile(rf"`({PATH})`((?:: `[\w:]+`)?(?:, `[\w:]+`)*)")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)")
KEY = r"`(?:train|outer|round|net|schedule|run)\.\w+`"
# What an option's section answers, and the words that show it.
POINTS = {"what it is for": r"\bis\s+for\b", "when it hurts": r"\bhurts\b",
          "what it costs": r"\bcosts?\b", "its source": r"\([^()]*\b(?:19|20)\d\d\b"}


def there(root, name):
    return (root / name).exists() or any((root / name).parent.glob(Path(name).name + ".*"))


def wrong_names(root, text):
    """(position, what is wrong) of the files and names in backquotes."""
    for match in FILE.finditer(text):
        name, names = match.groups()
        if re.search(r"/[A-Z]+/", name):
            continue  # "tests/FOLDER/x_test.cpp" is no file's name
        if not there(root, name):
            yield match.start(), f"there is no {name}"
        elif names.startswith(":"):
            words = (root / name).read_text(encoding="utf-8")
            for part in re.findall(r"\w+", names):
                if not re.search(rf"\b{part}\b", words):
                    yield match.start(), f"{name} has no {part}"


def wrong_links(root, page, text):
    for match in LINK.finditer(text):
        target = (page.parent / match.group(1)).resolve()
        if not target.exists():
            yield match.start(), f"the link to {match.group(1)} leads nowhere"


def silent_sections(text):
    """Options that lack one of their points."""
    for section in re.finditer(r"(?ms)^## ([^\n]*)\n(.*?)(?=^## |\Z)", text):
        heading, body = section.groups()
        if not re.search(KEY, heading):
            continue
        for point, words in POINTS.items():
            if not re.search(words, body):
                yield section.start(), f"\"{heading}\" does not say {point}"


def findings(root, page):
    text = page.read_text(encoding="utf-8")
    found = [*wrong_names(root, text), *wrong_links(root, page, text)]
    if page.name == "algorithm.md":
        found += silent_sections(text)
    for position, what in sorted(found):
        yield f"{page}:{text.count(chr(10), 0, position) + 1}: {what}"


def self_test():
    root = Path(__file__).resolve().parents[2]
    here = "tests/library/pages_test.py"
    assert not list(wrong_names(root, f"`{here}`: `findings`, `Path::glob` and `runtime/round`"))
    assert [what for _, what in wrong_names(root, f"`{here}`: `findings`, `no" "where_here`")] == [
        f"{here} has no no" "where_here"]
    assert [what for _, what in wrong_names(root, "`runtime/nothing.cpp`")] == [
        "there is no runtime/nothing.cpp"]
    assert not list(wrong_links(root, root / "README.md", "[a](docs/plan.md#x) [b](https://c.d)"))
    assert list(wrong_links(root, root / "README.md", "[a](docs/nothing.md)"))
    said = "It is for x. It hurts y. It costs z. (A et al. 2019.)\n"
    section = "## An option (`net.option`)\n\n"
    assert not list(silent_sections(section + said + "## Another thing\n"))
    for point in ("is for", "hurts", "costs", "2019"):
        assert len(list(silent_sections(section + said.replace(point, "")))) == 1, point
    return 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    root = Path(sys.argv[1]).resolve()
    pages = [root / "README.md", root / "CONTRIBUTING.md", *sorted(root.glob("docs/**/*.md"))]
    found = [finding for page in pages for finding in findings(root, page)]
    for finding in found:
        print(finding)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
