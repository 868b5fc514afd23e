"""Addresses of what was received."""

from django.urls import path

from mainstay.interop import views

urlpatterns = [
    path("patients/<uuid:public_id>/received/", views.received, name="patient-received"),
    path("patients/<uuid:public_id>/received/<int:resource_id>/", views.received_one, name="patient-received-one"),
]
