"""The arithmetic of script/bench growth: formulas, figures, goals, and what it reads of a run.

    python3 tests/growth_test.py

Needs neither root nor anything built.
"""
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks/side_by_side"))

import goals
import growth
import growth_figures
import growth_tables
import main
import processes
import protection
import results

MI = 1 << 20


def row(part, world, parameters, number=1, **values):
    """As it comes out of the file: all is text."""
    known = {"run": "r", "round": number, "part": part, "link": "loop", "world": world,
             "parameters": parameters, "rounds": 8, **values}
    return {key: str(known.get(key, "")) for key in results.GROWTH}


def guarded(system, median, link="gbit", world=4, size=16 * MI, cpu=1):
    values = {"run": "r", "round": 1, "link": link, "congestion": "cubic", "world": world,
              "system": system, "bytes": size, "operations": 3, "median_us": median, "p10_us": median,
              "p90_us": median, "cpu_us": cpu, "switches": ""}
    return {key: str(value) for key, value in values.items()}


def figure(what, *rows):
    return growth_figures.Growth(rows).figure(what)


class Formulas(unittest.TestCase):
    def test_a_worker_sends_its_share_of_model_and_facts_twice(self):
        self.assertEqual(growth_figures.formula_bytes(4, 100_000), 1.5 * 100_006 * 4)

    def test_an_average_takes_bytes_at_the_rate_and_a_delay_a_hop(self):
        # 1.5 x 400,024 bytes at 12.5 bytes a microsecond, and six delays of 1 ms.
        self.assertAlmostEqual(growth_figures.formula_us(4, 100_000), 48_002.88 + 6_000)

    def test_the_link_of_the_formula_is_that_of_the_run(self):
        self.assertEqual(growth.LINK, f"{growth.RATE / 1e6:.0f}mbit,{growth.DELAY * 1e3:.0f}ms")


class Figures(unittest.TestCase):
    def test_the_worst_ring_counts_against_the_formula(self):
        limits = [growth_figures.formula_us(world, 1000) for world in (2, 64)]
        rows = [row("virtual", 2, 1000, average_us=limits[0] * 0.9),
                row("virtual", 64, 1000, average_us=limits[1] * 1.5)]
        self.assertAlmostEqual(figure("over_formula", *rows), 1.5)

    def test_the_worst_ring_counts_against_the_bytes(self):
        rows = [row("virtual", world, 1000, sent_bytes=factor * growth_figures.formula_bytes(world, 1000))
                for world, factor in ((2, 1.25), (8, 1))]
        self.assertEqual(figure("over_bytes", *rows), 1.25)

    def test_rings_are_ordered_by_number(self):
        rows = [row("processes", world, 1000, rss_bytes=rss)
                for world, rss in ((16, 300), (2, 100), (8, 999))]
        self.assertEqual(figure("memory_of_ring", *rows), 3)

    def test_start_up_is_that_of_sixteen(self):
        rows = [row("processes", world, 1000, start_us=start) for world, start in ((16, 5e5), (2, 9e6))]
        self.assertEqual(figure("start_seconds", *rows), 0.5)
        self.assertIsNone(figure("start_seconds", rows[1]))

    def test_memory_grows_by_the_slope_of_large_models(self):
        rows = [row("sizes", 2, size, rss_bytes=9_000_000 + 3 * 4 * size)
                for size in (10 ** 6, 10 ** 7, 10 ** 8)]
        self.assertEqual(figure("model_buffers", *rows, row("sizes", 2, 1000, rss_bytes=1)), 3)
        self.assertIsNone(figure("model_buffers", rows[0]))

    def test_time_is_compared_with_a_model_a_tenth_as_large(self):
        rows = [row("sizes", 2, size, average_us=us)
                for size, us in ((10 ** 6, 1), (10 ** 7, 1000), (10 ** 8, 12_000))]
        self.assertAlmostEqual(figure("linear", *rows), 1.2)
        self.assertIsNone(figure("linear", rows[2]))

    def test_a_figure_is_the_median_over_rounds(self):
        rows = [row("processes", 16, 1000, number=number, start_us=us)
                for number, us in enumerate((9e6, 1e6, 2e6))]
        self.assertEqual(figure("start_seconds", *rows), 2)

    def test_each_case_is_measured_once_and_the_virtual_ones_share_their_steps(self):
        self.assertEqual(len({(case.part, case.world, case.parameters) for case in growth.CASES}),
                         len(growth.CASES))
        self.assertEqual({case.world * case.steps for case in growth.CASES if case.is_virtual},
                         {growth.SHARED_STEPS})
        self.assertEqual({case.part for case in growth.CASES} | {"protection"}, set(growth.PARTS))


class Protection(unittest.TestCase):
    def test_a_share_is_what_the_round_without_it_does_not_take(self):
        rows = [guarded("all on", 200), guarded("no facts", 190), guarded("all on", 50, world=2),
                guarded("no facts", 1, size=MI), guarded("no facts", 1, link="loop")]
        figures = growth_figures.Protection(rows)
        self.assertAlmostEqual(figures.share("gbit", 4, "no facts"), 0.05)
        self.assertIsNone(figures.share("gbit", 2, "no facts"))
        self.assertIsNone(figures.share("loop", 2, "no facts"))

    def test_goals_are_of_what_is_measured(self):
        rings = {(link, world) for link, world, _ in protection.RINGS}
        for link, world, system, _ in goals.PROTECTION:
            self.assertIn((link, world), rings)
            self.assertIn(system, protection.PROGRAMS)
        for what, *_ in goals.GROWTH:
            self.assertIsNone(figure(what))

    def test_per_cent_are_judged(self):
        rows = [guarded("all on", 1000), guarded("no facts", 988), guarded("no events", 991)]
        words = {verdict.text: (verdict.said, verdict.word) for verdict in goals.judge_protection(rows)}
        begin = "1 Gbit/s, W = 4, 16 MiB: per cent less with "
        self.assertEqual(words[begin + "no facts"], ("1.20", "not met"))
        self.assertEqual(words[begin + "no events"], ("0.90", "met"))
        self.assertEqual(words[begin + "no hashes"], ("-", "not measured"))


class Runs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_rounds_that_warm_up_do_not_count(self):
        rows = [{"seconds": seconds, "wait_s": wait, "average_s": 0.5}
                for seconds, wait in ((9, 9), (19, 9), (21, 0.5), (24, 1.5))]
        whole, average = growth.steady(rows, lambda values: sum(values) / len(values))
        self.assertEqual((whole, average), (2.5e6, 1.5e6))

    def test_a_run_has_begun_when_its_first_round_is_over(self):
        log = self.folder / "log.jsonl"
        lines = ['{"t":"1970-01-01T00:00:0%d.250Z","ev":"%s"}\n' % line
                 for line in ((1, "start"), (2, "round"), (3, "round"))]
        log.write_text("".join(lines), encoding="utf-8")
        self.assertEqual(growth.first_round(log), 2.25)
        log.write_text(lines[0], encoding="utf-8")
        with self.assertRaises(processes.MeasurementError):
            growth.first_round(log)

    def test_another_size_of_ring_or_model_stays_in_the_results(self):
        path = self.folder / "growth.csv"
        for run, cells in (("r", ((2, 10), (4, 10), (2, 20))), ("s", ((2, 10),))):
            partial = results.Partial(path, results.GROWTH, {"run": run})
            for world, parameters in cells:
                partial.add(**{**row("sizes", world, parameters), "run": run})
            results.keep(partial.path, path, results.GROWTH)
        _, rows = results.read(path, results.GROWTH)
        self.assertEqual([(one["run"], one["world"], one["parameters"]) for one in rows],
                         [("r", "4", "10"), ("r", "2", "20"), ("s", "2", "10")])

    def test_rows_of_a_run_that_was_cut_off_go_where_their_name_says(self):
        partial = results.Partial(self.folder / "growth.csv", results.GROWTH, {"run": "r"})
        partial.add(**row("sizes", 2, 10))
        main.keep(main.options_of(["keep", str(partial.path), "--results", str(self.folder)]), None)
        self.assertTrue((self.folder / "growth.csv").exists())
        other = self.folder / "moon-r.partial.csv"
        with self.assertRaisesRegex(results.ResultsError, "begins with none of ring, steps, growth"):
            main.keep(main.options_of(["keep", str(other), "--results", str(self.folder)]), None)

    def test_a_table_says_how_often_it_was_measured(self):
        rows = [row("processes", 2, 10, number=number, start_us=1e6, round_us=1e3, average_us=1e3,
                    rss_bytes=12_500_000) for number in (1, 2, 3)]
        partial = results.Partial(self.folder / "growth.csv", results.GROWTH, {"run": "r"})
        for one in rows:
            partial.add(**one)
        results.keep(partial.path, self.folder / "growth.csv", results.GROWTH)
        parts, measured, _ = growth_tables.parts_of(self.folder)
        self.assertEqual([(kind, list(runs)) for kind, runs, _ in measured],
                         [("growth", ["r"]), ("protection", [])])
        self.assertIn("median of 3 rounds: `script/bench growth --parts processes`",
                      parts["growth processes"])
        self.assertIn("| 2 | 1.00 s | 1.00 ms | 1.00 ms | 12.5 MB |", parts["growth processes"])
        self.assertEqual(parts["growth virtual"], growth_tables.NOT_MEASURED)


if __name__ == "__main__":
    unittest.main()
