"""One TCP ring of programs for different CPUs: the same model on all of them after every round, with
float32 and with q8.

    python3 tests/mixed_ring_test.py PROGRAM...

Each PROGRAM is what runs one device, in one word: build/x86_64/annulet, or with its emulator
"qemu-arm-static -cpu arm1176 build/pi-zero/annulet". The first one starts the run.
"""
import csv
import json
import re
import shlex
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROUNDS = 50
LOCAL_STEPS = 4
PATIENCE = 300  # seconds, after which a device counts as hung
INVITATION = re.compile(r"annulet join \S+:(\d+)")
RUN_FILE = """
run = {{ steps = {steps}, seed = 3 }}
model = {{ kind = "logistic", l2 = "1/n", bias = true }}
data = {{ train = "rows.libsvm", partition = "by-label" }}
train = {{ batch = 4, correct_drift = true, lr = {{ kind = "constant", value = 0.05 }} }}
schedule = {{ kind = "fixed", h = {local_steps} }}
net = {{ compress = "{compress}", peer_timeout = "60s" }}
"""


def write_run(folder, compress):
    rows = [f"{1 if i % 3 else -1} {i % 5 + 1}:{i % 7} 7:{i % 4 - 1.5} {i % 290 + 10}:1\n"
            for i in range(600)]
    (folder / "rows.libsvm").write_text("".join(rows))
    (folder / "run.toml").write_text(RUN_FILE.format(
        steps=ROUNDS * LOCAL_STEPS, local_steps=LOCAL_STEPS, compress=compress))


class Device:
    """A program in a folder of its own; what it says is kept."""

    def __init__(self, folder, number, program, words):
        self.name = f"device-{number}"
        self.out = folder / f"out-{number}"
        self.said = []
        self.port = threading.Event()
        runs = [str(Path(word).resolve()) if Path(word).exists() else word
                for word in shlex.split(program)]
        self.process = subprocess.Popen(
            runs + words + ["--name", self.name, "--plain", "--json", "--out",
                                            str(self.out)],
            cwd=folder, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        self.listener = threading.Thread(target=self.listen)
        self.listener.start()

    def listen(self):
        for line in self.process.stderr:
            self.said.append(line)
            if INVITATION.search(line):
                self.port.set()
        self.port.set()  # or it never comes

    def invited_to(self):
        """The port that its invitation names."""
        self.port.wait(PATIENCE)
        found = INVITATION.search("".join(self.said))
        if not found:
            raise SystemExit(f"{self.name} invites nobody:\n{''.join(self.said)}")
        return found[1]

    def end(self):
        """The hash of the model after each round, and after the run."""
        self.process.wait(timeout=PATIENCE)
        out = self.process.stdout.read()  # one object: it has fitted into the pipe
        self.listener.join()
        if self.process.returncode != 0:
            raise SystemExit(f"{self.name} ended with {self.process.returncode}:\n"
                             f"{''.join(self.said)}")
        with open(self.out / "rounds.csv", encoding="utf-8") as file:
            rounds = [row["model_hash"] for row in csv.DictReader(file)]
        return rounds + [json.loads(out)["model_hash"]]


def ring(folder, programs, compress):
    """The hashes of each device."""
    write_run(folder, compress)
    devices = []
    try:
        devices.append(Device(folder, 0, programs[0], [
            "run", "run.toml", "--devices", str(len(programs)), "--listen", "127.0.0.1:0"]))
        port = devices[0].invited_to()
        for number, program in enumerate(programs[1:], 1):
            devices.append(Device(folder, number, program, ["join", f"127.0.0.1:{port}"]))
        return [device.end() for device in devices]
    finally:
        for device in devices:
            device.process.kill()
            device.process.wait()


def check(programs, compress):
    with tempfile.TemporaryDirectory() as folder:
        found = ring(Path(folder), programs, compress)
    assert len(found[0]) == ROUNDS + 1, f"{len(found[0]) - 1} rounds in place of {ROUNDS}"
    assert len(set(found[0][:ROUNDS])) == ROUNDS, "a round changed nothing"
    for number, hashes in enumerate(found):
        differ = [i + 1 for i, (a, b) in enumerate(zip(hashes, found[0])) if a != b]
        assert hashes == found[0], f"device {number} ({programs[number]}): round {differ[:1]} differs"
    print(f"{len(programs)} devices, {compress}: the same model after each of {ROUNDS} rounds, "
          f"{found[0][-1]} in the end")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    for codec in ("none", "q8"):
        check(sys.argv[1:], codec)
