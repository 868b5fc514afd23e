"""Reading HL7 version 2: messages a second on one core, taken apart to the last subcomponent or only split.

Run: `python -m bench.hl7`; needs no database. MAINSTAY_TEST_DATA names the folder of test data.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from mainstay.interop.hl7 import Message, parse_message, read_file, remarks_on, write_message

AIM = 3_000
SECONDS = 1.5


def a_result() -> bytes:
    """An ORU^R01 of 24 segments, as a laboratory sends them."""
    lines = [
        "MSH|^~\\&|LAB^1.2.3^ISO|LAB|EHR|CLINIC|20260105081500-0500||ORU^R01^ORU_R01|8812|P|2.5.1|||AL|NE",
        "PID|1||10006579^^^CLINIC^MR~999^^^SSA^SS||Duck^Donald^D^^^^L||19241010|M||1|111 Duck St^^Fowl^CA^99999^^M",
        "PV1|1|O|EXAM^2^A^Main||||1001^Primary^Ann^^^Dr|||||||||||V1",
        "ORC|RE|7^EHR|8^LAB||CM||||20260105|||1001^Primary^Ann",
        "OBR|1|7^EHR|8^LAB|58410-2^CBC panel^LN|||20260105080000-0500|||||||||1001^Primary^Ann||||||20260105||LAB|F",
    ]
    lines += [
        f"OBX|{n}|NM|{6690 + n}-2^Cells \\T\\ more {n}^LN||{n}.5|10*3/uL^^UCUM|4.5-11.0|N|||F|||20260105080000-0500"
        for n in range(1, 20)
    ]
    return ("\r".join(lines) + "\r").encode()


def main() -> None:
    """Print one table."""
    octets = a_result()
    message = parse_message(octets)
    rows: list[tuple[str, Callable[[], object]]] = [
        ("read (24 segments)", lambda: parse_message(octets)),
        ("read, every field taken apart", lambda: _taken_apart(parse_message(octets))),
        ("read and judged", lambda: remarks_on(parse_message(octets))),
        ("written", lambda: write_message(message)),
    ]
    for name, work in rows:
        print(f"{name:34} {_rate(work):10,.0f} messages/s   (asked ≥ {AIM:,})")
    samples = [path.read_bytes() for path in sorted(_data().rglob("*")) if path.suffix in (".hl7", ".txt")]
    samples = [octets for octets in samples if octets.lstrip(b"\xef\xbb\xbf \r\n").startswith((b"MSH", b"FHS", b"BHS"))]
    if samples:
        read = [one for octets in samples for one in read_file(octets).messages]
        good = [one.octets for one in read if one.message]
        name = f"{len(samples)} files of others"
        print(f"{name:34} {_rate(lambda: _all_read(samples)) * len(read):10,.0f} messages/s   ({len(read)} messages)")
        deep = _rate(lambda: [_taken_apart(parse_message(one)) for one in good]) * len(good)
        print(f"{'   every field taken apart':34} {deep:10,.0f} messages/s   ({_segments(good):.0f} segments each)")
        same = sum(write_message(parse_message(one)) == one for one in good)
        print(f"{'   written again, same bytes':34} {same:10,} of {len(read)}, {len(read) - len(good)} refused")


def _all_read(samples: list[bytes]) -> int:
    return sum(len(read_file(one).messages) for one in samples)


def _segments(messages: list[bytes]) -> float:
    return sum(len(parse_message(one).segments) for one in messages) / len(messages)


def _taken_apart(message: Message) -> int:
    return sum(len(one.trees()) for one in message.segments)


def _rate(work: Callable[[], object]) -> float:
    begun, count = time.process_time(), 0
    while (spent := time.process_time() - begun) < SECONDS:
        work()
        count += 1
    return count / spent


def _data() -> Path:
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    return Path(os.environ.get("MAINSTAY_TEST_DATA") or default) / "hl7v2"


if __name__ == "__main__":
    main()
