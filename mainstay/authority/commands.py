"""`mainstay may`: ask the authority engine from the command line, without a database."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NoReturn

from mainstay.authority.engine import decide
from mainstay.authority.facts import Competence, Competency, Credential, Order, Question, StandingOrder, Supervision
from mainstay.authority.law import acts, credential_kinds, rule_on, states, substances, training_topics
from mainstay.authority.policy_file import read_policies
from mainstay.authority.words import day
from mainstay.foundation import clock
from mainstay.foundation.decisions import Decision, Outcome
from mainstay.foundation.errors import InvalidInput

MARK = {
    Outcome.ALLOW: "✔ allowed",
    Outcome.ALLOW_WITH_CONDITIONS: "✔ allowed with conditions",
    Outcome.ASK: "? ask first",
    Outcome.REFUSE: "✘ refused",
}
LISTS = ("acts", "states", "credentials", "training", "substances")
SETTINGS = ("office", "primary_care", "hospital", "hospital_owned_clinic")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise InvalidInput(message)


def _parser() -> _Parser:
    parser = _Parser(
        prog="mainstay may",
        description="May a medical assistant do this act, here, on this day, on this order? Not legal advice.",
        epilog="Exit status: 0 answered, 1 not allowed and --exit-code was given, 2 the question cannot be read.",
    )
    parser.add_argument(
        "questions", nargs="?", metavar="-", help="read questions from standard input, one JSON object a line"
    )
    parser.add_argument("--state", help="where the assistant is: two letters or the name")
    parser.add_argument("--patient-state", default="", help="where the patient is, if elsewhere; the stricter holds")
    parser.add_argument("--act", help="what is to be done; --list acts shows them")
    parser.add_argument("--on", default="", help="the day, YYYY-MM-DD; today if not given")
    parser.add_argument(
        "--credential", action="append", default=[], metavar="CODE[:EXPIRES]",
        help="a credential or license held, or none; repeat it or use commas; --list credentials shows them",
    )  # fmt: skip
    parser.add_argument("--expires", default="", metavar="DATE", help="expiry of the credentials that name none")
    parser.add_argument("--supervision", default="not_stated", help="direct_visual, on_site, telehealth_av or general")
    parser.add_argument("--order", default="not_stated", help="signed, standing or none")
    parser.add_argument("--standing-reviewed", default="", metavar="DATE", help="when the standing order was reviewed")
    parser.add_argument("--delegator", default="", help="license of the one who delegates: MD, DO, NP, PA, RN …")
    parser.add_argument("--competency", default="not_stated", help="signed or none: the clinic's sign-off for this act")
    parser.add_argument("--competency-expires", default="", metavar="DATE")
    parser.add_argument(
        "--hours", nargs="+", action="extend", default=[], metavar="MEASURE=NUMBER",
        help="training on file, e.g. class=24 clinical=8; --list training shows the measures",
    )  # fmt: skip
    parser.add_argument("--setting", default="", help="office, primary_care, hospital or hospital_owned_clinic")
    parser.add_argument("--substance", default="", help="controlled, allergen, chemotherapy …; commas between several")
    parser.add_argument("--patient", default="", choices=("", "stable", "unstable"), help="stable or unstable")
    parser.add_argument("--policy", default="", metavar="FILE", help="clinic policies: TOML with [[policy]] tables")
    parser.add_argument(
        "--medicare-direct", action="store_true", help="Medicare direct supervision is met (billing only)"
    )
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    parser.add_argument("--explain", action="store_true", help="print the answer for people, with the row behind it")
    parser.add_argument("--exit-code", action="store_true", help="exit 1 when the act may not go ahead")
    parser.add_argument(
        "--list", choices=("acts", "states", "credentials", "training", "substances"), help="list the words"
    )
    return parser


def may(argv: Sequence[str]) -> int:
    """Answer `mainstay may`; returns the exit status."""
    try:
        options = _parser().parse_args(argv)
        if options.list:
            return _print_words(options.list)
        if options.questions not in (None, "-"):
            raise InvalidInput(f"Only - can stand alone; {options.questions!r} needs an option before it.")
        if options.questions == "-":
            return _answer_lines(sys.stdin)
        question = _question(vars(options))
        decision = decide(question)
    except InvalidInput as wrong:
        print(f"mainstay may: {wrong.message}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(_as_json(decision), ensure_ascii=False))
    else:
        print("\n".join(_as_text(decision, question if options.explain else None)))
    return 1 if options.exit_code and not decision else 0


def _question(given: Mapping[str, Any]) -> Question:
    """A question from option or JSON values; raises `InvalidInput` naming the choices."""
    if not given.get("state") or not given.get("act"):
        raise InvalidInput("--state and --act are needed, e.g. --state NY --act vaccine; --help shows the rest.")
    return Question(
        state=_state(given["state"]),
        act=_one_of("act", given["act"], list(acts())),
        on=_day("on", given.get("on")) or clock.now().astimezone().date(),
        credentials=_credentials(given.get("credential") or (), _day("expires", given.get("expires"))),
        competency=Competency(
            Competence(_one_of("competency", given.get("competency") or "not_stated", [str(c) for c in Competence])),
            _day("competency-expires", given.get("competency_expires")),
        ),
        training=_training(given.get("hours") or ()),
        delegator=_delegator(given.get("delegator") or ""),
        supervision=_supervision(given.get("supervision") or "not_stated"),
        medicare_direct=given.get("medicare_direct") or None,
        order=Order(_one_of("order", given.get("order") or "not_stated", [str(o) for o in Order])),
        standing_order=StandingOrder(reviewed=_day("standing-reviewed", given.get("standing_reviewed"))),
        patient_state=_state(given["patient_state"]) if given.get("patient_state") else "",
        is_patient_stable={"stable": True, "unstable": False}.get(
            _one_of("patient", given.get("patient") or "", ("", "stable", "unstable"))
        ),
        substances=tuple(
            _one_of("substance", s, list(substances()))
            for s in str(given.get("substance") or "").split(",")
            if s.strip()
        ),
        policies=read_policies(Path(str(given["policy"]))) if given.get("policy") else (),
        setting=_one_of("setting", given.get("setting") or "", ("", *SETTINGS)),
    )


def _state(word: str) -> str:
    wanted = str(word).strip()
    for code, state in states().items():
        if wanted.upper() == code or wanted.casefold() == state.name.casefold():
            return code
    raise InvalidInput(f"There is no state {word!r}. Use one of: {', '.join(states())}.", field="state")


def _one_of(option: str, word: str, choices: Sequence[str]) -> str:
    wanted = re.sub(r"[\s-]+", "_", str(word).strip().lower())
    if wanted in choices:
        return wanted
    shown = ", ".join(c for c in choices if c and c != "not_stated")
    raise InvalidInput(f"--{option} {word!r} is not known. Use one of: {shown}.", field=option)


def _supervision(word: str) -> Supervision:
    return Supervision[_one_of("supervision", word, [s.code for s in reversed(Supervision)]).upper()]


def _delegator(word: str) -> str:
    code = str(word).strip().upper()
    choices = [c for c, kind in credential_kinds().items() if kind.kind == "license"]
    if code and code not in choices:
        raise InvalidInput(f"--delegator {word!r} is not known. Use one of: {', '.join(choices)}.", field="delegator")
    return code


def _credentials(given: str | Sequence[str], default_expiry: date | None) -> tuple[Credential, ...]:
    found = []
    for word in _words(given):
        if word.lower() == "none":
            continue
        name, _, expires = re.sub("[:@=]", ":", word).partition(":")
        code = re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")
        code = _with_issuer(code)
        if code not in credential_kinds():
            raise InvalidInput(
                f"--credential {name!r} is not known. Use none or one of: {', '.join(credential_kinds())}.",
                field="credential",
            )
        found.append(Credential(code, _day("credential", expires) or default_expiry))
    return tuple(found)


def _with_issuer(code: str) -> str:
    """The full code of a credential named without its issuer, where only one issuer has it: RMA is RMA_AMT."""
    full = [known for known in credential_kinds() if known.startswith(f"{code}_")]
    return full[0] if len(full) == 1 and code not in credential_kinds() else code


def _training(given: Mapping[str, Any] | Sequence[str]) -> tuple[tuple[str, Decimal], ...]:
    if isinstance(given, Mapping):
        pairs = [(str(k), str(v)) for k, v in given.items()]
    else:
        pairs = [(word.partition("=")[0], word.partition("=")[2]) for word in _words(given)]
    short = {word: topic for topic, word in training_topics().items()}
    found = []
    for measure, number in pairs:
        name = short.get(measure.strip().lower(), measure)
        name = _one_of("hours", name, list(training_topics()))
        try:
            found.append((name, Decimal(number)))
        except InvalidOperation:
            raise InvalidInput(f"--hours {name}={number}: a number is needed, e.g. {name}=24.", field="hours") from None
    return tuple(found)


def _words(given: Any) -> list[str]:
    words = given if isinstance(given, Sequence) and not isinstance(given, str) else [given or ""]
    return [part.strip() for one in words for part in str(one).split(",") if part.strip()]


def _day(option: str, word: str | None) -> date | None:
    if not word:
        return None
    try:
        return date.fromisoformat(str(word).strip())
    except ValueError:
        raise InvalidInput(f"--{option} {word!r} is not a day. Write it as 2026-11-21.", field=option) from None


def _as_json(decision: Decision) -> dict[str, Any]:
    return {
        "outcome": str(decision.outcome),
        "reason": decision.reason,
        "citation": decision.citation,
        "confidence": str(decision.confidence),
        "conditions": list(decision.conditions),
        "who_could": list(decision.who_could),
    }


def _as_text(decision: Decision, question: Question | None) -> Iterator[str]:
    yield f"{MARK[decision.outcome]}: {decision.reason}"
    for condition in decision.conditions:
        yield f"  • {condition}"
    if decision.who_could:
        yield f"  who could: {'; '.join(decision.who_could)}"
    yield f"  source: {decision.citation} · confidence {decision.confidence}"
    if question is not None:
        rule = rule_on(question.state, question.act, question.on)
        yield f"  law as read: {rule.law} · default: {rule.default} · source read: {rule.source}"
        yield f"  least supervision: {rule.supervision.code} ({rule.state.regime.words})"
        if rule.effective or rule.until:
            start = f"from {day(rule.effective)} " if rule.effective else ""
            end = f"until {day(rule.until)}" if rule.until else ""
            yield f"  in force: {start}{end}".rstrip()
        yield f"  checked {day(rule.checked)}, reviewed by: {rule.reviewed_by}"


def _answer_lines(lines: Iterator[str]) -> int:
    status = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
            if not isinstance(given, dict):
                raise InvalidInput("one JSON object a line is needed")
            print(json.dumps(_as_json(decide(_question(given))), ensure_ascii=False))
        except (InvalidInput, json.JSONDecodeError, RecursionError) as wrong:
            message = wrong.message if isinstance(wrong, InvalidInput) else "this is not JSON"
            print(json.dumps({"line": number, "error": message}, ensure_ascii=False))
            status = 2
    return status


def _print_words(which: str) -> int:
    listed: Mapping[str, str] = {
        "acts": {code: act.name for code, act in acts().items()},
        "states": {code: state.name for code, state in states().items()},
        "credentials": {code: kind.name for code, kind in credential_kinds().items()},
        "training": training_topics(),
        "substances": {code: name for code, (name, _) in substances().items()},
    }[which]
    for code, name in listed.items():
        print(f"{code:<28}{name}".rstrip())
    return 0
