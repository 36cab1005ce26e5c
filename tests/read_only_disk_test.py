"""annulet doctor where the disk is read-only, full, or somebody else's: mounts in a namespace.

    python3 tests/read_only_disk_test.py ANNULET PAGE

PAGE: docs/doctor.md, which has what is said. Exits 77 where this machine does not let its users
mount in a namespace: skipped.
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from full_disk_test import INSIDE, NAMESPACE, SKIPPED, can_mount, fill

STOPS = 7


def mounted(disk, options, check):
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", disk], check=True)
    try:
        check()
    finally:
        subprocess.run(["umount", disk], check=True)


def disk_of(annulet, folder, code):
    """What is found of the disk."""
    words = [annulet, "doctor", "--folder", folder, "--listen", "127.0.0.1:0", "--json"]
    run = subprocess.run(words, capture_output=True, text=True)
    assert run.returncode == code, (run.returncode, run.stdout, run.stderr)
    findings = json.loads(run.stdout)["findings"]
    if code:
        assert "AN601: would stop a run here: disk." in run.stderr, run.stderr
    return next(one for one in findings if one["what"] == "disk")


def read_only(annulet, disk, page):
    found = disk_of(annulet, disk / "runs", STOPS)
    assert found["verdict"] == "stops", found
    assert found["found"] == f"cannot make the folder {disk / 'runs'}: Read-only file system", found
    assert found["command"] == f"sudo mount -o remount,rw {disk}", found
    assert "Read-only file system" in page and "sudo mount -o remount,rw" in page
    # A folder that is there cannot be written either.
    found = disk_of(annulet, disk, STOPS)
    assert "Read-only file system" in found["found"], found


def full(annulet, disk, page):
    filler = fill(disk)
    found = disk_of(annulet, disk, STOPS)
    assert found["found"] == f"cannot write in the folder {disk}: No space left on device", found
    assert found["command"] == f"sudo du -xhd2 {disk} | sort -h | tail", found
    assert "No space left on device" in page and "sudo du -xhd2" in page
    filler.unlink()
    found = disk_of(annulet, disk, 0)  # written, but little is free
    assert found["verdict"] == "hurts" and found["free_bytes"] < 100_000_000, found
    assert not list(disk.iterdir()), list(disk.iterdir())


def inside(annulet, page):
    with tempfile.TemporaryDirectory() as name:
        disk = Path(name).resolve()
        mounted(disk, "ro", lambda: read_only(annulet, disk, page))
        mounted(disk, "size=8m", lambda: full(annulet, disk, page))


if __name__ == "__main__":
    if sys.argv[1] == INSIDE:
        inside(sys.argv[2], Path(sys.argv[3]).read_text())
    elif not can_mount():
        print("skipped: this machine does not let us mount in a namespace of our own")
        sys.exit(SKIPPED)
    else:
        program = [sys.executable, "-B", os.path.abspath(__file__), INSIDE, *sys.argv[1:]]
        sys.exit(subprocess.run([*NAMESPACE, *program]).returncode)
