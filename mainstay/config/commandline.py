"""`mainstay VERB …`: finds the verb, opens the database if it needs one, and turns trouble into sentences.

Exit codes: 0 done, 1 a problem was found, 2 asked in a way that cannot be answered, 128 and its number after a signal.
"""

from __future__ import annotations

import csv
import difflib
import importlib
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from mainstay import __version__
from mainstay.config.verbs import VERBS, Verb
from mainstay.foundation.errors import ClinicError

DONE, PROBLEM, MISUSE = 0, 1, 2
SIGNALED = 128


class Ended(KeyboardInterrupt):
    """A signal asked for the end: everything on the way out is closed as after Ctrl-C."""

    def __init__(self, number: int = signal.SIGINT) -> None:
        super().__init__()
        self.number = number


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    return _guarded(lambda: _answer(words))


def _answer(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        print(overview())
        return DONE if words else MISUSE
    if words[0] == "--version":
        print(f"mainstay {__version__}")
        return DONE
    name, rest = words[0], words[1:]
    verb = VERBS.get(name)
    if verb is None:
        close = difflib.get_close_matches(name, VERBS, n=1)
        hint = f" Did you mean `{close[0]}`?" if close else " `mainstay --help` lists what there is."
        return _refuse(f"There is no verb `{name}`.{hint}", MISUSE)
    return run(name, verb, rest)


def overview() -> str:
    """The help text: every verb with its line."""
    width = max(map(len, VERBS))
    lines = [f"  {name:<{width}}  {verb.summary}" for name, verb in sorted(VERBS.items())]
    return "\n".join(
        [
            "usage: mainstay VERB [options]",
            "",
            *lines,
            "",
            "Each has --help. Those that use the database take --data-dir FOLDER, or DATABASE_URL from the",
            "environment, start the embedded server if it is not running, and leave it as they found it.",
            "In a checkout, ./run also has test (everything that must hold), check and bench.",
        ]
    )


def run(name: str, verb: Verb, arguments: list[str]) -> int:
    """Call the verb's function with its arguments, around it whatever it needs."""
    if not verb.needs_database:
        return _function(verb)(arguments)
    from mainstay.config import installation

    folder, arguments = _data_folder(arguments)
    if not verb.starts_database:
        return _function(verb)([*(["--data-dir", folder] if folder else []), *arguments])
    if verb.alone & set(arguments):
        installation.load_django()
        return _function(verb)(arguments)
    with installation.opened(installation.choose(folder), tell=_tell):
        return _function(verb)(arguments)


def _data_folder(arguments: list[str]) -> tuple[str, list[str]]:
    """Take `--data-dir FOLDER` out of the arguments, wherever it stands."""
    rest, folder = list(arguments), ""
    for index, word in enumerate(arguments):
        if word == "--data-dir":
            if index + 1 == len(arguments):
                raise ClinicError("--data-dir needs a folder.")
            folder = arguments[index + 1]
            del rest[index : index + 2]
        elif word.startswith("--data-dir="):
            folder = word.partition("=")[2]
            del rest[index]
    return folder, rest


def _function(verb: Verb) -> Callable[[list[str]], int]:
    module, _, function = verb.target.partition(":")
    return getattr(importlib.import_module(module), function)


def _guarded(work: Callable[[], int]) -> int:
    """Run and translate: what a person can put right becomes one line, anything else stays a traceback."""
    try:
        with _ended_in_good_order():
            code = work()
        sys.stdout.flush()
        return code
    except KeyboardInterrupt as end:
        return SIGNALED + getattr(end, "number", signal.SIGINT)
    except BrokenPipeError:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except ClinicError as refusal:
        return _refuse(refusal.message, PROBLEM)
    except UnicodeDecodeError as trouble:
        return _refuse(f"The input is not UTF-8 text (byte {trouble.start}).", MISUSE)
    except csv.Error as trouble:
        return _refuse(f"The input is not a readable CSV file: {trouble}.", MISUSE)
    except OSError as trouble:
        if trouble.filename is None:
            return _refuse(f"{trouble.strerror or trouble}.", PROBLEM)
        return _refuse(f"{trouble.filename}: {trouble.strerror}.", MISUSE)
    except Exception as trouble:
        if type(trouble).__name__ in ("DatabaseTrouble", "OperationalError"):
            return _refuse(str(trouble).strip(), PROBLEM)
        raise


@contextmanager
def _ended_in_good_order() -> Iterator[None]:
    """Let `kill` and a closed terminal end a verb as Ctrl-C does, so that no database is left running."""

    def end(number: int, frame: object) -> None:
        raise Ended(number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, meaning in before.items():
            signal.signal(number, meaning)


def _refuse(sentence: str, code: int) -> int:
    print(f"mainstay: {sentence}", file=sys.stderr)
    return code


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr)
