"""What surrounds sums and steps, in tables: codecs, and reading beside unpacking alone."""
import results
from tables import goals_table, markdown, median_of, plain, ratio, rounds_of, say_goals
from verdict import judged

CODECS = {"f16": (4 + 2 * 256) / 1024, "q8": (4 + 256) / 1024, "q4": (4 + 128) / 1024}  # of float32
FASTEST_LINK = 0.1  # Gbit/s up to which compression must not cost more than it saves


class Kernels:
    """Medians over the rounds."""

    def __init__(self, rows):
        self.rate = results.medians(rows, ("kernel", "system"), "bytes_per_second")

    def codec(self, name):
        """GB/s of float32 to encode and to decode; None where one is missing."""
        rates = [self.rate.get((f"{name} {what}", "annulet")) for what in ("encode", "decode")]
        return [rate / 1e9 for rate in rates] if all(rates) else None

    def break_even(self, name):
        """Gbit/s of a link that carries float32 as fast as one core encodes and decodes it."""
        rates = self.codec(name)
        return 8 / sum(1 / rate for rate in rates) if rates else None

    def reading(self):
        """{file: (MB/s read, MB/s unpacked)}."""
        names = [kernel for kernel, system in self.rate if system == "unpacking alone"]
        return {name.removeprefix("reading "): (self.rate[name, "annulet"] / 1e6,
                                                self.rate[name, "unpacking alone"] / 1e6)
                for name in names if (name, "annulet") in self.rate}

    def over_unpacking(self, file):
        """How often as long reading takes as unpacking alone; for a plain file, as unpacking FILE.xz."""
        found = self.reading()
        alone = found.get(f"{file}.xz", found.get(file))
        return alone[1] / found[file][0] if file in found else None


def codecs_table(kernels):
    lines = []
    for name, share in CODECS.items():
        rates = kernels.codec(name)
        if rates:
            lines.append([name, f"{100 * share:.0f} %", *(f"{rate:.1f} GB/s" for rate in rates),
                          f"{kernels.break_even(name):.0f} Gbit/s"])
    return ["codec", "bytes", "encode", "decode and add", "break-even"], lines


def reading_table(kernels):
    lines = [[file, f"{read:.0f} MB/s", f"{alone:.0f} MB/s", ratio(kernels.over_unpacking(file))]
             for file, (read, alone) in kernels.reading().items()]
    return ["file", "reading", "unpacking alone", "time over unpacking"], lines


def judge_kernels(rows):
    whole, alone, verdicts = Kernels(rows), list(map(Kernels, results.by_round(rows))), []

    def judge(text, aim, figure):
        verdicts.append(judged(text, aim, whole, alone, figure))

    for name in ("q8", "q4"):
        for i, what in enumerate(("encode", "decode")):
            judge(f"{name}, {what}: GB/s of float32", ">= 2",
                  lambda kernels: (kernels.codec(name) or (None, None))[i])
        judge(f"{name}: Gbit/s up to which it saves time", f">= {FASTEST_LINK}",
              lambda kernels: kernels.break_even(name))
    for file in ("w8a", "w8a.xz", "train-images-idx3-ubyte.gz"):
        judge(f"reading {file}: times unpacking it", "<= 2", lambda kernels: kernels.over_unpacking(file))
    return verdicts


def say(rows):
    kernels = Kernels(rows)
    return "\n".join([f"one core: {median_of(rounds_of(rows))}", plain(*codecs_table(kernels)) + "\n",
                      plain(*reading_table(kernels)) + "\n", say_goals(judge_kernels(rows))])


def parts_of(folder):
    """Name of a marker: its text; what was measured (pages.runs_text)."""
    runs, rows = results.read(folder / "kernels.csv", results.KERNELS)
    kernels = Kernels(rows)
    often = f"Of each, the {median_of(rounds_of(rows))}.\n\n" if rows else "Not measured yet."
    parts = {name: often + (markdown(*table(kernels)) if rows else "")
             for name, table in (("codecs", codecs_table), ("reading", reading_table))}
    parts["goals kernels"] = markdown(*goals_table(judge_kernels(rows)))
    return parts, [("kernels", runs, rows)]
