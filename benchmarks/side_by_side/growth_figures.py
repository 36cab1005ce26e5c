"""What the goals of growth compare, from the rows: medians over the rounds of a measurement."""
import results
from growth import DELAY, RATE
from links import MI

FACTS = 6  # numbers that travel beside a model
FLOAT = 4  # bytes


def formula_bytes(world, parameters):
    """What a worker sends in a round."""
    return 2 * (world - 1) / world * (parameters + FACTS) * FLOAT


def formula_us(world, parameters):
    """An average of a ring in virtual time: its bytes at the link's rate, and 2(W-1) delays."""
    return (formula_bytes(world, parameters) * 8 / RATE + 2 * (world - 1) * DELAY) * 1e6


class Growth:
    """rounds, sent_bytes and so on: by part, W and parameters."""

    VALUES = ("rounds", "sent_bytes", "round_us", "average_us", "planned_us", "start_us", "rss_bytes")

    def __init__(self, rows):
        for value in self.VALUES:
            found = results.medians(rows, ("part", "world", "parameters"), value)
            setattr(self, value, {(part, int(world), int(parameters)): median
                                  for (part, world, parameters), median in found.items()})

    def cells(self, part):
        return sorted(cell for cell in self.rounds if cell[0] == part)

    def figure(self, what):
        """What the goal compares; None where it was not measured."""
        return getattr(self, what)()

    def over_formula(self):
        return max((self.average_us[cell] / formula_us(*cell[1:]) for cell in self.cells("virtual")),
                   default=None)

    def over_bytes(self):
        return max((self.sent_bytes[cell] / formula_bytes(*cell[1:]) for cell in self.cells("virtual")),
                   default=None)

    def start_seconds(self):
        found = [self.start_us[cell] / 1e6 for cell in self.cells("processes") if cell[1] == 16]
        return found[0] if found else None

    def memory_of_ring(self):
        """The largest ring's over the smallest one's."""
        cells = self.cells("processes")
        return self.rss_bytes[cells[-1]] / self.rss_bytes[cells[0]] if len(cells) > 1 else None

    def between(self, values, least):
        """The slope of values over bytes of the model, from that many parameters to the most."""
        cells = [cell for cell in self.cells("sizes") if cell[2] >= least]
        if len(cells) < 2:
            return None
        first, last = cells[0], cells[-1]
        return (values[last] - values[first]) / ((last[2] - first[2]) * FLOAT)

    def model_buffers(self):
        return self.between(self.rss_bytes, 10 ** 6)

    def linear(self):
        """Time of an average for each parameter: of the largest model over that of one a tenth as
        large."""
        cells = self.cells("sizes")
        if not cells or ("sizes", 2, cells[-1][2] // 10) not in self.average_us:
            return None
        return 0.1 * self.average_us[cells[-1]] / self.average_us["sizes", 2, cells[-1][2] // 10]


class Protection:
    """Medians over the rounds, by link, W and system, of 16 MiB."""

    def __init__(self, rows):
        here = [row for row in rows if row["bytes"] == str(16 * MI)]
        keys = ("link", "world", "system")
        self.time_us, self.cpu_us = (results.medians(here, keys, value)
                                     for value in ("median_us", "cpu_us"))

    def rings(self):
        """(link, W), the one link after the other."""
        return list(dict.fromkeys(key[:2] for key in self.time_us))

    def share(self, link, world, system):
        """Of a round with all of it, what a round without some of it does not take; None where it was
        not measured."""
        whole = self.time_us.get((link, str(world), "all on"))
        less = self.time_us.get((link, str(world), system))
        return (whole - less) / whole if whole and less else None
