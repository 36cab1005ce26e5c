"""A program for a board, as it is shipped: one file that needs nothing else, and how big it is.

    python3 tests/board_test.py PROGRAM MEGABYTES [EMULATOR...]

In a folder that is the whole system to it (chroot) it prints its version and its signature, unpacks
data, and two of it train over TCP. Exits 77 where this machine does not let its users change root.
"""
import gzip
import json
import lzma
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
PATIENCE = 120  # seconds
# Root may change root; others need a user namespace for it.
ALONE = ["/usr/sbin/chroot"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--root"]
RUN_FILE = """
run = {{ steps = 40 }}
model = {{ kind = "logistic" }}
data = {{ train = "{rows}" }}
train = {{ batch = 4, lr = {{ kind = "constant", value = 0.05 }} }}
schedule = {{ kind = "fixed", h = 4 }}
"""
ROWS = "".join(f"{1 if i % 3 else -1} {i % 5 + 1}:{i % 7} 7:{i % 4}\n" for i in range(60))


class EmptySystem:
    """A folder with the program, its emulator, and what a test puts there."""

    def __init__(self, folder, program, emulator):
        self.folder = Path(folder)
        shutil.copy(program, self.folder / "annulet")
        self.words = ["/annulet"]
        if emulator:
            found = shutil.which(emulator[0])
            shutil.copy(found, self.folder / "emulator")
            self.words = ["/emulator", *emulator[1:], "/annulet"]

    def start(self, *words):
        return subprocess.Popen([*ALONE, str(self.folder), *self.words, *words], text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, cwd="/", env={})

    def run(self, *words):
        process = self.start(*words)
        out, said = process.communicate(timeout=PATIENCE)
        return process.returncode, out, said

    def succeed(self, *words):
        code, out, said = self.run(*words)
        assert code == 0, f"{words} ended with {code}:\n{out}{said}"
        return out


def check_size(program, megabytes):
    size = os.path.getsize(program)
    assert size <= megabytes * 1e6, f"{size} bytes are more than {megabytes} MB"
    print(f"{size} bytes")


def check_static(program):
    headers = subprocess.run(["readelf", "--program-headers", "--sections", program],
                             capture_output=True, text=True, check=True).stdout
    assert "INTERP" not in headers, "it needs a loader, so it is not static"
    assert ".symtab" not in headers, "it is not stripped"


def check_words(system):
    print(system.succeed("version").strip())
    assert re.fullmatch(r"[0-9a-f]{16}\n", system.succeed("signature"))
    code, _, said = system.run("run", "none.toml", "--devices", "1")
    assert code == 3 and "AN304" in said, said


def check_unpacking(system):
    """What is packed is read, or the program says in one line that it cannot."""
    (system.folder / "rows").write_text(ROWS)
    whole = system.succeed("data", "inspect", "/rows", "--json")
    for name, pack in (("rows.gz", gzip.compress), ("rows.xz", lzma.compress)):
        (system.folder / name).write_bytes(pack(ROWS.encode()))
        code, out, said = system.run("data", "inspect", f"/{name}", "--json")
        if code == 0:
            assert json.loads(out)["rows"] == json.loads(whole)["rows"], out
        else:
            assert code == 4 and "built without" in said, said
        print(f"{name}: {'read' if code == 0 else said.strip()}")


def check_training(system):
    """Two devices over TCP, with the same model in the end."""
    (system.folder / "run.toml").write_text(RUN_FILE.format(rows="/rows"))
    starter = system.start("run", "run.toml", "--devices", "2", "--listen", "127.0.0.1:0", "--json",
                           "--plain", "--name", "a", "--out", "/a")
    said = ""
    while "annulet join" not in said and (line := starter.stderr.readline()):
        said += line
    port = re.search(r"annulet join \S+:(\d+)", said)
    if not port:
        raise AssertionError(said)
    try:
        joiner = json.loads(system.succeed("join", f"127.0.0.1:{port[1]}", "--json", "--plain",
                                           "--name", "b", "--out", "/b"))
        out, said = starter.communicate(timeout=PATIENCE)
    finally:
        starter.kill()  # it has ended already, unless something went wrong
    assert starter.returncode == 0, said
    assert json.loads(out)["model_hash"] == joiner["model_hash"]
    print(f"two devices: {joiner['model_hash']}, peak {joiner['peak_rss_bytes'] // 1024} kB")


def check_names(system):
    """Where no name is known, one instead of an address is an error with a line of its own."""
    code, _, said = system.run("join", "no-such-host:7077", "--wait", "100ms")
    lines = said.strip().splitlines()
    assert code == 5 and lines and "no-such-host" in lines[-1], (code, said)
    print(f"a name: {lines[-1]}")


def check_other_commands(system):
    """What else it can: nothing of it may need what the program was linked without."""
    said = {words: system.succeed(*words.split()) for words in (
        "simulate run.toml --devices 3 --out sim --plain",
        "simulate run.toml --devices 3 --resume sim --set run.steps=60 --plain",
        "plan run.toml --devices 3", "optimum run.toml", "report sim", "eval sim/model.safetensors rows",
        "predict sim/model.safetensors rows -o said.csv", "data split rows -n 2 --by iid -o parts",
        "bench step --objective logistic --json", "doctor --root / --folder results --listen 127.0.0.1:0",
        "--help")}
    for words, out in said.items():
        assert out.strip() or words.startswith("report"), f"{words} said nothing"
    page = (system.folder / "sim/report.html").read_text(encoding="utf-8")
    assert page.rstrip().endswith("</html>"), page[-100:]
    code, _, told = system.run("up", "--config", "/run.toml")
    assert code == 3 and len(told.strip().splitlines()) == 1, told
    print(f"{len(said)} other commands")


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    program, megabytes, emulator = sys.argv[1], float(sys.argv[2]), sys.argv[3:]
    check_size(program, megabytes)
    check_static(program)
    if subprocess.run([*ALONE, "/", "true"], capture_output=True).returncode != 0:
        print("skipped: this machine does not let its users change root")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        system = EmptySystem(folder, program, emulator)
        check_words(system)
        check_unpacking(system)
        check_training(system)
        check_names(system)
        check_other_commands(system)


if __name__ == "__main__":
    main()
