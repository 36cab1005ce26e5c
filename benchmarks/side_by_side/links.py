"""The links that all-reduces are timed on: what they are, and how they are made of namespaces."""
import os
import re
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

MTU_PAYLOAD, MTU_FRAME = 1448, 1514  # of TCP with timestamps on Ethernet: bytes that count, and all
SUBNET = "10.77.0"
PREFIX = "annulet-bench-"  # of namespaces; then the number of the process that made them
RSH = Path(__file__).resolve().parent.parent / "links/rsh_into_namespace"


@dataclass(frozen=True)
class Link:
    """rate: bits a second, 0 where nothing limits it; delay: seconds one way; loss: per cent."""

    name: str
    text: str
    kind: str  # loopback, bridge, or switch: benchmarks/links/ethernet_switch
    worlds: tuple
    sizes: tuple
    rate: float = 0
    delay: float = 0
    loss: float = 0
    burst: str = "128k"
    queue_ms: int = 0
    budget: float = 0.3  # seconds a size
    fewest: int = 3  # repetitions

    def limit(self, world, size):
        """Seconds that no all-reduce over TCP can be faster than; None where no rate is set."""
        if not self.rate:
            return None
        sent = 2 * (world - 1) / world * size
        return sent * 8 / self.rate * MTU_FRAME / MTU_PAYLOAD + 2 * (world - 1) * self.delay


KI, MI = 1 << 10, 1 << 20
# Small messages may pass the limit: a token bucket lets a burst through, and who needs fewer than
# 2(W-1) hops waits for fewer delays.
LINKS = {link.name: link for link in [
    Link("loop", "loopback", "loopback", (2, 4), (KI, 4 * KI, 64 * KI, MI, 16 * MI, 64 * MI)),
    Link("gbit", "1 Gbit/s", "bridge", (4,), (KI, 4 * KI, 64 * KI, MI, 16 * MI), rate=1e9,
         delay=30e-6),
    Link("ms", "1 Gbit/s, 1 ms there and back", "switch", (4,), (KI, 4 * KI, 64 * KI), rate=1e9,
         delay=0.5e-3, queue_ms=50),
    Link("fast", "100 Mbit/s, 1 ms there and back", "switch", (4,), (KI, 4 * KI, 64 * KI, MI, 16 * MI),
         rate=100e6, delay=0.5e-3, burst="6k", queue_ms=50, fewest=2),
    Link("weak", "20 Mbit/s, 10 ms there and back, 1 % loss", "switch", (4,),
         (KI, 64 * KI, MI, 4 * MI), rate=20e6, delay=5e-3, loss=1, burst="6k", queue_ms=100,
         budget=1, fewest=2),
]}


class NetworkError(Exception):
    """A namespace or a link could not be made; the text says which, and why."""


def call(*words):
    try:
        done = subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, timeout=30,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                              check=False)
    except subprocess.TimeoutExpired:
        raise NetworkError(f"{' '.join(map(str, words))}: not done after 30 s") from None
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise NetworkError(f"{' '.join(map(str, words))}: {said}")


def said(*words):
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=30,
                          check=False).stdout


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def take_down(name):
    for pid in said("ip", "netns", "pids", name).split():
        try:
            os.kill(int(pid), signal.SIGKILL)
        except ProcessLookupError:
            pass
    said("ip", "netns", "del", name)


def sweep():
    """Takes down what a call that was killed itself has left."""
    for name in re.findall(rf"(?m)^{PREFIX}\d+-\w+", said("ip", "netns", "list")):
        if not is_alive(int(name.removeprefix(PREFIX).split("-")[0])):
            take_down(name)


class Network:
    """The namespaces of one link, from `with` to its end; only those that were made here go."""

    def __init__(self, link, world, switch):
        self.link, self.world, self.switch = link, world, switch
        self.prefix = f"{PREFIX}{os.getpid()}-"
        self.made, self.process = [], None

    def namespace(self, rank):
        return f"{self.prefix}{0 if self.link.kind == 'loopback' else rank}"

    def address(self, rank):
        return "127.0.0.1" if self.link.kind == "loopback" else f"{SUBNET}.{rank + 1}"

    def enter(self, rank):
        """The words before a command that make it run on that computer."""
        return ["ip", "netns", "exec", self.namespace(rank)]

    def __enter__(self):
        try:
            self.up()
        except BaseException:
            self.down()
            raise
        return self

    def __exit__(self, *_):
        self.down()

    def add(self, name):
        self.made.append(name)  # first: Ctrl-C may come in between
        call("ip", "netns", "add", name)
        call("ip", "-n", name, "link", "set", "lo", "up")

    def up(self):
        if self.link.kind == "loopback":
            self.add(self.namespace(0))
            return
        for rank in range(self.world):
            self.add(self.namespace(rank))
        middle = self.prefix + "middle"
        self.add(middle)
        if self.link.kind == "bridge":
            self.plug_into_bridge(middle)
        else:
            self.plug_into_switch(middle)
        for rank in range(self.world):
            name = self.namespace(rank)
            call("ip", "-n", name, "addr", "add", f"{self.address(rank)}/24", "dev", "eth0")
            call("ip", "-n", name, "link", "set", "eth0", "up")
            self.shape(name, "eth0")

    def shape(self, name, device):
        call("ip", "netns", "exec", name, "tc", "qdisc", "add", "dev", device, "root", "tbf", "rate",
             f"{self.link.rate:.0f}bit", "burst", self.link.burst, "latency", "200ms")

    def plug_into_bridge(self, middle):
        call("ip", "-n", middle, "link", "add", "bridge", "type", "bridge")
        call("ip", "-n", middle, "link", "set", "bridge", "up")
        for rank in range(self.world):
            port = f"port{rank}"
            call("ip", "-n", middle, "link", "add", port, "type", "veth", "peer", "name", "eth0",
                 "netns", self.namespace(rank))
            call("ip", "-n", middle, "link", "set", port, "master", "bridge", "up")
            self.shape(middle, port)

    def plug_into_switch(self, middle):
        link = self.link
        words = [self.world, f"{link.rate:.0f}", round(link.delay * 1e6), link.loss, link.queue_ms]
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", middle, self.switch, *map(str, words)], text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True)
        if self.process.stdout.readline() != "ready\n":
            raise NetworkError("the switch did not start; it says why above")
        for rank in range(self.world):
            call("ip", "-n", middle, "link", "set", f"port{rank}", "netns", self.namespace(rank),
                 "name", "eth0")

    def down(self):
        """Whatever else is in these namespaces was started for them, and ends with them."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self.process = None
        for name in reversed(self.made):
            take_down(name)
        self.made = []
