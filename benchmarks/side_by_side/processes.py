"""Programs that are measured: started together, given a deadline, and never left behind."""
import json
import os
import select
import signal
import subprocess
import tempfile
import time


class MeasurementError(Exception):
    """A program ended badly, or not in time; the text says which, and what it said last."""


def last_line(text, ignored=("",)):
    lines = [line for line in text.splitlines() if line.strip() not in ignored]
    return lines[-1].strip() if lines else "it said nothing"


def json_of(output, *keys):
    """The object on the last line of what was said, which has these keys."""
    line = last_line(output)
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not found.keys() >= set(keys):
        raise MeasurementError(f"it said {line[:200]!r} in place of its figures")
    return found


class Together:
    """Processes of one measurement. The first one's output is what was asked for."""

    def __init__(self):
        self.processes, self.files = [], []

    def start(self, command, environment):
        out, error = tempfile.TemporaryFile("w+"), tempfile.TemporaryFile("w+")
        self.files.append((out, error))
        # In a session of its own, so that Ctrl-C reaches this program first and it can end them.
        self.processes.append(subprocess.Popen(
            [str(word) for word in command], env={**os.environ, **environment}, text=True,
            stdin=subprocess.DEVNULL, stdout=out, stderr=error, start_new_session=True))

    def said(self, number):
        texts = []
        for file in self.files[number]:
            file.seek(0)
            texts.append(file.read())
        return texts

    def wait(self, seconds):
        """Standard output and error of the first one, when all have ended well."""
        end = time.monotonic() + seconds
        running = {os.pidfd_open(process.pid): number
                   for number, process in enumerate(self.processes)}
        try:
            # Without asking again and again, which would take time from what is measured.
            poll = select.poll()
            for descriptor in running:
                poll.register(descriptor, select.POLLIN)
            left = set(running)
            while left:
                ended = poll.poll(max(0, round((end - time.monotonic()) * 1000)))
                if not ended:
                    raise MeasurementError(f"not done after {seconds:.0f} s")
                for descriptor, _ in ended:
                    poll.unregister(descriptor)
                    left.remove(descriptor)
                    self.require_well(running[descriptor])
        finally:
            for descriptor in running:
                os.close(descriptor)
        return self.said(0)

    def require_well(self, number):
        code = self.processes[number].wait()
        if code != 0:
            _, error = self.said(number)
            raise MeasurementError(f"exit code {code}: {last_line(error)}")

    def end(self):
        for process in self.processes:
            if process.poll() is None:
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
                process.wait()
        for pair in self.files:
            for file in pair:
                file.close()
        self.processes, self.files = [], []


def measured(commands, seconds):
    """commands: of (words, environment). Returns what the first one said: output, error."""
    together = Together()
    try:
        for words, environment in commands:
            together.start(words, environment)
        return together.wait(seconds)
    finally:
        together.end()
