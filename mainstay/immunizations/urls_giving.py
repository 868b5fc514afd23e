from django.urls import path

from mainstay.immunizations.views import giving, papers, watching

VISIT = "visits/<uuid:public_id>/vaccines/"
ONE = VISIT + "<uuid:preparation_id>/"

urlpatterns = [
    path("patients/<uuid:public_id>/vaccines/give/", giving.give_to_patient, name="give-to-patient"),
    path(VISIT, giving.give, name="give-vaccine"),
    path(VISIT + "identify/", giving.identify, name="give-identify"),
    path(VISIT + "choose/", giving.choose, name="give-choose"),
    path(VISIT + "questions/", giving.screen, name="give-screen"),
    path(VISIT + "pays/", giving.pay, name="give-pays"),
    path(ONE + "vial/", giving.take, name="give-take"),
    path(ONE + "place/", giving.place, name="give-place"),
    path(ONE + "check/", giving.check, name="give-check"),
    path(ONE + "statements/", giving.inform, name="give-inform"),
    path(ONE + "given/", giving.give_dose, name="give-dose"),
    path(ONE + "refused/", giving.refuse, name="give-refuse"),
    path(ONE + "wasted/", giving.waste, name="give-waste"),
    path(ONE + "aside/", giving.put_aside, name="give-aside"),
    path(ONE + "order/", giving.ask_for_order, name="give-ask-order"),
    path(ONE + "ask/", giving.ask, name="give-ask"),
    path(VISIT + "doubts/<uuid:concern_id>/", giving.decide, name="give-decide"),
    path(VISIT + "watch/end/", watching.end_watch, name="vaccine-watch-end"),
    path(VISIT + "watch/reaction/", watching.notice, name="vaccine-reaction"),
    path(VISIT + "watch/card/", watching.reaction_card, name="vaccine-reaction-card"),
    path(VISIT + "watch/<uuid:reaction_id>/treatment/", watching.treat, name="vaccine-treatment"),
    path(VISIT + "watch/<uuid:reaction_id>/report/", watching.report, name="vaccine-report"),
    path(VISIT + "watch/<uuid:reaction_id>/vaers.pdf", papers.vaers, name="vaers-draft"),
    path(VISIT + "receipt.pdf", papers.receipt, name="vaccine-receipt"),
    path("doses/<uuid:dose_id>/", watching.given_dose, name="given-dose"),
    path("doses/<uuid:dose_id>/amend/", watching.amend, name="amend-given-dose"),
    path("doses/<uuid:dose_id>/withdraw/", watching.withdraw, name="withdraw-given-dose"),
]
