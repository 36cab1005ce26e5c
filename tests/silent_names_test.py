"""Where no name server answers, annulet waits no longer than it was asked to, and ends at once.

    python3 tests/silent_names_test.py ANNULET

In a network and a mount namespace of its own a name server listens and says nothing; the system's
resolver would wait for minutes. Exits 77 where this machine does not give such namespaces.
"""
import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
INSIDE = "--inside"
PATIENCE = 60  # seconds, after which a program counts as hung
SPACES = ["unshare", "--net", "--mount", "--propagation", "private"]
if os.geteuid() != 0:
    SPACES += ["--user", "--map-root-user"]
NAME = "pi.example:7077"
SILENCE = "nameserver 127.0.0.1\noptions timeout:30 attempts:5\n"
SIOCSIFFLAGS, IFF_UP = 0x8914, 1


def loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def join(annulet):
    """--wait is kept."""
    ended = subprocess.run([annulet, "join", NAME, "--wait", "100ms"], capture_output=True, text=True,
                           timeout=PATIENCE)
    assert ended.returncode == 5 and "Cannot reach " + NAME in ended.stderr, ended


def listen(annulet):
    """The one wait that is not the user's to set has an end of its own."""
    ended = subprocess.run([annulet, "doctor", "--listen", NAME], capture_output=True, text=True,
                           timeout=PATIENCE)
    assert ended.returncode == 7 and "timed" in ended.stdout, ended


def up(annulet, folder):
    """Asked to stop while it looks a name up, it stops."""
    (folder / "device.toml").write_text(f'[device]\nstarter = "{NAME}"\nfolder = "runs"\n')
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(folder / "notify"))
        manager.settimeout(PATIENCE)
        device = subprocess.Popen([annulet, "up", "--config", "device.toml"], cwd=folder, text=True,
                                  stderr=subprocess.PIPE,
                                  env={**os.environ, "NOTIFY_SOCKET": str(folder / "notify")})
        assert b"READY=1" in manager.recv(4096)
        device.send_signal(signal.SIGTERM)
        said = device.communicate(timeout=PATIENCE)[1]
    assert device.returncode == 0 and said.endswith("stopped, as asked\n"), said


def inside(annulet):
    loopback_up()
    with tempfile.TemporaryDirectory() as name, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        folder = Path(name)
        (folder / "resolv.conf").write_text(SILENCE)
        subprocess.run(["mount", "--bind", folder / "resolv.conf", "/etc/resolv.conf"], check=True)
        silent.bind(("127.0.0.1", 53))
        join(annulet)
        listen(annulet)
        up(annulet, folder)


if __name__ == "__main__":
    if sys.argv[1] == INSIDE:
        inside(sys.argv[2])
    elif subprocess.run([*SPACES, "true"], capture_output=True).returncode != 0:
        print("skipped: this machine does not give us a network and mounts of our own")
        sys.exit(SKIPPED)
    else:
        program = [sys.executable, "-B", os.path.abspath(__file__), INSIDE, os.path.abspath(sys.argv[1])]
        sys.exit(subprocess.run([*SPACES, *program]).returncode)
