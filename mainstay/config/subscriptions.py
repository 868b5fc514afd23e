"""Who listens to whom: the one list of every event and its subscribers."""

from __future__ import annotations


def connect() -> None:
    """Connect every subscriber; called once, when all domains are loaded."""
    from mainstay.coverage.events import CoverageChanged
    from mainstay.forms.events import FormSettled
    from mainstay.foundation.outbox import subscribe
    from mainstay.practice.events import RoomAdded
    from mainstay.scheduling import actions as scheduling
    from mainstay.scheduling.events import AppointmentBooked, AppointmentCancelled, AppointmentMissed
    from mainstay.visits import actions as visits

    subscribe(FormSettled, together=(visits.follow_form,))
    subscribe(CoverageChanged, together=(visits.follow_coverage,))
    subscribe(RoomAdded, together=(visits.prepare_added_room,))
    subscribe(AppointmentBooked, together=(visits.expect_visit, visits.settle_booked_end))
    subscribe(AppointmentCancelled, together=(visits.cancel_visit_of,), afterwards=(scheduling.offer_freed_time,))
    subscribe(
        AppointmentMissed,
        together=(visits.follow_missed_appointment,),
        afterwards=(scheduling.offer_missed_time, scheduling.follow_no_show),
    )
    _follow_closings()
    _keep_notes_owed()
    _keep_vaccines_due()
    _look_after_stock()
    _tell_registries()
    from mainstay.work import renewals
    from mainstay.workforce.events import CredentialExpiring, CredentialRenewed

    subscribe(CredentialExpiring, afterwards=(renewals.owe_renewal,))
    subscribe(CredentialRenewed, afterwards=(renewals.settle_renewal,))
    _follow_orders()
    _follow_people_and_clocks()
    _tell_workforce_the_words()
    _tell_refusals_who_could()


def _follow_closings() -> None:
    from mainstay.foundation.outbox import subscribe
    from mainstay.practice import events
    from mainstay.scheduling import actions as scheduling

    subscribe(events.SiteShut, together=(scheduling.follow_shut_site,))
    subscribe(events.DayClosed, together=(scheduling.follow_closed_day,))
    subscribe(events.HoursChanged, together=(scheduling.follow_changed_hours,))
    subscribe(events.RoomRetired, together=(scheduling.follow_retired_room,))
    subscribe(events.EquipmentRetired, together=(scheduling.follow_retired_equipment,))


def _keep_notes_owed() -> None:
    from mainstay.foundation.outbox import subscribe
    from mainstay.rooming import actions as rooming
    from mainstay.visits.events import PatientLeft, VisitClosed

    subscribe(VisitClosed, together=(rooming.owe_notes,))
    subscribe(PatientLeft, together=(rooming.owe_notes,))


def _look_after_stock() -> None:
    from mainstay.foundation.outbox import subscribe
    from mainstay.inventory import actions as inventory
    from mainstay.inventory.events import LotRecalled, StockBelowPar, UnitOutOfRange

    subscribe(LotRecalled, together=(inventory.owe_recall_work,))
    subscribe(UnitOutOfRange, together=(inventory.owe_excursion_work,))
    subscribe(StockBelowPar, together=(inventory.owe_order_work,))


def _follow_people_and_clocks() -> None:
    from mainstay.foundation.outbox import subscribe
    from mainstay.scheduling import actions as scheduling
    from mainstay.work import actions as work
    from mainstay.work.events import WorkEscalated
    from mainstay.workforce.events import CompetencyFailed, StaffEnded

    subscribe(WorkEscalated, together=(work.tell_who_is_next,))
    subscribe(StaffEnded, together=(work.hand_over_work_of, scheduling.hand_over_appointments_of))
    subscribe(CompetencyFailed, together=(work.follow_failed_check,))


def _follow_orders() -> None:
    from mainstay.foundation.outbox import subscribe
    from mainstay.orders import actions as orders
    from mainstay.orders import events

    subscribe(events.OrderPended, together=(orders.show_on_board,))
    subscribe(events.OrderSigned, together=(orders.show_on_board, orders.settle_wait))
    subscribe(events.OrderDeclined, together=(orders.show_on_board, orders.settle_wait, orders.return_to_pender))
    subscribe(events.OrderSettled, together=(orders.show_on_board, orders.settle_wait))
    subscribe(events.OrderReopened, together=(orders.show_on_board,))
    subscribe(events.StandingOrderSigned, together=(orders.settle_review,))
    subscribe(events.StandingOrderWithdrawn, together=(orders.settle_review,))
    subscribe(events.StandingOrderExpiring, afterwards=(orders.owe_review,))


def _keep_vaccines_due() -> None:
    from mainstay.chart.events import ChartListChanged
    from mainstay.foundation.outbox import subscribe
    from mainstay.immunizations.actions import calling_out, recalled
    from mainstay.immunizations.events import VaccineHistoryChanged
    from mainstay.inventory.events import LotRecalled
    from mainstay.people.events import DemographicsChanged, MergeUndone, PatientsMerged
    from mainstay.rooming.events import HuddleBuilt
    from mainstay.visits.events import VisitArrived

    subscribe(VisitArrived, afterwards=(calling_out.call_out_due,))
    subscribe(HuddleBuilt, together=(calling_out.plan_vaccines,))
    subscribe(VaccineHistoryChanged, afterwards=(calling_out.follow_history, recalled.follow_typed_lots))
    subscribe(LotRecalled, together=(recalled.list_doses_elsewhere,))
    subscribe(ChartListChanged, afterwards=(calling_out.follow_chart,))
    subscribe(DemographicsChanged, afterwards=(calling_out.follow_demographics,))
    subscribe(PatientsMerged, afterwards=(calling_out.follow_merge,))
    subscribe(MergeUndone, afterwards=(calling_out.follow_merge,))


def _tell_registries() -> None:
    from mainstay.foundation.outbox import subscribe
    from mainstay.immunizations import events
    from mainstay.interop import actions as interop

    subscribe(events.DoseGiven, afterwards=(interop.tell_of_given_dose,))
    subscribe(events.DoseAmended, afterwards=(interop.tell_of_amended_dose,))
    subscribe(events.DoseWithdrawn, afterwards=(interop.tell_of_withdrawn_dose,))
    subscribe(events.VaccineRefused, afterwards=(interop.tell_of_refusal,))
    subscribe(events.VaccineReactionNoticed, afterwards=(interop.tell_of_reaction,))
    subscribe(events.VaccineReactionDescribed, afterwards=(interop.tell_of_reaction,))
    subscribe(events.VaccineHistoryChanged, afterwards=(interop.tell_of_history,))


def _tell_refusals_who_could() -> None:
    from mainstay.foundation.permissions import holders_told_by
    from mainstay.workforce.queries import holders_of

    holders_told_by(holders_of)


def _tell_workforce_the_words() -> None:
    from mainstay.authority import law
    from mainstay.workforce.vocabulary import CredentialWord, Vocabulary, told_by

    def words() -> Vocabulary:
        kinds = law.credential_kinds()
        return Vocabulary(
            acts={code: act.name for code, act in law.acts().items() if act.competency},
            credentials={c: CredentialWord(k.name, k.issuer, k.kind, k.renewal_months) for c, k in kinds.items()},
            licenses={code: kinds[code].name for code in law.licenses()},
            topics=law.training_topics(),
            states={code: state.name for code, state in law.states().items()},
        )

    told_by(words)
