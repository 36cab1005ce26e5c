"""What is running, and how many of how many: one line that is written over, on a terminal only."""
import sys
import time


class Progress:
    def __init__(self, total, stream=sys.stderr):
        self.total, self.stream, self.done = total, stream, 0
        self.shown = stream.isatty()
        self.begin = time.monotonic()

    def next(self, text):
        self.done += 1
        if not self.shown:
            return
        minutes, seconds = divmod(int(time.monotonic() - self.begin), 60)
        print(f"\r\033[K{self.done} of {self.total}  {minutes}:{seconds:02d}  {text}", end="",
              file=self.stream, flush=True)

    def say(self, text):
        """A line that stays, on a terminal or not."""
        self.clear()
        print(text, file=self.stream, flush=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.clear()

    def clear(self):
        if self.shown:
            print("\r\033[K", end="", file=self.stream, flush=True)
