from django.urls import path

from mainstay.immunizations.views import due_list, history, schedules

urlpatterns = [
    path("patients/<uuid:public_id>/vaccines/", history.vaccines, name="chart-vaccines"),
    path("patients/<uuid:public_id>/vaccines/elsewhere/", history.add_doses, name="add-vaccine-doses"),
    path("patients/<uuid:public_id>/vaccines/elsewhere/<uuid:dose_id>/", history.amend_dose, name="amend-vaccine-dose"),
    path(
        "patients/<uuid:public_id>/vaccines/elsewhere/<uuid:dose_id>/withdraw/",
        history.withdraw_dose,
        name="withdraw-vaccine-dose",
    ),
    path("patients/<uuid:public_id>/vaccines/facts/", history.add_fact, name="add-vaccine-fact"),
    path(
        "patients/<uuid:public_id>/vaccines/facts/<uuid:fact_id>/withdraw/",
        history.withdraw_fact,
        name="withdraw-vaccine-fact",
    ),
    path("patients/<uuid:public_id>/vaccines/talk/", history.document_talk, name="vaccine-talk"),
    path("patients/<uuid:public_id>/vaccines/record.pdf", history.record, name="vaccine-record"),
    path("vaccines/due/", due_list.due_list, name="due-list"),
    path("vaccines/due/progress/", due_list.run_progress, name="due-run"),
    path("vaccines/due/start/", due_list.start_run, name="start-due-run"),
    path("vaccines/due/stop/", due_list.stop_run, name="stop-due-run"),
    path("vaccines/due/reminders.csv", due_list.reminders, name="due-reminders"),
    path("vaccines/due/letters/", due_list.letters, name="due-letters"),
    path("vaccines/due/letters/<int:number>.pdf", due_list.letters_file, name="due-letters-file"),
    path("admin/vaccine-schedules/", schedules.schedules, name="vaccine-schedules"),
    path("admin/vaccine-schedules/follow/", schedules.choose, name="follow-schedule"),
    path("admin/vaccine-schedules/follow-the-rest/", schedules.follow_the_rest, name="follow-the-rest"),
    path("admin/vaccine-schedules/editions/", schedules.add_edition, name="add-schedule-edition"),
    path("admin/vaccine-schedules/editions/<str:name>/", schedules.edition_status, name="schedule-edition-status"),
    path("admin/vaccine-schedules/values/", schedules.add_override, name="add-schedule-value"),
    path(
        "admin/vaccine-schedules/values/<uuid:public_id>/withdraw/",
        schedules.withdraw_override,
        name="withdraw-schedule-value",
    ),
]
