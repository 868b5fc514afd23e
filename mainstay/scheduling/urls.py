from django.urls import path

from mainstay.scheduling.views import appointment, finding, lists, schedule, templates

urlpatterns = [
    path("schedule/", schedule.schedule, name="schedule"),
    path("schedule/print/", schedule.day_sheet, name="schedule-print"),
    path("schedule/week/<uuid:public_id>/", schedule.week, name="schedule-week"),
    path("schedule/find/", finding.find_slot, name="find-slot"),
    path("schedule/book/", finding.book_slot, name="book-slot"),
    path("schedule/wait-list/", lists.wait_list, name="wait-list"),
    path("schedule/wait-list/join/<uuid:patient_id>/", lists.join, name="wait-list-join"),
    path("schedule/wait-list/<uuid:public_id>/leave/", lists.leave, name="wait-list-leave"),
    path("schedule/offers/<uuid:public_id>/<slug:answer>/", lists.answer_offer, name="slot-offer"),
    path("schedule/recalls/", lists.recalls, name="recalls"),
    path("schedule/recalls/add/<uuid:patient_id>/", lists.add_recall, name="recall-add"),
    path("schedule/recalls/<uuid:public_id>/tried/", lists.recall_tried, name="recall-tried"),
    path("schedule/recalls/<uuid:public_id>/close/", lists.recall_close, name="recall-close"),
    path("schedule/templates/", templates.templates, name="templates"),
    path("schedule/templates/<uuid:public_id>/end/", templates.end, name="template-end"),
    path("schedule/time-off/", templates.time_off, name="time-off"),
    path("schedule/time-off/<uuid:public_id>/withdraw/", templates.withdraw, name="time-off-withdraw"),
    path("appointments/<uuid:public_id>/", appointment.appointment, name="appointment"),
    path("appointments/<uuid:public_id>/confirm/", appointment.confirm, name="appointment-confirm"),
    path("appointments/<uuid:public_id>/cancel/", appointment.cancel, name="appointment-cancel"),
    path("appointments/<uuid:public_id>/missed/", appointment.missed, name="appointment-missed"),
]
