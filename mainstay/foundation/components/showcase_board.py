"""A made-up board and its rooms, for the page of components."""

from __future__ import annotations

from datetime import datetime, timedelta

from mainstay.foundation.components.day import (
    BoardRow,
    Choice,
    NextAction,
    RoomTile,
    Signal,
)
from mainstay.foundation.decisions import no

ROOMS = ("Hall", "Room 1", "Room 2", "Room 3", "Room 4", "Room 5", "Lab chair")


def board_rows(now: datetime) -> list[BoardRow]:
    """Eight visits in every stage."""

    def row(
        key: str,
        at: int,
        patient: str,
        hue: int,
        reason: str,
        provider: str,
        stage: str,
        kind: str,
        step: int,
        minutes: int,
        **more: object,
    ) -> BoardRow:
        rooms = tuple(Choice(r, r, r == more.get("room", "Hall")) for r in ROOMS)
        return BoardRow(
            key=key,
            time=now + timedelta(minutes=at),
            patient=patient,
            url="#board",
            hue=hue,
            reason=reason,
            provider=provider,
            stage=stage,
            stage_kind=kind,
            stage_step=step,
            stage_of=6,
            since=now - timedelta(minutes=minutes),
            warn=15,
            late=30,
            rooms=rooms,
            room_url="#board" if kind in ("active", "waiting") else "",
            **more,  # type: ignore[arg-type]  # facts by name
        )

    more = (NextAction("Late", "#board", "clock"), NextAction("Cancel visit", "#board", "x"))
    return [
        row(
            "1",
            -70,
            "Rosa Delgado",
            4,
            "Blood pressure check",
            "Dr. Okoye",
            "With provider",
            "active",
            4,
            22,
            age="42 y",
            room="Room 4",
            who="DW",
            signals=(Signal("stop", "BP 186/112"), Signal("told", "Dr. Okoye told 9:41")),
            next=NextAction("See hand-off", "#board", "clipboard-list", is_link=True),
            more=more,
        ),
        row(
            "2",
            -55,
            "Theo Brandt",
            9,
            "Well child, 18 months",
            "Dr. Lindqvist",
            "Rooming",
            "active",
            3,
            9,
            age="18 m",
            room="Room 2",
            who="DW",
            is_mine=True,
            signals=(Signal("confirm", "4 vaccines due"), Signal("confirm", "M-CHAT missing")),
            next=NextAction("Rooming", "#board", "heart-pulse", is_link=True),
            more=more,
        ),
        row(
            "3",
            -40,
            "Alex Okafor",
            8,
            "Diabetes follow-up",
            "Dr. Okoye",
            "Arrived",
            "waiting",
            2,
            41,
            age="75 y",
            room="Hall",
            signals=(Signal("told", "A1c waits for order"), Signal("confirm", "Coverage lapsed")),
            next=NextAction("Room patient", "#board", "door-open"),
            more=more,
        ),
        row(
            "4",
            -35,
            "Priya Raman",
            5,
            "Allergy injection",
            "Nurse visit",
            "Observation",
            "active",
            5,
            17,
            age="29 y",
            room="Lab chair",
            who="LT",
            signals=(Signal("confirm", "Watch 13 min more"),),
            next=NextAction(
                "Check arm",
                "#board",
                "eye",
                decision=no("Injection checks need a signed competency.", who_could=("Lee Tran, RMA",)),
            ),
        ),
        row(
            "5",
            -20,
            "Marcus Webb",
            1,
            "Cough and fever",
            "J. Abara, NP",
            "Arrived",
            "waiting",
            2,
            6,
            age="51 y",
            room="Hall",
            signals=(Signal("stop", "Mask and room now"),),
            next=NextAction("Room patient", "#board", "door-open"),
            more=more,
        ),
        row(
            "6",
            10,
            "Hannah Stein",
            2,
            "New patient",
            "J. Abara, NP",
            "Booked",
            "open",
            1,
            0,
            age="36 y",
            signals=(Signal("confirm", "3 forms open"),),
            next=NextAction("Check in", "#board", "user-check"),
            more=more,
        ),
        row(
            "7",
            -95,
            "José Marín",
            7,
            "Suture removal",
            "Nurse visit",
            "Closed",
            "done",
            6,
            12,
            age="19 y",
            room="Room 1",
        ),
        row("8", -80, "Ida Kowalski", 6, "Medicare wellness", "Dr. Okoye", "No-show", "off", 1, 80, age="81 y"),
    ]


def room_tiles(now: datetime) -> list[RoomTile]:
    """Six rooms in every state."""
    ago = lambda minutes: now - timedelta(minutes=minutes)  # noqa: E731 - said a dozen times below
    return [
        RoomTile(
            "Room 1", "dirty", ago(14), warn=5, late=20, note="Suture removal", next=NextAction("Clean", "#rooms")
        ),
        RoomTile("Room 2", "occupied", ago(9), who="Theo B.", hue=9, note="with DW"),
        RoomTile("Room 3", "ready", ago(31), note="Pediatric scale"),
        RoomTile("Room 4", "occupied", ago(52), warn=30, late=45, who="Rosa D.", hue=4, note="Dr. Okoye"),
        RoomTile("Room 5", "cleaning", ago(3), note="LT"),
        RoomTile("Lab chair", "stocked", ago(63)),
        RoomTile("Room 6", "closed", ago(240), note="Sink repair, until Thu"),
    ]
