"""The arithmetic of script/bench end: the grid, run files, commands, figures, tables.

    python3 tests/end_bench_test.py

Needs neither root nor PyTorch.
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

import end
import end_contests
import end_search
import end_tables
import links
import main
import results
from end_contests import PROBLEMS, SYSTEMS, Settings
from systems import Programs

W8A, MLP = PROBLEMS["w8a"], PROBLEMS["mlp"]
CELL = ("fast", "cubic", "w8a")


def row(system, seconds, number=1, **more):
    """As it comes out of the file: all is text."""
    values = {"run": "r", "round": number, "link": "fast", "congestion": "cubic", "problem": "w8a",
              "system": system, "h": 16, "rate": 8.0, "momentum": 0.5, "steps": 400, "averages": 25,
              "target": 0.14, "objective": 0.1388, "seconds": seconds, "compute_s": 0.01,
              "whole_s": seconds, "sent_bytes": 200_000, "cpu_s": 1, "training_cpu_s": "",
              "peak_rss_bytes": 10_000_000, **more}
    return {key: str(value) for key, value in values.items()}


def point(system, rate, steps, objective=0.139, reached=1, momentum=0.0, problem="w8a"):
    values = {"run": "r", "problem": problem, "system": system, "h": 16, "rate": rate,
              "momentum": momentum, "steps": steps, "objective": objective, "reached": reached}
    return {key: str(value) for key, value in values.items()}


class Grid(unittest.TestCase):
    def test_the_fewest_steps_that_reach_the_target_win(self):
        rows = [point("annulet", 4, 768), point("annulet", 8, 400, momentum=0.5),
                point("annulet", 16, 32, reached=0), point("annulet:1", 2, 16),
                point("annulet", 2, 16, problem="mlp")]
        self.assertEqual(end_search.best(rows, W8A, SYSTEMS["annulet"]), Settings(8.0, 0.5, 400))

    def test_of_equals_the_least_loss_wins(self):
        rows = [point("annulet", 4, 400, 0.1399), point("annulet", 8, 400, 0.1391),
                point("annulet", 16, 400, 0.1395)]
        self.assertEqual(end_search.best(rows, W8A, SYSTEMS["annulet"]).rate, 8.0)

    def test_without_a_point_that_gets_there_nothing_is_run(self):
        self.assertIsNone(end_search.best([point("annulet", 4, 1024, reached=0)], W8A,
                                          SYSTEMS["annulet"]))

    def test_what_is_known_is_not_looked_for_again(self):
        known = [point("annulet", each.rate, 1024, reached=0, momentum=each.momentum)
                 for each in end_search.points(W8A, SYSTEMS["annulet"])]
        found = end_search.missing(known, ["w8a", "mlp"], ["annulet", "pytorch:ddp"])
        self.assertEqual({(problem.name, system.name) for problem, system, _ in found},
                         {("w8a", "pytorch:ddp"), ("mlp", "annulet"), ("mlp", "pytorch:ddp")})

    def test_a_search_that_was_cut_off_goes_on(self):
        found = end_search.missing([point("annulet", 4, 1024, momentum=0.5)], ["w8a"], ["annulet"])
        self.assertEqual(len(found), len(end_search.points(W8A, SYSTEMS["annulet"])) - 1)
        self.assertNotIn((4, 0.5), {(each.rate, each.momentum) for _, _, each in found})

    def test_all_have_the_same_step_sizes_and_each_the_momenta_it_knows(self):
        for name, momenta in (("annulet", 2), ("annulet:plain", 1), ("pytorch:ddp", 2)):
            points = end_search.points(W8A, SYSTEMS[name])
            self.assertEqual(len(points), 4 * momenta)
            self.assertEqual({each.rate for each in points}, set(W8A.rates))
            self.assertEqual({each.steps for each in points}, {end_search.MOST})

    def test_runs_end_with_an_average(self):
        for system in SYSTEMS.values():
            self.assertEqual(end_search.EVERY % system.h, 0)


class Commands(unittest.TestCase):
    SETTINGS = Settings(0.2, 0.5, 224)

    def text(self, problem, system, link=None):
        return end_contests.run_file(problem, SYSTEMS[system], self.SETTINGS, "/data",
                                     links.LINKS[link] if link else None)

    def test_only_the_best_options_are_more_than_local_steps(self):
        for problem, option in ((W8A, "net.exchange = 'auto'"), (MLP, "net.compress = 'q4'")):
            self.assertIn(option, self.text(problem, "annulet"))
            for system in ("annulet:plain", "annulet:1"):
                net = [line for line in self.text(problem, system, "weak").splitlines() if "net." in line]
                self.assertEqual(net, ["net.congestion = 'system'"])
        self.assertIn("h = 1\n", self.text(W8A, "annulet:1"))
        self.assertIn("h = 16\n", self.text(W8A, "annulet:plain"))

    def test_several_connections_are_for_the_link_with_loss(self):
        self.assertIn("net.streams = 4\n", self.text(MLP, "annulet", "weak"))
        for link in (None, "fast"):
            self.assertNotIn("streams", self.text(MLP, "annulet", link))

    def test_a_run_file_has_what_was_found(self):
        for line in ("steps = 224\n", "outer.momentum = 0.5\n", "batch = 32\n", "value = 0.2 }"):
            self.assertIn(line, self.text(MLP, "annulet"))

    def test_pytorch_is_started_with_the_same(self):
        network = links.Network(links.LINKS["weak"], 4, None)
        found = end_contests.theirs(MLP, SYSTEMS["pytorch:local"], network, "/data", self.SETTINGS)
        self.assertEqual(len(found), 4)
        words = list(map(str, found[2][0]))
        for option, value in (("--rank", "2"), ("--world", "4"), ("--batch", "32"), ("--h", "16"),
                              ("--rate", "0.2"), ("--momentum", "0.5"), ("--steps", "224"),
                              ("--meet", f"tcp://10.77.0.1:{end_contests.PORT}")):
            self.assertEqual(words[words.index(option) + 1], value, option)
        self.assertIn("/data/mlp/part-3", words)
        self.assertIn("local", words)
        self.assertEqual(found[2][1]["GLOO_SOCKET_IFNAME"], "eth0")
        self.assertEqual(found[2][1]["OMP_NUM_THREADS"], "1")

    def test_a_search_on_loopback_has_its_own_device(self):
        network = links.Network(links.LINKS["loop"], 4, None)
        found = end_contests.theirs(W8A, SYSTEMS["pytorch:ddp"], network, "/data", self.SETTINGS,
                                    ["--every", 16])
        self.assertEqual({environment["GLOO_SOCKET_IFNAME"] for _, environment in found}, {"lo"})
        self.assertTrue(all(words[-2:] == ["--every", 16] for words, _ in found))

    def test_one_runs_and_three_join_it(self):
        network = links.Network(links.LINKS["fast"], 4, None)
        commands = end_contests.ours(network, "/folder", Programs(Path("/build")))
        verbs = [list(map(str, words))[5] for words, _ in commands]
        self.assertEqual(verbs, ["run", "join", "join", "join"])

    def test_options_are_refused_before_anything_is_measured(self):
        for words in (["end"], ["end", "--data", ".", "--links", "loop"],
                      ["end", "--data", ".", "--problems", "xor"],
                      ["end", "--data", ".", "--systems", "torch"]):
            with self.assertRaises(SystemExit), contextlib.redirect_stderr(io.StringIO()):
                main.options_of(words)


class Rows(unittest.TestCase):
    def test_the_processor_of_each_is_counted(self):
        together = end.Counted()
        try:
            for word in ("one", "two"):
                together.start(["echo", word], {})
            self.assertEqual(together.wait(60)[0], "one\n")
            self.assertEqual(sorted(together.cpu), [0, 1])
            self.assertGreater(min(together.cpu.values()), 0)
        finally:
            together.end()

    def test_one_that_fails_is_still_told(self):
        together = end.Counted()
        try:
            together.start(["sh", "-c", "echo no good >&2; exit 3"], {})
            with self.assertRaisesRegex(end.MeasurementError, "exit code 3: no good"):
                together.wait(60)
        finally:
            together.end()

    def test_a_row_has_the_largest_memory_and_the_sum_of_training(self):
        said = [{"steps": 40, "objective": 0.1, "seconds": 2.5, "peak_rss_bytes": 7, "training_cpu_s": 1},
                {"peak_rss_bytes": 9, "training_cpu_s": 2}]
        found = end.figures(said, SYSTEMS["pytorch:local"], Settings(1, 0, 40))
        self.assertEqual((found["peak_rss_bytes"], found["training_cpu_s"], found["averages"]), (9, 3, 3))
        found = end.figures([{**said[0], "rounds": 5, "training_cpu_s": 0}], SYSTEMS["annulet"],
                            Settings(1, 0, 40))
        self.assertEqual((found["averages"], found["training_cpu_s"]), (5, ""))

    def test_computing_is_read_from_the_log(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "0").mkdir()
            (Path(folder) / "0/log.jsonl").write_text("".join(
                json.dumps(event) + "\n" for event in (
                    {"ev": "start"}, {"ev": "round", "compute_s": 1.5}, {"ev": "eval", "compute_s": 9},
                    {"ev": "round", "compute_s": 0.25})), encoding="utf-8")
            self.assertEqual(end.computing(folder), 1.75)

    def test_a_run_that_was_cut_off_goes_into_its_own_file(self):
        for name, columns, one in (("end", end.END, row("annulet", 1)),
                                   ("end-grid", end_search.GRID, point("annulet", 1, 1))):
            with tempfile.TemporaryDirectory() as folder:
                partial = results.Partial(Path(folder) / f"{name}.csv", columns, {"run": "r"})
                partial.add(**{key: value for key, value in one.items() if key != "run"})
                main.keep(main.options_of(["keep", str(partial.path), "--results", folder]), None)
                self.assertEqual([file.name for file in Path(folder).iterdir()], [f"{name}.csv"])
                self.assertEqual(results.read(Path(folder) / f"{name}.csv", columns)[1], [one])

    def test_a_run_replaces_what_it_measured_of_a_problem_on_a_link(self):
        cells = {results.cell(row("annulet", 1)), results.cell(row("annulet:1", 2)),
                 results.cell(row("annulet", 1, link="weak")),
                 results.cell(row("annulet", 1, problem="mlp"))}
        self.assertEqual(len(cells), 3)
        self.assertEqual(len({results.cell(point("annulet", 1, 1)), results.cell(point("annulet", 2, 1)),
                              results.cell(point("annulet:1", 1, 1))}), 2)


class Tables(unittest.TestCase):
    def test_others_are_compared_with_the_best_options(self):
        rows = [row("annulet", 2.0), row("annulet", 3.0, 2), row("annulet", 4.0, 3),
                row("pytorch:ddp", 30.0, sent_bytes=100_000)]
        ends = end_tables.Ends(rows)
        self.assertEqual(ends.times("seconds", CELL, "pytorch:ddp"), 10)
        self.assertEqual(ends.times("sent_bytes", CELL, "pytorch:ddp"), 0.5)
        self.assertIsNone(ends.times("seconds", CELL, "annulet:1"))

    def test_the_limit_is_the_steps_alone_and_one_average(self):
        _, lines = end_tables.end_table(end_tables.Ends([row("annulet", 2.0)]), CELL)
        self.assertEqual(lines[0][4:8], ["1", "10.0 ms", "-", "1.88 kB"])

    def test_who_misses_the_target_is_marked(self):
        header, lines = end_tables.end_table(end_tables.Ends(
            [row("annulet", 2.0), row("annulet:1", 2.0, objective=0.1401)]), CELL)
        place = header.index("f")
        self.assertEqual([line[place] for line in lines[1:]], ["0.1388", "0.1401 missed"])

    def test_what_another_needs_less_of_is_told(self):
        rows = [row("annulet", 2.0), row("annulet:plain", 1.0, sent_bytes=199_000),
                row("pytorch:local", 9.0, sent_bytes=100_000)]
        _, lines = end_tables.behind_lines(end_tables.Ends(rows))
        self.assertEqual([(line[0].rpartition(": ")[2], line[1], line[4]) for line in lines],
                         [("time", "annulet, plain", "2.00x"),
                          ("bytes", "PyTorch PostLocalSGD", "2.00x")])

    def test_bytes_have_three_digits_and_a_unit(self):
        self.assertEqual([end_tables.bytes_text(count) for count in (999, 1880, 15_400, 216_450, 1.3e6)],
                         ["999 B", "1.88 kB", "15.4 kB", "216 kB", "1.30 MB"])


if __name__ == "__main__":
    unittest.main()
