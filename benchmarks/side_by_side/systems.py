"""What is timed side by side, and the commands that start it."""
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from links import RSH, SUBNET
from processes import MeasurementError, measured

GLOO = ("ring", "ring_chunked", "halving_doubling", "bcube")
# 4: the ring, of the algorithms of OpenMPI's "tuned" module.
FORCED_RING = ["--mca", "coll_tuned_use_dynamic_rules", "1",
               "--mca", "coll_tuned_allreduce_algorithm", "4"]
PASSED_ON = ("LD_PRELOAD", "BENCH_CONGESTION", "BENCH_BYTES", "BENCH_BUDGET", "BENCH_MIN_ITERS",
             "BENCH_CPU")


@dataclass(frozen=True)
class Programs:
    """Where the programs of a build are. A peer that is not there was not built."""

    build: Path

    def of(self, name):
        folder = {"gloo_bench": "peers", "openmpi_bench": "peers", "ethernet_switch": "links",
                  "congestion.so": "links"}.get(name, "")
        return self.build / "benchmarks" / folder / name

    def is_there(self, name):
        return self.of(name).is_file()


def systems_on(link):
    """The names of all that are timed on that link, in the order of a round."""
    names = ["annulet"] + (["annulet:4", "annulet:8"] if link.loss else [])
    names += ["unchecked"] if link.name in ("loop", "gbit") else []
    return names + [f"gloo:{algorithm}" for algorithm in GLOO] + ["openmpi:own", "openmpi:ring"]


def systems_of(link, programs):
    """Of those, the ones that can run here."""
    there = {"annulet": True, "unchecked": programs.is_there("ring_bench_unchecked"),
             **peers_here(programs)}
    return [name for name in systems_on(link) if there[name.partition(":")[0]]]


def peers_here(programs):
    """Who of them can be measured."""
    return {"gloo": programs.is_there("gloo_bench"),
            "openmpi": programs.is_there("openmpi_bench") and bool(shutil.which("mpirun.openmpi"))}


def turned(order, number):
    """Every other round the other way around: who comes first finds a machine that has slept."""
    return order if number % 2 else order[::-1]


def settings(link, sizes, congestion, programs):
    return {"BENCH_BYTES": ",".join(map(str, sizes)), "BENCH_BUDGET": str(link.budget),
            "BENCH_MIN_ITERS": str(link.fewest), "BENCH_CPU": "1",
            "BENCH_CONGESTION": congestion, "LD_PRELOAD": str(programs.of("congestion.so"))}


def deadline(link, world, sizes):
    """Seconds: twenty times the limit for each time that a size is summed, and a minute to begin."""
    times = 1 + link.fewest
    return 60 + sum(20 * times * (link.limit(world, size) or size / 1e8) for size in sizes)


def per_rank(network, words, environment):
    """The same command on each rank; "@" stands for the rank."""
    peers = "" if network.link.kind == "loopback" else ",".join(
        network.address(rank) for rank in range(network.world))
    return [(network.enter(rank) + [str(rank) if word == "@" else str(word) for word in words],
             {**environment, "PEERS": peers}) for rank in range(network.world)]


def mpirun(network, algorithm, environment, program):
    words = ["mpirun.openmpi", "--bind-to", "none", "-np", network.world,
             "--mca", "pml", "ob1", "--mca", "btl", "tcp,self"]
    words += FORCED_RING if algorithm == "ring" else []
    if network.link.kind == "loopback":
        words += ["--oversubscribe", "--mca", "btl_tcp_if_include", "lo"]
    else:
        # It takes each namespace for a computer, and would let its rank poll without giving way.
        words += ["--mca", "mpi_yield_when_idle", "1"]
        hosts = ",".join(network.address(rank) for rank in range(network.world))
        words += ["--host", hosts, "--mca", "plm_rsh_agent", RSH,
                  "--mca", "btl_tcp_if_include", f"{SUBNET}.0/24",
                  "--mca", "oob_tcp_if_include", f"{SUBNET}.0/24"]
    for name in PASSED_ON:
        words += ["-x", name]
    words = " ".join(map(str, [*words, program, algorithm]))
    # mpirun tells computers by their host names: rank 0's is that of its namespace.
    name = network.namespace(0)
    command = network.enter(0) + ["unshare", "--uts", "bash", "-c", f"hostname {name}; exec {words}"]
    environment = {**environment, "BENCH_NAMESPACES": network.prefix,
                   "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    return [(command, environment)]


ROW = re.compile(r"(?m)^\w+,(\w+),(\d+),(\d+),(\d+),([\d.]+),([\d.]+),([\d.]+),[\d.]+$")
CPU = re.compile(r"(?m)^cpu,\w+,\w+,\d+,(\d+),user_us=([\d.]+),sys_us=([\d.]+),switches=([\d.]+)$")


def rows_of(output, error):
    """One dict for each size."""
    used = {found[0]: (float(found[1]) + float(found[2]), float(found[3]))
            for found in CPU.findall(error)}
    rows = []
    for _, world, size, count, median, low, high in ROW.findall(output):
        cpu, switches = used.get(size, ("", ""))
        rows.append({"world": int(world), "bytes": int(size), "operations": int(count),
                     "median_us": float(median), "p10_us": float(low), "p90_us": float(high),
                     "cpu_us": round(cpu, 1) if used else "", "switches": switches})
    return rows


def time_system(name, network, sizes, congestion, programs):
    """The rows of one system on that network: all sizes, one after the other."""
    rows = run_system(name, network, sizes, congestion, programs)
    silent = sorted(set(sizes) - {row["bytes"] for row in rows})
    if silent:
        raise MeasurementError(f"it ended without a figure of {', '.join(map(str, silent))} bytes")
    return rows


def run_system(name, network, sizes, congestion, programs):
    """What it says of them."""
    environment = settings(network.link, sizes, congestion, programs)
    kind, _, what = name.partition(":")
    patience = deadline(network.link, network.world, sizes)
    if kind == "openmpi":
        command = mpirun(network, what, environment, programs.of("openmpi_bench"))
        return rows_of(*measured(command, patience))
    if kind == "gloo":
        with tempfile.TemporaryDirectory() as folder:
            words = [programs.of("gloo_bench"), what, "@", network.world, folder]
            return rows_of(*measured(per_rank(network, words, environment), patience))
    environment = {**environment, "BENCH_EXCHANGE": "auto", "BENCH_STREAMS": what or "1"}
    program = programs.of("ring_bench_unchecked" if kind == "unchecked" else "ring_bench")
    words = [program, "ring", "@", network.world]
    return rows_of(*measured(per_rank(network, words, environment), patience))
