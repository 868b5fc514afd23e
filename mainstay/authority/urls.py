"""Addresses of authority."""

from django.urls import path

from mainstay.authority import views

urlpatterns = [
    path("", views.what_may_i_do, name="what-may-i-do"),
    path("explorer/", views.explore, name="authority-explorer"),
    path("policies/", views.policies, name="clinic-policies"),
    path("policies/write/", views.write_policy, name="write-policy"),
    path("policies/sign/", views.sign_policy, name="sign-policy"),
    path("policies/<uuid:public_id>/withdraw/", views.withdraw_policy, name="withdraw-policy"),
]
