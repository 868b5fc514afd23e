from django.urls import path

from mainstay.coverage import views

urlpatterns = [
    path("patients/<uuid:public_id>/coverage/", views.patient_coverage, name="patient-coverage"),
    path("patients/<uuid:public_id>/coverage/add/", views.add, name="add-policy"),
    path("patients/<uuid:public_id>/coverage/<uuid:policy_id>/", views.change, name="change-policy"),
    path("patients/<uuid:public_id>/coverage/<uuid:policy_id>/check/", views.check, name="check-policy"),
    path("patients/<uuid:public_id>/coverage/<uuid:policy_id>/end/", views.end, name="end-policy"),
    path("patients/<uuid:public_id>/coverage/<uuid:policy_id>/withdraw/", views.withdraw, name="withdraw-coverage"),
    path("patients/<uuid:public_id>/coverage/<uuid:policy_id>/card/<slug:side>/", views.card, name="policy-card"),
    path("patients/<uuid:public_id>/coverage/<uuid:policy_id>/first/", views.pay_first, name="policy-first"),
]
