"""Addresses of what was received, of registries, and of messages to and from partners."""

from django.urls import path

from mainstay.interop import views

urlpatterns = [
    path("patients/<uuid:public_id>/received/", views.received, name="patient-received"),
    path("patients/<uuid:public_id>/received/<int:resource_id>/", views.received_one, name="patient-received-one"),
    path("patients/<uuid:public_id>/registry/", views.patient_registry, name="patient-registry"),
    path("patients/<uuid:public_id>/registry/ask/", views.ask_about_patient, name="patient-registry-ask"),
    path("patients/<uuid:public_id>/registry/choose/", views.choose_person, name="patient-registry-choose"),
    path("patients/<uuid:public_id>/registry/bring-in/", views.bring_in, name="patient-registry-bring-in"),
    path(
        "patients/<uuid:public_id>/registry/sent/<uuid:message_id>/",
        views.bring_in_sent,
        name="patient-registry-bring-in-sent",
    ),
    path("registries/", views.registries, name="registries"),
    path("registries/sites/<uuid:public_id>/", views.registry_settings, name="registry-settings"),
    path("registries/messages/", views.messages, name="registry-messages"),
    path("registries/messages/<uuid:public_id>/", views.outbound_message, name="outbound-message"),
    path("registries/messages/<uuid:public_id>/repair/", views.repair_outbound, name="outbound-repair"),
    path("registries/messages/<uuid:public_id>/withdraw/", views.withdraw_outbound, name="outbound-withdraw"),
    path("registries/messages/<uuid:public_id>/send/", views.send_outbound_now, name="outbound-send"),
    path("registries/received/<uuid:public_id>/", views.inbound_message, name="inbound-message"),
    path("registries/received/<uuid:public_id>/repair/", views.repair_inbound, name="inbound-repair"),
    path("registries/received/<uuid:public_id>/put-aside/", views.put_inbound_aside, name="inbound-put-aside"),
]
