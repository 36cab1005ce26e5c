"""Writes the manual page annulet.1 from annulet.1.in, the program's --help and docs/exit-codes.md.

    python3 packaging/manual.py PROGRAM          writes packaging/annulet.1
    python3 packaging/manual.py --check PROGRAM  fails, with the difference, when it is not up to date
    python3 packaging/manual.py --self-test      checks that what is not understood is not passed over

The page is in the repository, so that those who build for another machine need not run the program;
a test compares, so that it cannot say anything else than the program.
"""
import difflib
import re
import subprocess
import sys
from pathlib import Path

import help_text

HERE = Path(__file__).resolve().parent
PAGE = HERE / "annulet.1"


def escaped(text):
    """Text as roff reads it: no dash that becomes a hyphen, no line that is a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga").replace("'", "\\(aq")
    return text.replace("^", "\\(ha").replace("~", "\\(ti").replace("\n.", "\n\\&.")


def bold(text):
    return f"\\fB{escaped(text)}\\fR"


def italic(text):
    return f"\\fI{escaped(text)}\\fR"


def remarks(rest):
    """The value of an option and what else stands beside its name, set apart."""
    value, required, others = re.fullmatch(
        r"(.*?) ?(\(required\))?(?: ?Excludes: (.*))?", rest).groups()
    parts = [italic(value)] if value else []
    if required:
        parts.append("(required)")
    if others:
        parts.append("(not with " + ", ".join(bold(other) for other in others.split()) + ")")
    return parts


def entry_lines(entry, is_option):
    words = ", ".join(bold(word) for word in entry.words()) if is_option else italic(entry.words()[0])
    return [".TP", " ".join([words, *remarks(entry.rest())]), escaped(entry.about)]


def footer_lines(said):
    """Examples, and what else stands below the lists; the exit codes have a section of their own."""
    lines = []
    for line in said.footer:
        if line.startswith("Exit codes:"):
            break
        example = re.fullmatch(r"(Example: |then on each other device: )(annulet .*)", line)
        if example:
            lines += [".PP", escaped(example.group(1).strip()), ".PP", ".nf", ".RS 4",
                      bold(example.group(2)), ".RE", ".fi"]
        elif lines and not lines[-1].startswith("."):
            lines.append(escaped(line))  # the sentence goes on
        else:
            lines += [".PP", escaped(line)]
    return lines


def command_lines(said):
    """The sub-section of a command. A group, such as `data`, only leads to its commands."""
    if said.entries("Subcommands"):
        return []
    name = "annulet " + " ".join(said.command)
    arguments = " ".join(italic(entry.words()[0]) for entry in said.entries("Arguments"))
    lines = [f'.SS "{escaped(name)}"',
             f"{bold(name)} [{italic('OPTIONS')}] {arguments}".strip(), ".PP",
             escaped(" ".join(said.about)) + "."]
    for kind in ("Arguments", "Options"):
        for entry in said.entries(kind):
            if "--help" not in entry.words():
                lines += entry_lines(entry, kind == "Options")
    return lines + footer_lines(said)


def exit_lines(said, table):
    """The list of exit codes as docs/exit-codes.md has them, which must be those of --help:
    "Exit codes: 0 done, 1 internal, ... 130 interrupted."."""
    codes = re.search(r"Exit codes: (.*?)\.(?: |$)", " ".join(said.footer))
    rows = re.findall(r"(?m)^\| (\d+) \| (.*?) \| (.*?) \|$", table)
    listed = re.findall(r"(?:^|, )(\d+) ", codes.group(1)) if codes else []
    if listed != [row[0] for row in rows]:
        raise help_text.NotUnderstood(f"--help lists the exit codes {listed}, docs/exit-codes.md others")
    lines = []
    for code, meaning, causes in rows:
        lines += [".TP", bold(code), escaped(f"{meaning}: {causes.replace('`', '')}.")]
    return lines


def page(version, everything):
    commands = [line for said in everything[1:] for line in command_lines(said)]
    text = (HERE / "annulet.1.in").read_text(encoding="utf-8")
    table = (HERE.parent / "docs/exit-codes.md").read_text(encoding="utf-8")
    for mark, value in {"@VERSION@": version, "@COMMANDS@": "\n".join(commands),
                        "@EXIT_STATUS@": "\n".join(exit_lines(everything[0], table))}.items():
        if mark not in text:
            raise help_text.NotUnderstood(f"annulet.1.in has no {mark}")
        text = text.replace(mark, value)
    return text


def written_by(program):
    said = subprocess.run([program, "version"], check=True, capture_output=True, text=True,
                          timeout=60).stdout
    return page(said.split()[1].rstrip(","), help_text.ask(program))


def check(program):
    now, then = written_by(program), PAGE.read_text(encoding="utf-8")
    if now == then:
        return
    sys.stdout.writelines(difflib.unified_diff(
        then.splitlines(True), now.splitlines(True), "packaging/annulet.1", "annulet --help"))
    sys.exit("packaging/annulet.1 does not say what the program says: script/manual writes it")


HELP = """Does something, - and more
Usage: annulet thing [OPTIONS] path

Arguments:
  path PATH (required)        Where it lies

Options:
  -h,--help                   Print this help message and exit
  -n,--parts N (required)     How many parts
  --replay LOG Excludes: --drop --resume
                              Again

One sentence over
two lines.
Example: annulet thing x
"""


def self_test():
    said = help_text.parse(("thing",), HELP)
    assert command_lines(said) == [
        '.SS "annulet thing"', r"\fBannulet thing\fR [\fIOPTIONS\fR] \fIpath\fR", ".PP",
        r"Does something, \- and more.", ".TP", r"\fIpath\fR \fIPATH\fR (required)", "Where it lies",
        ".TP", r"\fB\-n\fR, \fB\-\-parts\fR \fIN\fR (required)", "How many parts", ".TP",
        r"\fB\-\-replay\fR \fILOG\fR (not with \fB\-\-drop\fR, \fB\-\-resume\fR)", "Again", ".PP",
        "One sentence over", "two lines.", ".PP", "Example:", ".PP", ".nf", ".RS 4",
        r"\fBannulet thing x\fR", ".RE", ".fi"], command_lines(said)
    said = help_text.Help((), footer=["Exit codes: 0 done, 4 data, or a", "file. See docs."])
    table = "| code | means | causes |\n| 0 | done | `x` |\n| 4 | data | y; z |\n"
    assert exit_lines(said, table) == [".TP", r"\fB0\fR", "done: x.", ".TP", r"\fB4\fR", "data: y; z."]
    for broken in (HELP.replace("Print this help message and exit", ""),
                   HELP.replace("(required)     How many", "(required) Altogether")):
        try:
            help_text.parse(("thing",), broken)
        except help_text.NotUnderstood:
            continue
        raise AssertionError("passed over: " + broken)
    try:
        exit_lines(said, table + "| 5 | network | - |\n")
    except help_text.NotUnderstood:
        return
    raise AssertionError("passed over: an exit code that --help does not have")


def main(arguments):
    if arguments == ["--self-test"]:
        self_test()
    elif len(arguments) == 2 and arguments[0] == "--check":
        check(arguments[1])
    elif len(arguments) == 1 and not arguments[0].startswith("-"):
        PAGE.write_text(written_by(arguments[0]), encoding="utf-8")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except help_text.NotUnderstood as error:
        sys.exit(f"packaging/manual.py: {error}")
