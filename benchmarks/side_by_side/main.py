"""annulet beside others, measured on this machine. Called by script/bench, which builds first."""
import os
import signal
import sys

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
if __name__ == "__main__":
    # While what follows is being loaded there is nothing to take down.
    for end_signal in ENDS:
        signal.signal(end_signal, lambda *_: os._exit(130))

import argparse
from pathlib import Path

import end
import end_search
import end_tables
import growth
import growth_tables
import kernels
import kernels_tables
import links
import pages
import results
import ring
import steps
import tables
from end_contests import LINKS as END_LINKS, PROBLEMS, SYSTEMS
from systems import GLOO, Programs, systems_on

ROOT = Path(__file__).resolve().parent.parent.parent
RING_SYSTEMS = ("annulet", "annulet:4", "annulet:8", *(f"gloo:{name}" for name in GLOO),
                "openmpi:own", "openmpi:ring", "unchecked")


def listed(kind, known=None, least=1, most=None):
    """The type of an option such as "a,b"."""
    def parse(text):
        values = []
        for word in text.split(","):
            try:
                value = kind(word)
            except ValueError:
                raise argparse.ArgumentTypeError(f"{word!r} is no number") from None
            if known and value not in known:
                raise argparse.ArgumentTypeError(f"{word!r} is none of {', '.join(known)}")
            if kind is int and not (least <= value and (most is None or value <= most)):
                raise argparse.ArgumentTypeError(f"{value}: {least} to {most}")
            if value not in values:
                values.append(value)
        return values
    return parse


def sizes(text):
    values = listed(int, least=4, most=1 << 30)(text)
    for value in values:
        if value % 4:
            raise argparse.ArgumentTypeError(f"{value}: give multiples of 4, whole floats")
    return values


def rounds(text):
    values = listed(int, least=1, most=1000)(text)
    if len(values) > 1:
        raise argparse.ArgumentTypeError(f"{text}: one number")
    return values[0]


class Words(argparse.ArgumentParser):
    """One line on what is wrong; script/bench --help has the rest."""

    def error(self, message):
        print(f"script/bench: {message}: script/bench --help", file=sys.stderr)
        sys.exit(2)


# What each takes, beside --results; "all" takes what one of its parts does, but for --systems,
# of which each part has its own.
TAKES = {"ring": {"links", "world", "bytes", "systems", "congestion"},
         "steps": {"data"}, "kernels": {"data"},
         "end": {"links", "problems", "systems", "search", "congestion", "data"},
         "growth": {"parts"}, "plots": set(), "keep": set(),
         "all": {"links", "world", "bytes", "problems", "search", "congestion", "parts", "data"}}
MEASURING = {"rounds", "lock"}
DEFAULTS = {"links": list(links.LINKS), "congestion": "cubic", "parts": list(growth.PARTS), "rounds": 3,
            "search": False}


def parser():
    words = Words(prog="script/bench", add_help=False, allow_abbrev=False)
    words.add_argument("what",
                       choices=["ring", "steps", "kernels", "end", "growth", "plots", "all", "keep"])
    words.add_argument("file", nargs="?", type=Path)
    words.add_argument("--links", type=listed(str, links.LINKS))
    words.add_argument("--world", type=listed(int, least=2, most=16))
    words.add_argument("--bytes", type=sizes)
    words.add_argument("--systems", type=listed(str, dict.fromkeys([*RING_SYSTEMS, *SYSTEMS])))
    words.add_argument("--problems", type=listed(str, PROBLEMS))
    words.add_argument("--search", action="store_true", default=None)
    words.add_argument("--congestion")
    words.add_argument("--parts", type=listed(str, growth.PARTS))
    words.add_argument("--rounds", type=rounds)
    words.add_argument("--data", type=Path)
    words.add_argument("--lock", type=Path)
    words.add_argument("--results", type=Path, default=ROOT / "benchmarks/results")
    words.add_argument("--build", type=Path, default=ROOT / "build/release", help=argparse.SUPPRESS)
    return words


def options_of(arguments):
    """Ends the program, with code 2, where they cannot be used."""
    words = parser()
    options = words.parse_args(arguments)
    for name, value in vars(options).items():
        takes = TAKES[options.what] | (set() if options.what in ("plots", "keep") else MEASURING)
        if value is not None and name not in takes | {"what", "file", "results", "build"}:
            words.error(f"{options.what} takes no --{name}")
    for name, value in DEFAULTS.items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    if options.what in ("steps", "kernels", "end", "all") and options.data is None:
        words.error(f"{options.what} needs --data DIR, a folder that holds w8a.xz")
    if (options.what == "keep") != (options.file is not None):
        words.error("keep, and only keep, takes the file of a run that was cut off")
    if options.what == "end" and not set(options.links) & set(END_LINKS):
        words.error(f"end runs on {' and '.join(END_LINKS)} alone")
    known = {"ring": RING_SYSTEMS, "end": SYSTEMS}.get(options.what, options.systems)
    for name in options.systems or ():
        if name not in known:
            words.error(f"{options.what} does not time {name}, but {', '.join(known)}")
    for name in options.links if options.what == "ring" and options.systems else ():
        if not {*options.systems} & {*systems_on(links.LINKS[name])}:
            words.error(f"nobody of {', '.join(options.systems)} is timed on {name}, but "
                        f"{', '.join(systems_on(links.LINKS[name]))}")
    return options


def congestions(options):
    """The congestion controls that are measured with: on a link with loss both, by all."""
    also_bbr = options.what == "all" and "weak" in options.links and options.congestion == "cubic"
    return [options.congestion, *(["bbr"] if also_bbr else [])]


def check(options, _):
    """What can be said before anything is installed and built."""
    if options.what in ("steps", "kernels", "end", "all"):
        steps.w8a_of(options)
    if options.what in ("ring", "end", "all") or (options.what == "growth"
                                                  and "protection" in options.parts):
        ring.require_root(options.command)
    if options.what in ("ring", "end", "all"):
        for name in congestions(options):
            ring.require_congestion(name)
    if options.what == "plots":
        pages.require_results(options)
    return 0


def bench_ring(options, programs):
    code, rows = ring.time_ring(options, programs, ROOT)
    print(tables.say_ring(rows))
    return code


def bench_steps(options, programs):
    code, rows = steps.time_steps(options, programs, ROOT)
    print(tables.say_steps(rows))
    return code


def bench_kernels(options, programs):
    code, rows = kernels.time_kernels(options, programs, ROOT)
    print(kernels_tables.say(rows))
    return code


def bench_growth(options, programs):
    code, rows, guarded = growth.time_growth(options, programs, ROOT)
    print(growth_tables.say(rows, guarded))
    return code


def bench_end(options, programs):
    code, rows = end.time_end(options, programs, ROOT)
    print(end_tables.say_end(rows))
    return code


def bench_all(options, programs):
    steps.w8a_of(options)  # before an hour has gone by
    codes = [bench_ring(options, programs)]
    for name in congestions(options)[1:]:
        again = argparse.Namespace(**{**vars(options), "links": ["weak"], "congestion": name})
        codes.append(bench_ring(again, programs))
    codes += [bench_steps(options, programs), bench_kernels(options, programs)]
    if set(options.links) & set(END_LINKS):
        codes.append(bench_end(options, programs))
    codes.append(bench_growth(options, programs))
    return max([*codes, pages.draw(options, ROOT)])


def keep(options, _):
    columns = {**results.COLUMNS, "end": end.END, "end-grid": end_search.GRID}
    begins = [name for name in columns if options.file.name.startswith(f"{name}-")]
    if not begins:
        raise results.ResultsError(f"{options.file}: its name begins with none of "
                                   f"{', '.join(columns)}")
    name = max(begins, key=len)
    results.keep(options.file, options.results / f"{name}.csv", columns[name])
    return 0


def stop(*_):
    """A closed terminal and a kill end it as Ctrl-C does; once, so that all is taken down again."""
    for number in ENDS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def main(arguments):
    only_check = arguments[:1] == ["--check"]  # script/bench asks first
    options = options_of(arguments[1:] if only_check else arguments)
    options.command = " ".join(["script/bench", *arguments[only_check:]])
    what = {"ring": bench_ring, "steps": bench_steps, "kernels": bench_kernels, "end": bench_end,
            "growth": bench_growth, "all": bench_all, "keep": keep,
            "plots": lambda options, _: pages.draw(options, ROOT)}[options.what]
    for number in ENDS:
        signal.signal(number, stop)
    try:
        return (check if only_check else what)(options, Programs(options.build))
    except KeyboardInterrupt:
        return 130
    except ring.Missing as error:
        print(f"script/bench: {error}", file=sys.stderr)
        return 3
    except OSError as error:
        print(f"script/bench: {error.filename or 'standard output'}: {error.strerror}", file=sys.stderr)
        return 1
    except (links.NetworkError, results.ResultsError, pages.PageError) as error:
        print(f"script/bench: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
