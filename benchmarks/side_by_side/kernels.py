"""What surrounds sums and steps, on one core: codecs, and reading beside unpacking alone."""
import tempfile
from pathlib import Path

import machine
import results
from processes import MeasurementError, json_of, measured
from progress import Progress
from ring import locked
from steps import FASHION, unpacked, w8a_of
from systems import turned

SECONDS = 1  # a measurement
PATIENCE = 60


def commands(w8a, plain_file):
    """Words behind kernel_bench: each prints one line or more."""
    images, labels = (FASHION / f"train-{name}.gz" for name in ("images-idx3-ubyte",
                                                                "labels-idx1-ubyte"))
    found = [["codecs", SECONDS], ["reading", SECONDS, w8a], ["reading", SECONDS, plain_file]]
    return found + ([["reading", 2 * SECONDS, images, labels]] if images.is_file() else [])


def time_kernels(options, programs, root):
    """The exit code, which is 1 where something gave no figure, and the rows of this run."""
    w8a = w8a_of(options)
    run = machine.describe(root, programs.build, ())
    machine.warn(run)
    partial = results.Partial(options.results / "kernels.csv", results.KERNELS, run)
    failed = 0
    with tempfile.TemporaryDirectory() as folder, partial:
        plain_file = Path(folder) / "w8a"
        plain_file.write_bytes(unpacked(w8a))
        plan = commands(w8a, plain_file)
        with Progress(len(plan) * options.rounds) as progress:
            for number in range(1, options.rounds + 1):
                for words in turned(plan, number):
                    progress.next(f"{words[0]}, round {number} of {options.rounds}")
                    try:
                        with locked(options.lock):
                            output, _ = measured([([programs.of("kernel_bench"), *words], {})],
                                                 PATIENCE)
                        lines = [json_of(line, "kernel", "system", "bytes_per_second")
                                 for line in output.strip().splitlines()]
                    except MeasurementError as error:
                        failed += 1
                        progress.say(f"script/bench: {words[0]}: {error}; no figure of it, going on")
                        continue
                    for line in lines:
                        partial.add(round=number, **line)
        return (1 if failed else 0), partial.keep()
