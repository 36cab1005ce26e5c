"""A real run whose results go to a disk that is full: a small tmpfs in a namespace of its own.

    python3 tests/full_disk_test.py ANNULET

Exits 77 where this machine does not let its users mount in a namespace: skipped.
"""
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
INSIDE = "--inside"  # the namespace
# Root needs no user namespace, which some machines do not give.
NAMESPACE = (["unshare", "--mount", "--propagation", "private"] if os.geteuid() == 0
             else ["unshare", "--user", "--map-root-user", "--mount"])
RUN_FILE = """
run = { steps = 400 }
model = { kind = "logistic" }
data = { train = "rows.libsvm" }
train = { batch = 4, lr = { kind = "constant", value = 0.01 } }
schedule = { kind = "fixed", h = 2 }
output = { checkpoint_every = "1ms" }
"""
FAILS = "no checkpoint of round"
WORKS = "checkpoints are written again: that of round"


def write_run(folder):
    rows = [f"{1 if i % 3 else -1} {i % 5 + 1}:{i % 7} 7:{i % 4}\n" for i in range(60)]
    (folder / "rows.libsvm").write_text("".join(rows))
    (folder / "run.toml").write_text(RUN_FILE)


def fill(disk):
    """Leaves no byte free; the file that does it."""
    filler = disk / "filler"
    with open(filler, "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return filler


def words(annulet, folder, out, *more):
    return [annulet, "run", folder / "run.toml", "--devices", "1", "--json", "--out", out, *more]


def hash_of(run):
    return json.loads(run.stdout)["model_hash"]


def full_all_the_time(annulet, folder, disk):
    """The run takes all its steps, to the same model, and says once what is missing."""
    def run(out):
        return subprocess.run(words(annulet, folder, out), capture_output=True, text=True)
    whole = run(folder / "whole")
    assert whole.returncode == 0, whole.stderr
    out = disk / "full"
    out.mkdir()
    filler = fill(disk)
    poor = run(out)
    filler.unlink()
    assert poor.returncode == 4, poor.stderr
    assert hash_of(poor) == hash_of(whole), poor.stdout
    assert poor.stderr.count(FAILS) == 1 and "No space left on device" in poor.stderr, poor.stderr
    assert WORKS not in poor.stderr, poor.stderr
    assert not list(out.glob("*.rck")) and not list(out.glob("*.tmp")), list(out.iterdir())


def full_for_a_while(annulet, folder, disk):
    """When there is space again the next checkpoint is there, and is told of."""
    out = disk / "again"
    out.mkdir()
    filler = fill(disk)
    run = subprocess.Popen(words(annulet, folder, out, "--set", "run.steps=1000000000"),
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = []

    def wait_for(sentence):
        for line in run.stderr:
            if "annulet: " in line:
                said.append(line)
            if sentence in line:
                return
        raise AssertionError(f"ended without saying {sentence!r}: {said}")

    try:
        wait_for(FAILS)
        filler.unlink()
        wait_for(WORKS)
        run.send_signal(signal.SIGINT)
        said += [line for line in run.stderr if "annulet: " in line]
        assert run.wait() == 130, said
    finally:
        run.kill()
        run.wait()
    assert sum(FAILS in line for line in said) == 1, said
    assert list(out.glob("checkpoint-*.rck")), list(out.iterdir())


def files_may_not_grow(annulet, folder):
    """A limit on the size of files is an error like a full disk, not the end of the program."""
    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))
    def run(*more):
        return subprocess.run([annulet, *more], capture_output=True, text=True,
                              preexec_fn=limited)
    parts = folder / "parts"
    (folder / "long.libsvm").write_text((folder / "rows.libsvm").read_text() * 10)
    split = run("data", "split", folder / "long.libsvm", "-n", "1", "-o", parts)
    assert split.returncode == 4 and "File too large" in split.stderr, split
    assert not parts.exists(), list(parts.iterdir())
    trained = run("run", folder / "run.toml", "--devices", "1", "--out", folder / "limited")
    assert trained.returncode == 4 and "File too large" in trained.stderr, trained


def inside(annulet):
    with tempfile.TemporaryDirectory() as name:
        folder, disk = Path(name), Path(name) / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", disk], check=True)
        try:
            write_run(folder)
            files_may_not_grow(annulet, folder)
            full_all_the_time(annulet, folder, disk)
            full_for_a_while(annulet, folder, disk)
        finally:
            subprocess.run(["umount", disk], check=True)


def can_mount():
    with tempfile.TemporaryDirectory() as folder:
        try:
            return subprocess.run([*NAMESPACE, "mount", "-t", "tmpfs", "none", folder],
                                  capture_output=True).returncode == 0
        except FileNotFoundError:
            return False


if __name__ == "__main__":
    if sys.argv[1] == INSIDE:
        inside(sys.argv[2])
    elif not can_mount():
        print("skipped: this machine does not let us mount in a namespace of our own")
        sys.exit(SKIPPED)
    else:
        program = [sys.executable, "-B", os.path.abspath(__file__), INSIDE, sys.argv[1]]
        sys.exit(subprocess.run([*NAMESPACE, *program]).returncode)
