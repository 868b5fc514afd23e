from django.urls import path

from mainstay.config.backups import views

urlpatterns = [
    path("", views.backups, name="backups"),
    path("start/", views.start, name="start-backup"),
]
