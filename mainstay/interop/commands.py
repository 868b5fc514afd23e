"""`mainstay import fhir` brings in FHIR R4 bundles, resources and NDJSON; `mainstay hl7-listener` takes in HL7."""

from __future__ import annotations

import argparse
import json
import os
import signal
import ssl
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from django.db import transaction

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.foundation.arguments import count, port
from mainstay.foundation.errors import InvalidInput
from mainstay.interop import actions
from mainstay.interop.actions.partners import LOOPBACK
from mainstay.interop.fhir.reading import Sent, Sheet, files_in, sheets_of
from mainstay.interop.hl7.listening import Bounds, Listener
from mainstay.interop.models import ImportRun
from mainstay.practice.models import Site
from mainstay.terminology.actions import load_code_tables
from mainstay.terminology.queries import code_tables

FHIR_HELP = """\
Bring in FHIR R4: bundles, single resources and NDJSON, gzipped or not, files, folders or - for standard input.

What is modelled goes into the chart, by the rules that hold for entries made here; everything else is kept word
for word and shown with the patient. The same content again changes nothing. What is wrong gets one line, and the
rest goes on.

Exit code 0 all is in, 1 something was refused, 2 bad use.
"""


@dataclass(slots=True)
class Tally:
    """What came of an import; `read` is always `mapped` + `kept` + `refused`."""

    files: int = 0
    unchanged: int = 0
    resources: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    refusals: list[dict[str, str]] = field(default_factory=list)

    def add(self, file: str, received: actions.Received, *, waiting: frozenset[int] = frozenset()) -> None:
        """Count what became of a sheet, but for the resources (by identity) that get another try."""
        for slip in received.slips:
            if id(slip.sent) in waiting or slip.disposition is None:
                continue
            self.resources[slip.kind].update(["read", slip.disposition.value])
            self.unchanged += slip.is_unchanged
            if slip.disposition.value == "refused":
                self.refusals.append({"file": file, "resource": slip.label, "reason": slip.reason})

    def as_json(self) -> dict[str, object]:
        """The tally for programs."""
        shown = ("read", "mapped", "kept", "refused")
        return {
            "files": self.files,
            "resources": {kind: {one: self.resources[kind][one] for one in shown} for kind in sorted(self.resources)},
            "refusals": self.refusals,
            "unchanged": self.unchanged,
        }


def import_(argv: list[str]) -> int:
    """`mainstay import …`: the formats that can be brought in."""
    parser = argparse.ArgumentParser("mainstay import", description="Bring in records from elsewhere.")
    formats = parser.add_subparsers(dest="format", required=True, metavar="FORMAT")
    fhir = formats.add_parser(
        "fhir",
        help="FHIR R4 bundles, resources, NDJSON",
        description=FHIR_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    fhir.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder, or - for standard input")
    fhir.add_argument("--source", default="files", help="who sent this; their ids mean the same every time")
    fhir.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
    fhir.add_argument("--json", action="store_true", help="print what came of it as JSON")
    asked = parser.parse_args(argv)
    files = list(files_in(asked.paths))
    if not files:
        print("There is no FHIR file in what you named.", file=sys.stderr)
        return 2
    actor = _importer()
    if not code_tables():
        load_code_tables(actor=actor)
    with transaction.atomic() if asked.dry_run else nullcontext():
        tally = import_files(files, source=asked.source, actor=actor)
        if asked.dry_run:
            transaction.set_rollback(True)
    _print(tally, is_json=asked.json, is_dry=asked.dry_run)
    return 1 if tally.refusals else 0


def import_files(files: Iterable[str], *, source: str, actor: Actor) -> Tally:
    """Bring in files one after the other; resources whose patient came in a later file get a second try."""
    tally = Tally()
    run = actions.start_run(actor=actor, source=source)
    late: list[tuple[str, list[Sent]]] = []
    for file in files:
        tally.files += 1
        for sheet in sheets_of(file):
            tally.refusals += [
                {"file": file, "resource": fault.resource, "reason": fault.reason} for fault in sheet.faults
            ]
            received = actions.receive_sheet(actor=actor, run=run, sheet=sheet)
            waiting = received.waiting()
            tally.add(file, received, waiting=frozenset(map(id, waiting)))
            if waiting:
                late.append((file, waiting))
    for file, sent in late:
        tally.add(file, actions.receive_sheet(actor=actor, run=run, sheet=Sheet(file, sent)))
    _finish(actor, run, tally)
    return tally


def _finish(actor: Actor, run: ImportRun, tally: Tally) -> None:
    counts = tally.as_json()
    actions.finish_run(actor=actor, run=run, counts=counts | {"refusals": len(tally.refusals)})


def _importer() -> Actor:
    """The system, at the first site: nobody in person says what is in these files."""
    site = Site.objects.order_by("pk").first()
    zone = site.zone if site else ZoneInfo("America/New_York")
    return the_system(now=clock.now(), zone=zone, name="Import")


def _print(tally: Tally, *, is_json: bool, is_dry: bool) -> None:
    if is_json:
        print(json.dumps(tally.as_json()))
        return
    for line in _lines(tally):
        print(line)
    if is_dry:
        print("A dry run: nothing was changed.")
    for refusal in tally.refusals:
        where = f"{refusal['file']}: {refusal['resource']}".rstrip(": ")
        print(f"{where}: {refusal['reason']}", file=sys.stderr)


def _lines(tally: Tally) -> Iterator[str]:
    yield f"{'':24}{'read':>9}{'mapped':>9}{'kept':>9}{'refused':>9}"
    for kind in sorted(tally.resources):
        count = tally.resources[kind]
        yield f"{kind:24}" + "".join(f"{count[one]:9,}" for one in ("read", "mapped", "kept", "refused"))
    yield f"{tally.files:,} files, {tally.unchanged:,} resources were here before."


LISTENER_HELP = """\
Take in HL7 version 2 over MLLP: every message is committed before it is answered, and the same message twice has one
effect. What cannot be used is answered with segment and field and kept among the dead letters (Admin, Messages).

Without a certificate only this computer itself (127.0.0.1) can send. With --client-ca only senders whose certificate
one of those authorities signed.
"""


def hl7_listener(argv: list[str]) -> int:
    """`mainstay hl7-listener`: listen until a signal ends it. Returns 0, or 2 for what cannot be asked."""
    parser = argparse.ArgumentParser(
        "mainstay hl7-listener", description=LISTENER_HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=port, default=2576)
    parser.add_argument("--certificate", help="PEM file with our certificate and its chain")
    parser.add_argument("--key", help="PEM file with its key")
    parser.add_argument("--client-ca", help="PEM file with the authorities of senders we take messages from")
    parser.add_argument("--connections", type=count, default=32, help="at a time")
    parser.add_argument("--json", action="store_true", help="print the one line as JSON")
    asked = parser.parse_args(argv)
    if not asked.certificate and asked.host not in LOOPBACK:
        print("mainstay: Without --certificate only 127.0.0.1 can be listened on.", file=sys.stderr)
        return 2
    listener = open_listener(
        asked.host,
        asked.port,
        tls=_server_context(asked.certificate, asked.key, asked.client_ca),
        bounds=Bounds(connections=asked.connections),
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: listener.close())
    told = {"host": asked.host, "port": listener.port}
    print(json.dumps(told) if asked.json else f"Listening for HL7 at {asked.host}:{listener.port}.", flush=True)
    listener.serve()
    return 0


def open_listener(host: str, port: int, *, tls: ssl.SSLContext | None, bounds: Bounds) -> Listener:
    """A listener that hands messages to our actions; nobody in person sends them."""
    actor = replace(_importer(), name="HL7 listener")
    return Listener(
        host,
        port,
        actions.answering(actor),
        tls=tls,
        bounds=bounds,
        too_large=lambda: actions.answer_too_large(actor.at(clock.now())),
    )


def _server_context(certificate: str | None, key: str | None, client_ca: str | None) -> ssl.SSLContext | None:
    if not certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=client_ca)
    try:
        context.load_cert_chain(certificate, key)
    except ssl.SSLError:
        raise InvalidInput("The certificate and its key do not belong together, or are damaged.") from None
    if client_ca:
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def listen_as_configured() -> None:
    """The listener beside web and worker, where MAINSTAY_HL7_LISTEN names host and port; ends with its supervisor."""
    host, _, port = os.environ["MAINSTAY_HL7_LISTEN"].rpartition(":")
    words = ["--host", host or "127.0.0.1", "--port", port]
    for name in ("certificate", "key", "client-ca"):
        if value := os.environ.get(f"MAINSTAY_HL7_{name.upper().replace('-', '_')}"):
            words += [f"--{name}", value]
    hl7_listener(words)
