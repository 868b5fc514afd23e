from django.urls import path

from mainstay.work import views

urlpatterns = [
    path("work/", views.queue, name="work"),
    path("work/expectations/", views.expectations, name="expectations"),
    path("work/expectations/<uuid:public_id>/met/", views.settle_expectation, {"how": "met"}, name="expectation-met"),
    path(
        "work/expectations/<uuid:public_id>/extend/",
        views.settle_expectation,
        {"how": "extend"},
        name="expectation-extend",
    ),
    path(
        "work/expectations/<uuid:public_id>/give-up/",
        views.settle_expectation,
        {"how": "give_up"},
        name="expectation-give-up",
    ),
    path("work/hand-offs/<uuid:public_id>/", views.acknowledge, name="acknowledge-handoff"),
    path("work/<uuid:public_id>/", views.item, name="work-item"),
    path("work/<uuid:public_id>/seen/", views.seen, name="work-seen"),
    path("work/<uuid:public_id>/take/", views.take, name="work-take"),
    path("work/<uuid:public_id>/finish/", views.finish, name="work-finish"),
    path("work/<uuid:public_id>/give-back/", views.put_aside, {"how": "give_back"}, name="work-give-back"),
    path("work/<uuid:public_id>/drop/", views.put_aside, {"how": "drop"}, name="work-drop"),
    path("work/<uuid:public_id>/assign/", views.assign, name="work-assign"),
]
