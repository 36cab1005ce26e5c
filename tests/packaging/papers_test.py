"""What packages say and ask is as it should be: changelog, licences, and the word to the wrong board.

    python3 tests/packaging/papers_test.py ROOT
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(sys.argv[1]).resolve()

CHANGELOG = """# Changelog

## [Unreleased] - 0.2.0

### Wire

- Devices say `hello`
  twice.

## [0.1.0] - 2026-11-29

### Files

- One two three four five six seven eight nine ten eleven twelve thirteen fourteen.
"""

DEBIAN = """annulet (0.2.0) unstable; urgency=medium

  [ Wire ]
  * Devices say `hello` twice.

 -- we <we@here>  Thu, 01 Jan 1970 00:00:10 +0000

annulet (0.1.0) unstable; urgency=medium

  [ Files ]
  * One two three four five six seven eight nine ten eleven twelve thirteen
    fourteen.

 -- we <we@here>  Sun, 29 Nov 2026 00:00:00 +0000
"""


def check_changelog(folder):
    (folder / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    subprocess.run([sys.executable, "-B", ROOT / "packaging/changelog.py", folder / "CHANGELOG.md",
                    folder / "changelog", "we <we@here>"], check=True, timeout=60,
                   env={**os.environ, "SOURCE_DATE_EPOCH": "10"})
    written = (folder / "changelog").read_text(encoding="utf-8")
    assert written == DEBIAN, written


def check_licences():
    """What is compiled or linked in has a paragraph: of script/bootstrap's libraries, all but those of
    tests and of what is measured beside annulet."""
    listed = re.findall(r"(?m)^((?:lib\S+|\S+)-dev|libjs-\S+) ",
                        (ROOT / "script/bootstrap").read_text(encoding="utf-8"))
    folders = re.findall(r"(\S+)/\*", "\n".join(re.findall(
        r"(?m)^Files: (.*)$", (ROOT / "packaging/copyright").read_text(encoding="utf-8"))))
    missing = set(listed) - set(folders) - {"libboost-dev", "libgloo-dev", "libopenmpi-dev"}
    assert len(listed) >= 10 and not missing, f"packaging/copyright says nothing of {missing}"


def check_board(folder):
    """The package for ARMv7 refuses ARMv6, and ARMv7 without VFPv4, but no 64-bit kernel: that may run
    a 32-bit system."""
    for (machine, has_vfpv4), code in {("armv6l", False): 1, ("armv7l", True): 0, ("armv7l", False): 1,
                                       ("armv8l", False): 0, ("aarch64", False): 0}.items():
        for name, does in (("uname", f"echo {machine}"), ("grep", f"exit {0 if has_vfpv4 else 1}")):
            (folder / name).write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
            (folder / name).chmod(0o755)
        ended = subprocess.run([ROOT / "packaging/debian/armv7/preinst", "install"], timeout=60,
                               env={"PATH": f"{folder}:{os.environ['PATH']}"}, capture_output=True,
                               text=True)
        assert (ended.returncode, ended.stdout) == (code, ""), (machine, ended)
        assert len(ended.stderr.splitlines()) == code, ended.stderr


def check_starter(folder):
    """Unit and installation know alike whether annulet.toml has its starter filled in."""
    tests = [re.search(r'test "\$.*? != "1 1"', (ROOT / file).read_text(encoding="utf-8"))[0]
             for file in ("packaging/annulet.service", "packaging/debian/postinst")]
    tests[0] = tests[0].replace("$$", "$")  # of a unit
    assert tests[0] == tests[1], tests
    shipped = (ROOT / "packaging/annulet.toml").read_text(encoding="utf-8")
    for text, is_empty in ((shipped, True), ("starter = ''", True), (' starter="" # later', True),
                           ('starter = ""\nstarter = "192.168.1.20:7077"', False), (None, False),
                           ('starter = "192.168.1.20:7077"', False), ('# starter = ""', False),
                           (shipped.replace('""', '"[::1]:7077"', 1), False)):
        file = folder / "annulet.toml"
        file.unlink(missing_ok=True)
        if text is not None:
            file.write_text(text + "\n", encoding="utf-8")
        test = tests[0].replace("/etc/annulet/annulet.toml", str(file))
        ended = subprocess.run(["sh", "-c", test], timeout=60, stderr=subprocess.DEVNULL)
        assert ended.returncode == (1 if is_empty else 0), text


with tempfile.TemporaryDirectory() as name:
    check_changelog(Path(name))
    check_licences()
    check_starter(Path(name))
    check_board(Path(name))
