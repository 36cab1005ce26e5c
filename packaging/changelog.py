"""Writes CHANGELOG.md as a Debian changelog: changelog.py IN OUT MAINTAINER"""
import os
import re
import sys
import textwrap
from datetime import datetime, timezone
from email.utils import format_datetime
from pathlib import Path

WIDTH = 78  # Debian's checkers want lines of less than 80


def date_of(heading, path):
    """The release's day; what is not released has that of the file, or SOURCE_DATE_EPOCH."""
    day = re.search(r"\d{4}-\d\d-\d\d", heading)
    if day:
        return datetime.fromisoformat(day.group()).replace(tzinfo=timezone.utc)
    seconds = os.environ.get("SOURCE_DATE_EPOCH", path.stat().st_mtime)
    return datetime.fromtimestamp(int(float(seconds)), timezone.utc)


def entries(text):
    """(heading, body) of each version, the newest first."""
    for section in re.split(r"(?m)^## ", text)[1:]:
        heading, body = section.split("\n", 1)
        yield heading, body


def lines_of(body):
    for title, changes in re.findall(r"(?ms)^### ([^\n]*)\n(.*?)(?=^### |\Z)", body):
        yield f"  [ {title} ]"
        for change in re.split(r"(?m)^- ", changes)[1:]:
            yield textwrap.fill(" ".join(change.split()), WIDTH, initial_indent="  * ",
                                subsequent_indent="    ", break_long_words=False)
        yield ""


def debian(path, maintainer):
    text = path.read_text(encoding="utf-8")
    for heading, body in entries(text):
        version = re.search(r"\d+\.\d+\.\d+", heading).group()
        date = format_datetime(date_of(heading, path))
        yield "\n".join([f"annulet ({version}) unstable; urgency=medium", "", *lines_of(body),
                         f" -- {maintainer}  {date}", ""])


def main(source, target, maintainer):
    Path(target).write_text("\n".join(debian(Path(source), maintainer)), encoding="utf-8")


main(*sys.argv[1:])
