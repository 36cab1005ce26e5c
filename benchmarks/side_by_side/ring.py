"""Rounds of all-reduces: in each one every system is timed once, one after the other."""
import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import links
import machine
import results
import systems
from processes import MeasurementError, Together
from progress import Progress

PACKAGES = ("libgloo-dev", "openmpi-bin", "iperf3")
IPERF3_PORT = 5201
LONGEST_WAIT = 3600  # seconds, for a lock
AVAILABLE = Path("/proc/sys/net/ipv4/tcp_available_congestion_control")


class Missing(Exception):
    """What is needed and not there: one line with what to type."""


def require_root(command):
    if os.geteuid() != 0:
        raise Missing(f"network namespaces need root, so nothing was measured: sudo {command}")


def require_congestion(name):
    there = AVAILABLE.read_text(encoding="utf-8").split()
    if name not in there:
        raise Missing(f"this kernel has no {name or 'congestion control without a name'}, so nothing was measured: it has "
                      f"{', '.join(there)}; try modprobe tcp_{name}")


def require(programs, congestion, command):
    require_root(command)
    for name, package in (("ip", "iproute2"), ("tc", "iproute2"), ("iperf3", "iperf3")):
        if not shutil.which(name):
            raise Missing(f"{name} is not here, so nothing was measured: apt-get install {package}")
    for name in ("ring_bench", "ethernet_switch", "congestion.so"):
        if not programs.is_there(name):
            raise Missing(f"{programs.of(name)} is not built, so nothing was measured: script/bench")
    require_congestion(congestion)
    links.sweep()


@contextlib.contextmanager
def locked(path):
    """Holds a lock, on machines that others measure on, too."""
    if not path:
        yield
        return
    end = time.monotonic() + LONGEST_WAIT
    with open(path, "a", encoding="utf-8") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise Missing(f"{path} was held by others for an hour") from None
                time.sleep(0.1)
        yield


def wait_for_listener(enter, port, seconds=10):
    """Until somebody listens on that port of a namespace: connecting would be taken for a test."""
    end = time.monotonic() + seconds
    listens = f":{port:04X} 00000000:0000 0A"
    while listens not in subprocess.run([*enter, "cat", "/proc/net/tcp"], stdout=subprocess.PIPE,
                                        text=True, timeout=seconds, check=True).stdout:
        if time.monotonic() > end:
            raise MeasurementError("nobody listens")
        time.sleep(0.05)


def iperf(network, congestion, programs, seconds=2):
    """One stream, one way: what the link gives to a program that only sends, as a row."""
    environment = {"LD_PRELOAD": str(programs.of("congestion.so")), "BENCH_CONGESTION": congestion}
    server, client = (0, 0) if network.link.kind == "loopback" else (1, 0)
    where = network.address(server)
    together = Together()
    try:
        together.start([*network.enter(server), "iperf3", "-J", "-s", "-1", "-B", where], environment)
        wait_for_listener(network.enter(server), IPERF3_PORT)
        together.start([*network.enter(client), "iperf3", "-c", where, "-t", seconds], environment)
        output, _ = together.wait(seconds + 30)
    finally:
        together.end()
    try:
        received = json.loads(output)["end"]["sum_received"]
        return {"world": 1, "bytes": received["bytes"], "operations": 1,
                "median_us": round(received["seconds"] * 1e6)}
    except (ValueError, KeyError, TypeError):
        raise MeasurementError("it did not say what was received") from None


def measurements(options, programs):
    """(link, world, sizes, systems) of what is asked for."""
    plan = []
    for name in options.links:
        link = links.LINKS[name]
        sizes = options.bytes or link.sizes
        here = systems.systems_of(link, programs)
        chosen = [system for system in here if not options.systems or system in options.systems]
        plan += [(link, world, sizes, chosen) for world in options.world or link.worlds]
    return plan


def unbuilt(programs):
    return [peer for peer, is_here in systems.peers_here(programs).items() if not is_here]


class Run:
    """One call of `script/bench ring`."""

    def __init__(self, options, programs, root):
        self.options, self.programs = options, programs
        self.plan = measurements(options, programs)
        if not any(chosen for _, _, _, chosen in self.plan):
            raise Missing(f"nobody of {', '.join(options.systems)} can be measured here, so nothing "
                          "was: script/bootstrap --bench")
        count = sum(len(chosen) + 1 for _, _, _, chosen in self.plan) * options.rounds
        self.progress = Progress(count)
        self.failed = 0
        run = machine.describe(root, programs.build, PACKAGES)
        machine.warn(run)
        self.partial = results.Partial(options.results / "ring.csv", results.RING, run)

    def one(self, name, network, number, sizes):
        link, options = network.link, self.options
        self.progress.next(f"{link.text}, W = {network.world}, round {number} of {options.rounds}: "
                           f"{name}")
        try:
            with locked(options.lock):
                if name == "iperf3":
                    rows = [iperf(network, options.congestion, self.programs)]
                else:
                    rows = systems.time_system(name, network, sizes, options.congestion,
                                               self.programs)
        except MeasurementError as error:
            self.failed += 1
            self.progress.say(f"script/bench: {name} on {link.name}, W = {network.world}: {error}; "
                              "no figure of it, going on")
            return
        for row in rows:
            self.partial.add(round=number, link=link.name, congestion=options.congestion, system=name,
                             **row)

    def measure(self):
        for link, world, sizes, chosen in self.plan:
            with links.Network(link, world, self.programs.of("ethernet_switch")) as network:
                for number in range(1, self.options.rounds + 1):
                    for name in ["iperf3", *systems.turned(chosen, number)]:
                        self.one(name, network, number, sizes)


def time_ring(options, programs, root):
    """The exit code, which is 1 where a system gave no figure, and the rows of this run."""
    require(programs, options.congestion, options.command)
    for peer in unbuilt(programs):
        print(f"script/bench: {peer} is not here, or not built with, so it is left out: "
              "script/bootstrap --bench", file=sys.stderr)
    run = Run(options, programs, root)
    with run.partial:
        with run.progress:
            run.measure()
        return (1 if run.failed else 0), run.partial.keep()
