from django.urls import path

from mainstay.immunizations.views import history

urlpatterns = [
    path("patients/<uuid:public_id>/vaccines/", history.vaccines, name="chart-vaccines"),
    path("patients/<uuid:public_id>/vaccines/elsewhere/", history.add_doses, name="add-vaccine-doses"),
    path("patients/<uuid:public_id>/vaccines/elsewhere/<uuid:dose_id>/", history.amend_dose, name="amend-vaccine-dose"),
    path(
        "patients/<uuid:public_id>/vaccines/elsewhere/<uuid:dose_id>/withdraw/",
        history.withdraw_dose,
        name="withdraw-vaccine-dose",
    ),
    path("patients/<uuid:public_id>/vaccines/facts/", history.add_fact, name="add-vaccine-fact"),
    path(
        "patients/<uuid:public_id>/vaccines/facts/<uuid:fact_id>/withdraw/",
        history.withdraw_fact,
        name="withdraw-vaccine-fact",
    ),
    path("patients/<uuid:public_id>/vaccines/talk/", history.document_talk, name="vaccine-talk"),
    path("patients/<uuid:public_id>/vaccines/record.pdf", history.record, name="vaccine-record"),
]
