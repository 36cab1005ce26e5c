"""What a goal has become."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """value is None where it was not measured."""

    text: str
    aim: str
    value: float

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
