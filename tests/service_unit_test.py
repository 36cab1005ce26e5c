"""The unit of the service: systemd takes it as it is, and finds it well shut in.

    python3 tests/service_unit_test.py PROGRAM UNIT

Exits 1 when systemd-analyze has something to say, 77 (skipped) where it is not installed.
"""
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

INSTALLED = "/usr/bin/annulet"
MOST_EXPOSED = 20  # of 100: exposure 2.0
SKIPPED = 77


def analyze(*words):
    """What systemd-analyze says, and whether it is content."""
    command = ["systemd-analyze", "--no-pager", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    return done.returncode == 0, done.stdout + done.stderr


def main(program, unit):
    if shutil.which("systemd-analyze") is None:
        print("skipped: systemd-analyze is not there; apt-get install systemd brings it")
        return SKIPPED
    text = Path(unit).read_text(encoding="utf-8")
    if text.count(INSTALLED) != 1:
        print(f"{unit}: ExecStart has not exactly one {INSTALLED}")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / Path(unit).name
        copy.write_text(text.replace(INSTALLED, str(Path(program).resolve())), encoding="utf-8")
        # Its manual is looked at where the package is made.
        sound, said = analyze("verify", "--man=no", str(copy))
        if not sound or said.strip():
            print("systemd-analyze verify:\n" + said)
            return 1
        shut_in, said = analyze("security", "--offline=true", f"--threshold={MOST_EXPOSED}",
                                str(copy))
        print(said if not shut_in else said.strip().splitlines()[-1])
        return 0 if shut_in else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
