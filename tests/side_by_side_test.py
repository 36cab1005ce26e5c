"""The arithmetic of script/bench: limits, medians, goals, results in CSV, and the page made of them.

    python3 tests/side_by_side_test.py

Needs neither root nor anything that is measured beside annulet.
"""
import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks/side_by_side"))

import goals
import links
import machine
import main
import pages
import processes
import results
import systems
import tables
import verdict

MI = 1 << 20


def row(system, median, size=16 * MI, number=1, cpu="", **where):
    """As it comes out of the file: all is text."""
    values = {"run": "r", "round": number, "link": "gbit", "congestion": "cubic", "world": 4,
              "system": system, "bytes": size, "operations": 3, "median_us": median, "p10_us": median,
              "p90_us": median, "cpu_us": cpu, "switches": "", **where}
    return {key: str(value) for key, value in values.items()}


def figure(rows, what, size=16 * MI, link="gbit", congestion="cubic", world=4):
    return goals.Ring(rows).figure(link, congestion, world, size, what)


class Limits(unittest.TestCase):
    def test_a_rank_sends_its_share_at_the_rate_that_headers_leave(self):
        # 1.5 x 16 MiB at 125 MB/s x 1448/1514, and six delays of 30 us.
        self.assertAlmostEqual(links.LINKS["gbit"].limit(4, 16 * MI), 0.2106831, places=7)

    def test_loopback_has_the_limit_of_iperf3_over_the_ranks(self):
        stream = row("iperf3", 2e6, size=18_000_000_000, link="loop", world=1)
        ring = goals.Ring([stream, row("annulet", 1, size=MI, link="loop", world=2)])
        self.assertIsNone(links.LINKS["loop"].limit(2, MI))
        self.assertAlmostEqual(ring.limit_us("loop", "cubic", 2, MI), MI / 4500)
        self.assertIsNone(ring.limit_us("loop", "bbr", 2, MI))

    def test_loopback_has_the_limit_of_the_run_that_measured_it(self):
        def run(name, size, rate):
            return [row("annulet", 1, size=size, link="loop", world=2, run=name),
                    row("iperf3", 2e6, size=rate * 2_000_000, link="loop", world=1, run=name)]
        rows = run("old", MI, 9000) + run("new", 1024, 3000)
        ring = goals.Ring(rows)
        self.assertAlmostEqual(ring.limit_us("loop", "cubic", 2, MI), MI / 4500)
        self.assertAlmostEqual(ring.limit_us("loop", "cubic", 2, 1024), 1024 / 1500)
        self.assertIn("gets 24.0 Gbit/s to 72.0 Gbit/s", tables.about(rows, "loop", "cubic", 2))


class Figures(unittest.TestCase):
    def test_a_figure_is_the_median_over_rounds(self):
        rows = [row("annulet", value, number=i) for i, value in enumerate((500, 100, 200))]
        self.assertEqual(figure(rows, "ms"), 0.2)

    def test_others_count_with_the_best_of_their_algorithms(self):
        rows = [row("annulet", 100), row("gloo:ring", 400), row("gloo:bcube", 300),
                row("openmpi:own", 90), row("openmpi:ring", 150)]
        self.assertEqual(figure(rows, "gloo"), 3)
        self.assertEqual(figure(rows, "gloo:ring"), 4)
        self.assertEqual(figure(rows, "openmpi"), 0.9)
        self.assertEqual(figure(rows, "openmpi:ring"), 1.5)

    def test_ours_is_the_best_number_of_connections(self):
        rows = [row("annulet", 400), row("annulet:4", 200), row("gloo:ring", 300)]
        self.assertEqual(figure(rows, "gloo"), 1.5)
        self.assertEqual(figure(rows, "limit:4"), figure(rows, "limit"))
        self.assertIsNone(figure(rows, "limit:8"))

    def test_another_link_size_or_congestion_control_does_not_count(self):
        rows = [row("annulet", 100), row("gloo:ring", 10, link="fast"),
                row("gloo:ring", 10, congestion="bbr"), row("gloo:ring", 10, size=MI),
                row("gloo:ring", 10, world=2)]
        self.assertIsNone(figure(rows, "gloo"))

    def test_cpu_time_is_compared_with_that_of_gloos_ring(self):
        rows = [row("annulet", 1, cpu=6), row("gloo:ring", 1, cpu=8), row("gloo:bcube", 1, cpu=1)]
        self.assertEqual(figure(rows, "cpu"), 0.75)

    def test_a_goal_is_met_at_its_bound_or_not_measured(self):
        words = {value: verdict.Verdict("", aim, value).word
                 for aim, value in ((">= 0.97", 0.97), (">= 0.97", 0.969), ("<= 1", None))}
        self.assertEqual(words, {0.97: "met", 0.969: "not met", None: "not measured"})
        self.assertEqual(verdict.Verdict("", "<= 1", 1.01).word, "not met")

    def test_each_goal_can_be_measured(self):
        for link, congestion, world, size, what, _, _ in goals.RING:
            place = {"link": link, "congestion": congestion, "world": world, "size": size}
            rows = [row(name, 1000, cpu=10, **place)
                    for name in ("annulet", "annulet:4", "annulet:8", "unchecked", "gloo:ring",
                                 "openmpi:own", "openmpi:ring")]
            rows.append(row("iperf3", 1e6, link=link, congestion=congestion, world=1, size=10 ** 9))
            self.assertIsNotNone(figure(rows, what, size, link, congestion, world), what)

    def test_steps_are_compared_with_the_same_problem(self):
        rows = [{"problem": problem, "system": system, "steps_per_second": rate, "round": "1"} for
                problem, system, rate in (("w8a", "annulet", "300"), ("w8a", "scikit-learn", "100"),
                                          ("softmax 784-10", "PyTorch", "7"))]
        verdicts = {one.text: one.value for one in goals.judge_steps(rows)}
        self.assertEqual(verdicts["w8a: times scikit-learn"], 3)
        self.assertIsNone(verdicts["softmax 784-10: times PyTorch"])

    def test_what_single_rounds_would_give_is_said(self):
        rows = [row(name, time, number=number) for name, times in (
            ("annulet", (10, 20, 40)), ("gloo:ring", (10, 50, 60))) for number, time in enumerate(times, 1)]
        rows += [row("iperf3", 9, number=4)]
        found = [one for one in goals.judge_ring(rows) if "16 MiB: times Gloo's best" in one.text][0]
        self.assertEqual((found.value, found.rounds, found.spread), (2.5, (1, 2.5, 1.5), "1.00 to 2.50"))
        self.assertEqual(verdict.Verdict("", ">= 1", 1, (1,)).spread, "-")


class Results(unittest.TestCase):
    RUN = {"run": "r", "machine": "a machine"}

    def test_a_busy_machine_is_said(self):
        self.assertEqual(machine.warning({"busy": 0.1}), "")
        self.assertIn("others took 53 % of the cores", machine.warning({"busy": 0.53}))
        self.assertEqual(machine.busy_between("cpu  10 0 5 100 10 0 0 0 9 9\n",
                                              "cpu  15 0 25 150 35 0 0 0 9 9\n"), 0.25)

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "ring.csv"

    def write(self, *rows, run="r"):
        partial = results.Partial(self.path, results.RING, {**self.RUN, "run": run})
        for one in rows:
            partial.add(**{key: value for key, value in one.items() if key != "run"})
        return partial.path

    def test_rows_come_back_as_they_were_written(self):
        results.keep(self.write(row("annulet", 12.5)), self.path, results.RING)
        self.assertEqual(results.read(self.path, results.RING), ({"r": self.RUN}, [row("annulet", 12.5)]))
        self.assertEqual([file.name for file in self.path.parent.iterdir()], ["ring.csv"])

    def test_a_run_replaces_what_it_measured_and_leaves_the_rest(self):
        results.keep(self.write(row("annulet", 1), row("gloo:ring", 2), row("annulet", 3, size=MI),
                                row("iperf3", 5, size=99)), self.path, results.RING)
        results.keep(self.write(row("annulet", 4), row("iperf3", 6, size=98), run="s"), self.path,
                     results.RING)
        runs, rows = results.read(self.path, results.RING)
        self.assertEqual([(one["run"], one["system"], one["median_us"]) for one in rows],
                         [("r", "annulet", "3"), ("r", "iperf3", "5"), ("s", "annulet", "4"),
                          ("s", "iperf3", "6")])
        self.assertEqual(list(runs), ["r", "s"])
        results.keep(self.write(row("annulet", 7, size=MI), run="t"), self.path, results.RING)
        self.assertEqual(list(results.read(self.path, results.RING)[0]), ["s", "t"])

    def kept(self, *rows, run="r"):
        """The rows that a run's end leaves in the results, and those that it is told."""
        partial = results.Partial(self.path, results.RING, {**self.RUN, "run": run})
        with partial, contextlib.redirect_stderr(io.StringIO()) as said:
            for one in rows:
                partial.add(**{key: value for key, value in one.items() if key != "run"})
            partial.keep()
        return results.read(self.path, results.RING)[1], said.getvalue()

    def test_who_was_measured_beside_the_others_is_not_lost(self):
        self.kept(row("annulet", 1), row("gloo:ring", 2))
        rows, said = self.kept(row("annulet", 3), run="s")
        self.assertEqual([one["run"] for one in rows], ["r", "r"])
        self.assertIn("beside gloo:ring", said)
        left = self.path.with_name("ring-s.partial.csv")
        self.assertIn(str(left), said)
        results.keep(left, self.path, results.RING)  # he who says so
        self.assertEqual([one["run"] for one in results.read(self.path, results.RING)[1]], ["s"])
        rows, _ = self.kept(row("annulet", 4), row("gloo:ring", 5), run="t")
        self.assertEqual([one["run"] for one in rows], ["t", "t"])

    def test_half_a_row_at_the_end_of_a_full_disk_is_left_out(self):
        partial = self.write(row("annulet", 1), row("gloo:ring", 2))
        text = partial.read_text(encoding="utf-8")
        partial.write_text(text[:-9], encoding="utf-8")
        self.assertEqual([one["system"] for one in results.keep(partial, self.path, results.RING)],
                         ["annulet"])

    def test_results_that_cannot_be_added_to_are_refused_at_the_beginning(self):
        for damaged in (b"a,b\n", b"\xff\n"):
            self.path.write_bytes(damaged)
            with self.assertRaises(results.ResultsError):
                self.write()

    def test_a_run_that_measured_nothing_leaves_nothing(self):
        with self.assertRaises(KeyboardInterrupt):
            with results.Partial(self.path, results.RING, self.RUN):
                raise KeyboardInterrupt
        self.assertEqual([*self.path.parent.iterdir()], [])

    def test_rows_of_a_run_that_was_cut_off_can_be_read(self):
        _, rows = results.read(self.write(row("annulet", 1), row("gloo:ring", 2)), results.RING)
        self.assertEqual(len(rows), 2)
        self.assertFalse(self.path.exists())

    def test_a_file_that_is_not_ours_is_refused_in_one_line(self):
        head = "# " + json.dumps(self.RUN) + "\n"
        columns = ",".join(results.RING) + "\n"
        for text, says in ((head + "a,b\n", "the columns must be"), ("# run\n" + columns, ":1: a line"),
                           ("# 1\n" + columns, ":1: a line"), ("", "the columns must be"),
                           ('# {"run": "r", "busy": null}\n' + columns, ":1: a line"),
                           (head + columns + "r,1\n", "a row has"),
                           (head + columns + ",".join(row("annulet", "fast").values()) + "\n", "numbers"),
                           (head + columns + ",".join(row("annulet", 1, number="x").values()), "numbers"),
                           (columns + ",".join(row("annulet", 1).values()) + "\n", "names a run")):
            self.path.write_text(text, encoding="utf-8")
            with self.assertRaises(results.ResultsError) as caught:
                results.read(self.path, results.RING)
            self.assertIn(says, str(caught.exception))
            self.assertNotIn("\n", str(caught.exception))


class Programs(unittest.TestCase):
    def test_rows_are_found_among_what_mpirun_says(self):
        output = "a warning\nopenmpi,own,4,1024,2000,31.0,30.0,40.5,49.5\n"
        error = "hello, world\ncpu,openmpi,own,4,1024,user_us=10.5,sys_us=20.0,switches=0.2\n"
        self.assertEqual(systems.rows_of(output, error),
                         [{"world": 4, "bytes": 1024, "operations": 2000, "median_us": 31.0,
                           "p10_us": 30.0, "p90_us": 40.5, "cpu_us": 30.5, "switches": 0.2}])

    def test_one_that_fails_is_named_with_what_it_said_last(self):
        with self.assertRaisesRegex(processes.MeasurementError, "exit code 3: no good"):
            processes.measured(
                [(["sh", "-c", "echo well; echo so far >&2; echo no good >&2; exit 3"], {})], 60)

    def test_one_that_fails_ends_the_wait_for_the_others(self):
        with self.assertRaisesRegex(processes.MeasurementError, "exit code 4"):
            processes.measured([(["sleep", "3600"], {}), (["sh", "-c", "exit 4"], {})], 3600)

    def test_who_takes_too_long_is_ended(self):
        with self.assertRaisesRegex(processes.MeasurementError, "not done after 0 s"):
            processes.measured([(["sleep", "3600"], {})], 0)

    def test_figures_that_are_none_are_an_error_of_that_measurement(self):
        self.assertEqual(processes.json_of('one line\n{"a": 1, "b": 2}\n', "a"), {"a": 1, "b": 2})
        for said in ("", "Killed", "[1]", '{"b": 2}', '{"a": 1'):
            with self.assertRaises(processes.MeasurementError):
                processes.json_of(said, "a")

    def test_who_is_first_is_last_in_the_next_round(self):
        self.assertEqual([systems.turned(["a", "b", "c"], number) for number in (1, 2, 3)],
                         [["a", "b", "c"], ["c", "b", "a"], ["a", "b", "c"]])

    def test_options_are_refused_before_anything_is_measured(self):
        for words in (["ring", "--links", "moon"], ["ring", "--world", "1"], ["ring", "--bytes", "x"],
                      ["ring", "--rounds", "0"], ["ring", "--rounds", "2,3"],
                      ["steps", "--data", ".", "--systems", "annulet"], ["growth", "--congestion", "bbr"],
                      ["kernels", "--data", ".", "--links", "loop"], ["plots", "--rounds", "2"], ["sing"],
                      ["ring", "--bytes", "1026"], ["ring", "--links", "ms", "--systems", "unchecked"],
                      ["ring", "--link", "loop"], ["steps"], ["all"], ["keep"], ["ring", "some.csv"],
                      ["ring", "--systems", "pytorch:ddp"],
                      ["ring", "--links", "gbit", "--systems", "annulet:4"]):
            with self.assertRaises(SystemExit), open("/dev/null", "w", encoding="utf-8") as nowhere:
                sys.stderr, before = nowhere, sys.stderr
                try:
                    main.options_of(words)
                finally:
                    sys.stderr = before


class Page(unittest.TestCase):
    def test_a_part_is_put_between_its_markers(self):
        page = "a\n<!-- link gbit -->\nold\n<!-- end -->\nb\n<!-- cpu -->\n<!-- end -->\n"
        page = pages.put(page, "link gbit", "new")
        self.assertEqual(page, "a\n<!-- link gbit -->\nnew\n<!-- end -->\nb\n<!-- cpu -->\n<!-- end -->\n")
        self.assertEqual(pages.put(page, "cpu", "x").count("new"), 1)
        with self.assertRaises(pages.PageError):
            pages.put(page, "steps", "x")

    def test_the_pages_say_what_the_results_say(self):
        parts, _, _ = pages.parts_of(ROOT / "benchmarks/results")
        texts = [(ROOT / "docs" / name).read_text(encoding="utf-8") for name in pages.PAGES]
        self.assertEqual(sorted(sum(map(pages.names_in, texts), [])), sorted(parts))
        for name, text in zip(pages.PAGES, texts):
            self.assertEqual(pages.filled(ROOT / "docs" / name, parts), text,
                             f"{name}: script/bench plots")

    def test_durations_have_three_digits_and_a_unit(self):
        self.assertEqual([tables.duration(us) for us in (None, 0.5, 8.14, 65.3, 210.6, 1004, 999_600, 2.2e6)],
                         ["-", "0.50 us", "8.14 us", "65.3 us", "211 us", "1.00 ms", "1000 ms", "2.20 s"])


if __name__ == "__main__":
    unittest.main()
