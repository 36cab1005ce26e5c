"""The arithmetic of script/bench kernels: figures, tables and goals.

    python3 tests/kernels_test.py

Needs neither root nor anything built.
"""
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks/side_by_side"))

import kernels_tables
import results


def row(kernel, rate, system="annulet", number=1):
    """As it comes out of the file: all is text."""
    return {"run": "r", "round": str(number), "kernel": kernel, "system": system,
            "bytes_per_second": str(rate)}


CODECS = [row("q8 encode", 4e9), row("q8 decode", 12e9)]
READING = [row("reading w8a.xz", 100e6), row("reading w8a.xz", 180e6, "unpacking alone"),
           row("reading w8a", 60e6), row("reading w8a", 9e9, "unpacking alone")]


class Figures(unittest.TestCase):
    def test_one_core_encodes_and_decodes_at_the_break_even_rate(self):
        # A GB takes 1/4 and 1/12 of a second: 3 GB/s.
        self.assertAlmostEqual(kernels_tables.Kernels(CODECS).break_even("q8"), 24)

    def test_a_codec_that_was_half_measured_has_none(self):
        self.assertIsNone(kernels_tables.Kernels(CODECS[:1]).break_even("q8"))

    def test_reading_is_compared_with_unpacking_the_same_file(self):
        self.assertAlmostEqual(kernels_tables.Kernels(READING).over_unpacking("w8a.xz"), 1.8)

    def test_a_plain_file_is_compared_with_unpacking_the_packed_one(self):
        self.assertAlmostEqual(kernels_tables.Kernels(READING).over_unpacking("w8a"), 3)

    def test_rounds_count_by_their_median(self):
        rows = [row("q8 encode", rate, number=n) for n, rate in enumerate((1e9, 4e9, 9e9), 1)]
        self.assertEqual(kernels_tables.Kernels(rows + CODECS[1:]).codec("q8"), [4, 12])


class Goals(unittest.TestCase):
    def words(self, rows):
        return {verdict.text: verdict.word for verdict in kernels_tables.judge_kernels(rows)}

    def test_what_is_fast_enough_is_met_and_the_rest_is_not(self):
        words = self.words([row("q4 encode", 1.9e9), row("q4 decode", 2e9), *READING])
        self.assertEqual(words["q4, encode: GB/s of float32"], "not met")
        self.assertEqual(words["q4, decode: GB/s of float32"], "met")
        self.assertEqual(words["reading w8a: times unpacking it"], "not met")
        self.assertEqual(words["reading w8a.xz: times unpacking it"], "met")

    def test_what_was_not_measured_says_so(self):
        self.assertEqual(set(self.words([]).values()), {"not measured"})


class Page(unittest.TestCase):
    def test_parts_have_the_tables(self):
        with tempfile.TemporaryDirectory() as folder:
            text = results.text_of({"r": {"run": "r"}}, CODECS + READING, results.KERNELS)
            (Path(folder) / "kernels.csv").write_text(text, encoding="utf-8")
            parts, measured = kernels_tables.parts_of(Path(folder))
        self.assertIn("| q8 | 25 % | 4.0 GB/s | 12.0 GB/s | 24 Gbit/s |", parts["codecs"])
        self.assertIn("| w8a.xz | 100 MB/s | 180 MB/s | 1.80x |", parts["reading"])
        self.assertEqual([(kind, list(runs)) for kind, runs, _ in measured], [("kernels", ["r"])])

    def test_a_kernel_measured_again_takes_the_place_of_the_old_one(self):
        old, new = ({"a": {}}, [row("q8 encode", 1)]), ({"r": {}}, [row("q8 encode", 2)])
        self.assertEqual(results.merged(old, new)[1], new[1])


if __name__ == "__main__":
    unittest.main()
