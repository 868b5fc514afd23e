from django.urls import path

from mainstay.forms.views import filling, leaflets, patient, tablet

urlpatterns = [
    path("patients/<uuid:patient_id>/forms/", patient.patient_forms, name="patient-forms"),
    path("patients/<uuid:patient_id>/forms/give/", patient.give, name="give-form"),
    path("patients/<uuid:patient_id>/forms/hand-over/", tablet.hand_over, name="hand-over-forms"),
    path("patients/<uuid:patient_id>/leaflets/", leaflets.give, name="give-leaflet"),
    path("patients/<uuid:patient_id>/leaflets/<uuid:given_id>/withdraw/", leaflets.withdraw, name="withdraw-leaflet"),
    path("forms/<uuid:response_id>/", filling.form, name="form"),
    path("forms/<uuid:response_id>/keep/", filling.keep, name="keep-form"),
    path("forms/<uuid:response_id>/decline/", filling.decline, name="decline-form"),
    path("forms/<uuid:response_id>/take-back/", filling.take_back, name="take-back-form"),
    path("forms/<uuid:response_id>/withdraw/", filling.withdraw, name="withdraw-form"),
    path("forms/<uuid:response_id>/explain/", filling.explain, name="explain-form"),
    path("forms/<uuid:response_id>/witness/", filling.witness, name="witness-form"),
    path("forms/<uuid:response_id>/scan/", filling.scan, name="scan-form"),
    path("forms/<uuid:response_id>/scanned/", filling.scanned, name="form-scanned"),
    path("forms/<uuid:response_id>/paper.pdf", filling.paper, name="form-paper"),
    path("forms/blank/<slug:code>/<slug:language>.pdf", patient.blank, name="blank-form"),
    path("forms/blank/", patient.blanks, name="blank-forms"),
    path("leaflets/", leaflets.leaflets, name="leaflets"),
    path("leaflets/<slug:code>/<slug:language>/", leaflets.leaflet, name="leaflet"),
    path("leaflets/<slug:code>/<slug:language>.pdf", leaflets.leaflet_pdf, name="leaflet-pdf"),
    path("tablet/", tablet.tablet, name="tablet"),
    path("tablet/keep/", tablet.keep, name="tablet-keep"),
    path("tablet/later/", tablet.ask_later, name="tablet-later"),
]
