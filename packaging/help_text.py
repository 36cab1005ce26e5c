"""What `annulet --help` and `annulet COMMAND --help` say, as data.

The manual page is written from it (manual.py), and the completion is tested with it.
"""
import re
import subprocess
from dataclasses import dataclass, field

# CLI11 puts what an option is for into this column, or on the next line when its name is too long.
COLUMN = 30


class NotUnderstood(Exception):
    """The text is not laid out as all others are."""


@dataclass
class Entry:
    """A line of a list: an option, an argument, a command."""
    name: str  # "-n,--devices N=4", "path PATH (required)", "split"
    about: str = ""

    def words(self):
        """The words of an option that may be typed: -n, --devices."""
        return self.name.split()[0].split(",")

    def rest(self):
        """What follows them: "N=4", "DIR Excludes: --resume"."""
        return " ".join(self.name.split()[1:])


@dataclass
class Help:
    command: tuple  # () of the program itself, ("data", "split")
    about: list = field(default_factory=list)  # lines in front of "Usage:"
    usage: str = ""
    lists: dict = field(default_factory=dict)  # "Options": entries
    footer: list = field(default_factory=list)  # lines behind the lists

    def entries(self, kind):
        return self.lists.get(kind, [])


def entry_of(line, next_line):
    """The entry that begins with that line."""
    text = line[2:]
    # A name that fills the column has its description on the next line, and is itself not cut.
    if next_line.startswith(" " * COLUMN) or len(line) <= COLUMN:
        return Entry(text.strip())
    if line[COLUMN - 1] != " " or line[COLUMN] == " ":
        raise NotUnderstood(f"no description in column {COLUMN}: {line!r}")
    return Entry(line[2:COLUMN].strip(), line[COLUMN:].strip())


def parse(command, text):
    """The Help that the text is."""
    result = Help(tuple(command))
    entries = None
    lines = text.rstrip("\n").split("\n")
    for line, next_line in zip(lines, lines[1:] + [""]):
        heading = re.fullmatch(r"(Options|Arguments|Subcommands):", line)
        if heading:
            entries = result.lists.setdefault(heading.group(1), [])
        elif line.startswith("Usage: "):
            result.usage = line.removeprefix("Usage: ")
        elif not result.usage:
            result.about.append(line)
        elif line.startswith(" " * COLUMN) and entries:
            entries[-1].about = line.strip()
        elif line.startswith("  ") and entries is not None:
            entries.append(entry_of(line, next_line))
        elif line:
            result.footer.append(line)
    for kind, listed in result.lists.items():
        for entry in listed:
            if not entry.about:
                raise NotUnderstood(f"{kind} {entry.name} of {' '.join(command)}: no description")
    return result


def ask(program, command=()):
    """What the program says of a command, and of those within it: a list of Help."""
    text = subprocess.run([program, *command, "--help"], check=True, capture_output=True, text=True,
                          timeout=60).stdout
    said = parse(command, text)
    everything = [said]
    for inner in said.entries("Subcommands"):
        everything += ask(program, (*command, inner.name))
    return everything
