"""The verbs that open an installation: demo, serve, worker, migrate, manage."""

from __future__ import annotations

import argparse
import json
import os
import sys

from mainstay.config import installation, serving
from mainstay.foundation.arguments import count, port
from mainstay.foundation.database.purpose import Purpose


def demo(argv: list[str]) -> int:
    """`mainstay demo`: the demo clinic, filled on the first start."""
    parser = _parser("demo", "Open the demo clinic on this machine. Everybody in it is made up.")
    parser.add_argument("--live", action="store_true", help="play the day, so that the board moves")
    asked = parser.parse_args(argv)
    return _open(asked, Purpose.DEMO, live=asked.live)


def serve(argv: list[str]) -> int:
    """`mainstay serve`: a real practice; the first start leads through setting it up."""
    parser = _parser("serve", "Open a real practice. On an empty database the first page sets it up.")
    return _open(parser.parse_args(argv), Purpose.PRACTICE, live=False)


def worker(argv: list[str]) -> int:
    """`mainstay worker`: one more background worker beside those of demo or serve."""
    parser = argparse.ArgumentParser("mainstay worker", description="Run background jobs until interrupted.")
    parser.add_argument("--concurrency", type=count, default=4, help="jobs at the same time (default 4)")
    parser.add_argument("--once", action="store_true", help="end when nothing is waiting")
    parser.add_argument("--json", action="store_true", help="say how it ended as JSON")
    asked = parser.parse_args(argv)
    from mainstay.config import worker as background

    background.run(concurrency=asked.concurrency, forever=not asked.once)
    if asked.json:
        print(json.dumps({"ended": True}))
    return 0


def migrate(argv: list[str]) -> int:
    """`mainstay migrate`: bring the database up to this version; every other verb does so too."""
    parser = argparse.ArgumentParser("mainstay migrate", description="Bring the database up to this version.")
    parser.add_argument("--json", action="store_true", help="say it as JSON")
    asked = parser.parse_args(argv)
    print(json.dumps({"up_to_date": True}) if asked.json else "The database is up to date.")
    return 0


def manage(argv: list[str]) -> int:
    """`mainstay manage COMMAND …`: a Django management command on this installation's database."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["mainstay manage", *argv])
    return 0


def _parser(verb: str, about: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(f"mainstay {verb}", description=about)
    parser.add_argument("--port", type=port, help="port of the web address (default: 8000 or the next free one)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--data-dir", default="", metavar="FOLDER", help="where everything is kept")
    parser.add_argument("--processes", type=count, default=os.environ.get("MAINSTAY_WEB_PROCESSES", "2"),
                        help="web processes (default 2)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print the one line as JSON")
    return parser


def _open(asked: argparse.Namespace, purpose: Purpose, *, live: bool) -> int:
    chosen = installation.choose(asked.data_dir, purpose=purpose)
    wishes = serving.Wishes(host=asked.host, port=asked.port, processes=asked.processes, live=live)

    def announce(opened: serving.Opened) -> None:
        print(json.dumps(opened.as_json()) if asked.json else opened.as_line(), flush=True)

    serving.serve(chosen, purpose, wishes, announce=announce, tell=_tell)
    return 0


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
