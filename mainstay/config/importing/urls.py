from django.urls import path

from mainstay.config.importing import views

urlpatterns = [
    path("", views.imports, name="imports"),
    path("template/<slug:kind>/", views.template, name="import-template"),
    path("<uuid:public_id>/", views.one_import, name="import"),
    path("<uuid:public_id>/run/", views.run, name="run-import"),
    path("<uuid:public_id>/stop/", views.stop, name="stop-import"),
    path("<uuid:public_id>/undo/", views.undo, name="undo-import"),
]
