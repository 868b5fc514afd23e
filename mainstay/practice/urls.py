from django.urls import path

from mainstay.practice import views

urlpatterns = [
    path("settings/practice/", views.practice, name="practice-settings"),
    path("settings/sites/", views.sites, name="sites"),
    path("settings/sites/holidays/", views.close_on_holidays, name="close-on-holidays"),
    path("settings/sites/add/", views.add_site, name="add-site"),
    path("settings/sites/<uuid:public_id>/", views.site_settings, name="site-settings"),
    path("settings/sites/<uuid:public_id>/change/", views.change_site, name="change-site"),
    path("settings/sites/<uuid:public_id>/hours/", views.hours, name="site-hours"),
    path("settings/sites/<uuid:public_id>/rooms/", views.add_room, name="add-room"),
    path("settings/sites/<uuid:public_id>/equipment/", views.add_equipment, name="add-equipment"),
    path("settings/sites/<uuid:public_id>/closures/", views.add_closure, name="add-closure"),
    path("settings/sites/<uuid:public_id>/<slug:kind>/<int:number>/end/", views.take_away, name="end-part-of-site"),
    path("settings/sites/<uuid:public_id>/<slug:what>/", views.open_or_shut, name="open-or-shut-site"),
    path("settings/visit-types/", views.visit_types, name="visit-types"),
    path("settings/visit-types/add/", views.add_visit_type, name="add-visit-type"),
    path("settings/visit-types/<slug:code>/", views.change_visit_type, name="change-visit-type"),
    path("settings/visit-types/<slug:code>/withdraw/", views.withdraw_visit_type, name="withdraw-visit-type"),
    path("settings/overrides/", views.overrides, name="table-overrides"),
    path("settings/overrides/<int:number>/withdraw/", views.withdraw_override, name="withdraw-override"),
]
