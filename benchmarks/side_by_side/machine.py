"""What a run was measured on: said in the results, once for each run."""
import datetime
import os
import platform
import re
import subprocess
import sys
import time


def said(*words, cwd=None):
    """The first line of what a command prints; "" where it cannot run."""
    try:
        done = subprocess.run(words, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True, timeout=30, check=False)
    except OSError:
        return ""
    lines = done.stdout.splitlines()
    return lines[0].strip() if done.returncode == 0 and lines else ""


def cpu_model():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            found = re.search(r"(?m)^(?:model name|Model)\s*:\s*(.+)$", file.read())
    except OSError:
        found = None
    return found.group(1).strip() if found else platform.machine()


def compiler_of(build):
    cache = build / "CMakeCache.txt"
    found = re.search(r"(?m)^CMAKE_CXX_COMPILER:\w+=(.+)$", cache.read_text(encoding="utf-8"))
    return said(found.group(1), "--version") if found else ""


def commit_of(root):
    """With "+" where sources have changed since; what a run itself writes does not count."""
    commit = said("git", "rev-parse", "--short=12", "HEAD", cwd=root)
    changed = said("git", "status", "--porcelain", "--", ".", ":!benchmarks/results", ":!docs", cwd=root)
    return commit + ("+" if commit and changed else "")


def version_of(package):
    version = said("dpkg-query", "-W", "-f", "${Version}", package)
    return f"{package} {version}" if version else ""


STAT = "/proc/stat"
BUSY = 0.1  # of all cores, from which figures that the processor decides say little


def busy_between(before, after):
    """The share of the cores' time that somebody had, by the first lines of two looks at STAT."""
    spent = [int(late) - int(early) for early, late in zip(before.split()[1:9], after.split()[1:9])]
    idle = spent[3] + spent[4]  # the second while a disk was waited for
    return 1 - idle / max(1, sum(spent))


def busy_share():
    """What others take just now; the load of the last minute is mostly that of the build before."""
    def look():
        with open(STAT, encoding="utf-8") as file:
            return file.readline()

    before = look()
    time.sleep(1)
    return busy_between(before, look())


def warning(run):
    """What to say of a run that began on a busy machine; "" of the others."""
    if run.get("busy", 0) <= BUSY:  # not known of older runs
        return ""
    return (f"others took {100 * run['busy']:.0f} % of the cores at the start, so loopback, small sizes, "
            "processor time and steps say little: measure again on a quiet machine")


def warn(run):
    if warning(run):
        print(f"script/bench: {warning(run)}", file=sys.stderr)


def describe(root, build, packages):
    now = datetime.datetime.now(datetime.timezone.utc)
    return {"run": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "machine": f"{cpu_model()}, {os.cpu_count()} cores",
            "kernel": f"{platform.system()} {platform.release()}",
            "compiler": compiler_of(build),
            "commit": commit_of(root),
            "load": round(os.getloadavg()[0], 2),
            "busy": round(busy_share(), 3),
            "beside": ", ".join(filter(None, map(version_of, packages)))}
