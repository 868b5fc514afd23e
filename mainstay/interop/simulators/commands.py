"""`mainstay simulate registry`: play a partner on loopback. Needs no database."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path

from mainstay.foundation import clock
from mainstay.foundation.arguments import port
from mainstay.interop.hl7.listening import Listener
from mainstay.interop.simulators.registry import MOOD_FILE, MOODS, SimulatedRegistry

HELP = """\
Play a vaccination registry over MLLP on loopback: it takes VXU^V04, answers QBP^Q11 (Z34, Z44), and has a schedule
of its own. With --folder it remembers what it accepted. While it runs, --mood FOLDER changes how it behaves:

  mainstay simulate registry --folder DIR --port 2575      play
  mainstay simulate registry --folder DIR --mood down      from now on it drops every connection
  mainstay simulate registry --folder DIR --mood "slow 8"  every answer takes eight seconds
  mainstay simulate registry --folder DIR --mood up        as usual again

Moods: up, down, slow SECONDS, warn, refuse, busy.
"""


def simulate(argv: list[str]) -> int:
    """`mainstay simulate PARTNER`."""
    parser = argparse.ArgumentParser("mainstay simulate", description="Play a partner, for demo, training and tests.")
    partners = parser.add_subparsers(dest="partner", required=True, metavar="PARTNER")
    registry = partners.add_parser(
        "registry",
        help="a vaccination registry",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    registry.add_argument("--port", type=port, default=2575)
    registry.add_argument("--host", default="127.0.0.1")
    registry.add_argument("--folder", type=Path, help="where it keeps what it accepted, and its mood")
    registry.add_argument("--mood", help=f"tell the one of this folder: {', '.join(MOODS)}")
    registry.add_argument("--json", action="store_true", help="print the one line as JSON")
    asked = parser.parse_args(argv)
    if asked.mood is not None:
        return _tell_mood(asked.folder, asked.mood)
    if asked.folder is not None:
        asked.folder.mkdir(parents=True, exist_ok=True)
    played = SimulatedRegistry(clock.now, folder=asked.folder)
    listener = Listener(asked.host, asked.port, played.answer)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: listener.close())
    told = {"host": asked.host, "port": listener.port}
    line = json.dumps(told) if asked.json else f"A simulated registry listens at {asked.host}:{listener.port}."
    print(line, flush=True)
    listener.serve()
    return 0


def _tell_mood(folder: Path | None, mood: str) -> int:
    words = mood.split()
    is_known = bool(words) and words[0] in MOODS and (words[0] == "slow") == (len(words) == 2)
    if folder is None or not folder.is_dir() or not is_known or (len(words) == 2 and not _is_number(words[1])):
        print(f"Say --folder DIR of a simulator and a mood: {', '.join(MOODS)} (slow with seconds).", file=sys.stderr)
        return 2
    (folder / MOOD_FILE).write_text(mood + "\n", encoding="utf-8")
    return 0


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()
