"""What a goal has become."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """value is None where it was not measured; rounds: what each of them alone would give."""

    text: str
    aim: str
    value: float
    rounds: tuple = ()

    @property
    def spread(self):
        if len(self.rounds) < 2:
            return "-"
        return f"{min(self.rounds):.2f} to {max(self.rounds):.2f}"

    @property
    def said(self):
        return "-" if self.value is None else f"{self.value:.2f}"

    @property
    def word(self):
        if self.value is None:
            return "not measured"
        sign, bound = self.aim.split()
        met = self.value >= float(bound) if sign == ">=" else self.value <= float(bound)
        return "met" if met else "not met"


def judged(text, aim, whole, alone, figure):
    """figure(source): the value of what is made of all rows, whole, or of one round's, each of alone."""
    values = [figure(source) for source in alone]
    return Verdict(text, aim, figure(whole), tuple(value for value in values if value is not None))
