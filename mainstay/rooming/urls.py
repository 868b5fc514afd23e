from django.urls import path

from mainstay.rooming.views import day, provider, room, steps

urlpatterns = [
    path("huddle/", day.huddle, name="huddle"),
    path("huddle/rebuild/", day.rebuild, name="huddle-rebuild"),
    path("huddle/<uuid:public_id>/note/", day.note, name="huddle-note"),
    path("end-of-day/", day.end_of_day, name="end-of-day"),
    path("rooming/<uuid:public_id>/", room.rooming, name="rooming"),
    path("rooming/<uuid:public_id>/identify/", room.identify, name="rooming-identify"),
    path("rooming/<uuid:public_id>/wrong-patient/", room.wrong_patient, name="rooming-wrong-patient"),
    path("rooming/<uuid:public_id>/reason/", room.save_reason, name="rooming-reason"),
    path("rooming/<uuid:public_id>/panel/<slug:code>/", room.save_panel, name="rooming-panel"),
    path("rooming/<uuid:public_id>/panel/<slug:code>/judge/", room.judge, name="rooming-judge"),
    path("rooming/<uuid:public_id>/allergies/", steps.add_allergy, name="rooming-allergy"),
    path("rooming/<uuid:public_id>/medications/", steps.add_medication, name="rooming-medication"),
    path("rooming/<uuid:public_id>/medications/said/", steps.say_medications, name="rooming-medications-said"),
    path("rooming/<uuid:public_id>/reviewed/<slug:name>/", steps.review_list, name="rooming-review"),
    path("rooming/<uuid:public_id>/screening/<slug:code>/", steps.screening, name="rooming-screening"),
    path("rooming/<uuid:public_id>/screening/<slug:code>/declined/", steps.decline_screening, name="rooming-decline"),
    path("rooming/<uuid:public_id>/loops/<uuid:loop_id>/tell/", steps.tell, name="rooming-tell"),
    path("rooming/<uuid:public_id>/loops/<uuid:loop_id>/answer/", steps.answer, name="rooming-answer"),
    path("rooming/<uuid:public_id>/loops/<uuid:loop_id>/close/", steps.close_loop, name="rooming-close-loop"),
    path("rooming/<uuid:public_id>/steps/<slug:step>/", steps.tick, name="rooming-tick"),
    path("rooming/<uuid:public_id>/hand-off/", steps.hand_off, name="rooming-hand-off"),
    path("provider/<uuid:public_id>/", provider.provider, name="provider"),
    path("provider/<uuid:public_id>/acknowledge/", provider.acknowledge, name="provider-acknowledge"),
    path("provider/<uuid:public_id>/note/", provider.save_note, name="provider-note"),
    path("provider/<uuid:public_id>/note/<uuid:note_id>/amend/", provider.amend_note, name="provider-amend"),
    path("provider/<uuid:public_id>/loops/<uuid:loop_id>/", provider.answer, name="provider-answer"),
    path("provider/<uuid:public_id>/arrange/", provider.ask_for, name="provider-arrange"),
]
