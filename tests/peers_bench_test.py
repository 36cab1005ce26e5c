"""Who script/bench ring can time here, and what it makes of one that says nothing.

    python3 tests/peers_bench_test.py

Needs neither root nor peers.
"""
import sys
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks/side_by_side"))

import links
import main
import ring
import systems
from processes import MeasurementError

ROW = "annulet,ring,4,{0},10,5.0,4.0,6.0,0.1\n"
NETWORK = SimpleNamespace(link=links.LINKS["gbit"], world=4, address=str, enter=lambda rank: [])


def built(folder, *names):
    """A build that has those programs."""
    programs = systems.Programs(Path(folder))
    for name in names:
        file = programs.of(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return programs


def timed(output):
    """What comes of a program that prints that, where two sizes are asked for."""
    with mock.patch.object(systems, "measured", return_value=(output, "")):
        return systems.time_system("annulet", NETWORK, [1024, 4096], "cubic",
                                   systems.Programs(Path("build")))


class Peers(unittest.TestCase):
    def test_all_sizes_must_have_a_figure(self):
        rows = timed(ROW.format(1024) + ROW.format(4096))
        self.assertEqual([row["bytes"] for row in rows], [1024, 4096])
        for output in ("", ROW.format(1024)):
            with self.assertRaisesRegex(MeasurementError, "without a figure of .*4096 bytes"):
                timed(output)

    def test_openmpi_needs_its_launcher(self):
        with tempfile.TemporaryDirectory() as folder:
            programs = built(folder, "openmpi_bench")
            for launcher, left_out in (("/usr/bin/mpirun.openmpi", ["gloo"]),
                                       (None, ["gloo", "openmpi"])):
                with mock.patch.object(systems.shutil, "which", return_value=launcher):
                    self.assertEqual(ring.unbuilt(programs), left_out)

    def test_bbr_is_needed_where_all_is_measured_on_a_link_with_loss(self):
        def of(what, *names, congestion="cubic"):
            return main.congestions(SimpleNamespace(what=what, links=names, congestion=congestion))
        self.assertEqual(of("all", "loop", "weak"), ["cubic", "bbr"])
        self.assertEqual(of("all", "loop"), ["cubic"])
        self.assertEqual(of("ring", "weak"), ["cubic"])
        self.assertEqual(of("all", "weak", congestion="bbr"), ["bbr"])


if __name__ == "__main__":
    unittest.main()
