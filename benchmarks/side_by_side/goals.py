"""What is aimed at, in one table, and the arithmetic that says whether it is met."""
import results
from growth_figures import Growth, Protection
from links import LINKS
from verdict import judged

KI, MI = 1 << 10, 1 << 20

# Of the ring. What is compared: (what it is, at least or at most, how much).
#   limit    the least time that TCP can take on that link, over ours; "limit:4": of 4 connections
#   iperf3   our bus bandwidth over iperf3's / W: what one stream moves with all cores
#   gloo     the time of the best of Gloo's algorithms, over ours; "gloo:ring": of that one
#   openmpi  the same of OpenMPI
#   unchecked  the same of ours without checksums
#   ms       our milliseconds
#   cpu      our CPU time over that of Gloo's ring
RING = [
    ("gbit", "cubic", 4, 16 * MI, "limit", ">=", 0.97),
    ("gbit", "cubic", 4, 16 * MI, "gloo", ">=", 0.98),
    ("gbit", "cubic", 4, 16 * MI, "openmpi:ring", ">=", 1.05),
    ("fast", "cubic", 4, 16 * MI, "limit", ">=", 0.97),
    ("fast", "cubic", 4, 16 * MI, "gloo", ">=", 0.98),
    ("fast", "cubic", 4, 16 * MI, "openmpi:ring", ">=", 1.05),
    ("gbit", "cubic", 4, KI, "gloo", ">=", 3),
    ("gbit", "cubic", 4, KI, "gloo:ring", ">=", 50),
    ("gbit", "cubic", 4, 4 * KI, "gloo", ">=", 3),
    ("gbit", "cubic", 4, 4 * KI, "gloo:ring", ">=", 50),
    ("gbit", "cubic", 4, KI, "openmpi", ">=", 0.77),  # at most 1.3 times its time
    ("ms", "cubic", 4, KI, "ms", "<=", 1.0),
    ("ms", "cubic", 4, KI, "gloo", ">=", 3),
    ("ms", "cubic", 4, KI, "openmpi", ">=", 1.3),
    ("fast", "cubic", 4, KI, "ms", "<=", 1.0),
    ("fast", "cubic", 4, KI, "gloo", ">=", 3),
    ("fast", "cubic", 4, KI, "openmpi", ">=", 1.3),
    ("loop", "cubic", 2, MI, "gloo", ">=", 1.7),
    ("loop", "cubic", 4, MI, "gloo", ">=", 1.7),
    ("loop", "cubic", 2, 16 * MI, "gloo", ">=", 1.4),
    ("loop", "cubic", 4, 16 * MI, "gloo", ">=", 1.4),
    ("loop", "cubic", 2, 16 * MI, "iperf3", ">=", 0.9),
    ("loop", "cubic", 4, 16 * MI, "iperf3", ">=", 0.9),
    ("weak", "cubic", 4, 4 * MI, "limit:4", ">=", 0.80),  # the most that net.streams = "auto" takes
    ("weak", "cubic", 4, 4 * MI, "limit:8", ">=", 0.80),
    ("weak", "bbr", 4, 4 * MI, "limit", ">=", 0.88),
    ("gbit", "cubic", 4, 16 * MI, "cpu", "<=", 0.75),
    ("gbit", "cubic", 4, 16 * MI, "unchecked", ">=", 0.99),
]

# Of local steps: steps a second of ours over those of the other.
STEPS = [
    ("w8a", "scikit-learn", ">=", 2),
    ("mlp 784-64-10", "PyTorch", ">=", 2.5),
    ("mlp 784-256-10", "PyTorch", ">=", 1.4),
    ("softmax 784-10", "PyTorch", ">=", 1.5),
    ("mlp 784-64-10", "Eigen's products", ">=", 0.7),
    ("w8a, averaged and corrected", "neither", ">=", 0.6),
    ("w8a, d = 1,000,000", "d = 300", ">=", 0.95),
    ("mlp 784-256-10, 2 threads", "1 thread", ">=", 1.7),
]

# Of growth: (what growth_figures compares, in words, at least or at most, how much).
GROWTH = [
    ("over_formula", "W = 2 to 64 in virtual time: an average over its formula", "<=", 1.01),
    ("over_bytes", "W = 2 to 64 in virtual time: bytes of a round over their formula", "<=", 1.001),
    ("start_seconds", "16 processes: seconds until the first round is over", "<=", 1),
    ("memory_of_ring", "16 processes: memory of one over that in a ring of two", "<=", 1.05),
    ("model_buffers", "10^6 to 10^8 parameters: bytes of memory for one of the model", "<=", 3.05),
    ("linear", "10^8 parameters: time of each over that of 10^7", "<=", 1.1),
]

# Of what protects a round of 16 MiB: (link, W, without what, the most per cent of its time).
PROTECTION = [(link, world, system, 1)
              for link, world in (("gbit", 4), ("gbit", 2))
              for system in ("no checksums", "no facts", "no hashes", "no events", "all off")]


class Ring:
    """Medians over the rounds, by link, congestion control, W, system and bytes."""

    def __init__(self, rows):
        keys = ("link", "congestion", "world", "system", "bytes")
        timed = [row for row in rows if row["system"] != "iperf3"]
        self.time_us = results.medians(timed, keys, "median_us")
        self.cpu_us = results.medians(timed, keys, "cpu_us")
        # A cell's own rounds, and no others, say what one stream gets; MB/s.
        runs = {}
        for row in timed:
            runs.setdefault(row["run"], set()).add(tuple(row[key] for key in keys if key != "system"))
        beside = ("link", "congestion", "of_world", "of_bytes")
        moved = [{**row, "rate": float(row["bytes"]) / float(row["median_us"]), "of_world": where[2],
                  "of_bytes": where[3]}
                 for row in rows if row["system"] == "iperf3" for where in runs.get(row["run"], ())
                 if where[:2] == (row["link"], row["congestion"])]
        self.iperf3 = results.medians(moved, beside, "rate")

    def best(self, kind, link, congestion, world, size, of=None):
        """The least of all systems "kind" and "kind:...", and its name; or (None, None)."""
        found = [(value, key[3]) for key, value in (of or self.time_us).items()
                 if key[:3] == (link, congestion, str(world)) and key[4] == str(size)
                 and (key[3] == kind or key[3].startswith(kind + ":"))]
        return min(found, default=(None, None))

    def limit_us(self, link, congestion, world, size):
        """Of the rate and the delay; on loopback of iperf3, whose stream all ranks share."""
        limit = LINKS[link].limit(world, size)
        if limit is not None:
            return limit * 1e6
        rate = self.iperf3.get((link, congestion, str(world), str(size)))
        return 2 * (world - 1) / world * size / (rate / world) if rate else None

    def figure(self, link, congestion, world, size, what):
        """What the goal compares; None where it was not measured."""
        where = (link, congestion, world, size)
        ours, _ = self.best("annulet", *where)
        if what == "cpu":
            ours, _ = self.best("annulet", *where, of=self.cpu_us)
            theirs, _ = self.best("gloo:ring", *where, of=self.cpu_us)
            return ours / theirs if ours and theirs else None
        if not ours:
            return None
        if what == "ms":
            return ours / 1e3
        if what == "iperf3" or what.startswith("limit"):
            if streams := what.partition(":")[2]:
                ours, _ = self.best(f"annulet:{streams}", *where)
            limit = self.limit_us(*where)
            return limit / ours if limit and ours else None
        theirs, _ = self.best(what, *where)
        return theirs / ours if theirs else None


WORDS = {"limit": "of the TCP limit", "limit:4": "of the TCP limit, 4 connections a hop",
         "limit:8": "of the TCP limit, 8 connections a hop", "iperf3": "of iperf3 / W", "ms": "milliseconds",
         "cpu": "of the CPU time of Gloo's ring", "gloo": "times Gloo's best",
         "gloo:ring": "times Gloo's ring", "openmpi": "times OpenMPI's best",
         "openmpi:ring": "times OpenMPI's ring", "unchecked": "times ours without checksums"}


def size_text(size):
    for unit, name in ((MI, "MiB"), (KI, "KiB")):
        if size % unit == 0:
            return f"{size // unit} {name}"
    return f"{size:,} B"


def judge_ring(rows):
    whole, alone = Ring(rows), list(map(Ring, results.by_round(rows)))
    verdicts = []
    for link, congestion, world, size, what, sign, bound in RING:
        where = (link, congestion, world, size, what)
        text = f"{LINKS[link].text}, W = {world}, {size_text(size)}"
        text += f", {congestion}" if congestion != "cubic" else ""
        verdicts.append(judged(f"{text}: {WORDS[what]}", f"{sign} {bound:g}", whole, alone,
                               lambda ring: ring.figure(*where)))
    return verdicts


def judge_steps(rows):
    def rates_of(some):
        return results.medians(some, ("problem", "system"), "steps_per_second")

    whole, alone = rates_of(rows), list(map(rates_of, results.by_round(rows)))
    verdicts = []
    for problem, system, sign, bound in STEPS:
        def times(rates):
            ours, theirs = rates.get((problem, "annulet")), rates.get((problem, system))
            return ours / theirs if ours and theirs else None
        verdicts.append(judged(f"{problem}: times {system}", f"{sign} {bound:g}", whole, alone, times))
    return verdicts


def judge_growth(rows):
    whole, alone = Growth(rows), list(map(Growth, results.by_round(rows)))
    return [judged(text, f"{sign} {bound:g}", whole, alone, lambda growth: growth.figure(what))
            for what, text, sign, bound in GROWTH]


def judge_protection(rows):
    whole, alone = Protection(rows), list(map(Protection, results.by_round(rows)))
    verdicts = []
    for link, world, system, most in PROTECTION:
        def per_cent(protection):
            share = protection.share(link, world, system)
            return None if share is None else 100 * share
        text = f"{LINKS[link].text}, W = {world}, 16 MiB: per cent less with {system}"
        verdicts.append(judged(text, f"<= {most:g}", whole, alone, per_cent))
    return verdicts
