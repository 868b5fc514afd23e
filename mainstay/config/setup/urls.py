from django.urls import path

from mainstay.config.setup import views

urlpatterns = [
    path("", views.begin, name="set-up"),
    path("practice/", views.practice, name="set-up-practice"),
    path("sites/", views.sites, name="set-up-sites"),
    path("sites/<int:number>/", views.site, name="set-up-site"),
    path("sites/<int:number>/drop/", views.drop_site, name="set-up-drop-site"),
    path("hours/", views.hours, name="set-up-hours"),
    path("rooms/", views.rooms, name="set-up-rooms"),
    path("visits/", views.visits, name="set-up-visits"),
    path("administrator/", views.administrator, name="set-up-administrator"),
    path("check/", views.check, name="set-up-check"),
]
