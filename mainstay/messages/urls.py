from django.urls import path

from mainstay.messages.views import calls, going_out, threads

urlpatterns = [
    path("messages/", threads.inbox, name="messages"),
    path("messages/new/", threads.new_message, name="new-message"),
    path("messages/new/<uuid:patient_id>/", threads.new_message, name="new-message-for"),
    path("messages/<uuid:public_id>/", threads.thread, name="thread"),
    path("messages/<uuid:public_id>/write/", threads.write, name="thread-write"),
    path("messages/<uuid:public_id>/answer/", threads.answer, name="thread-answer"),
    path("messages/<uuid:public_id>/relay/<uuid:message_id>/", threads.relay, name="thread-relay"),
    path("messages/<uuid:public_id>/split/", threads.split, name="thread-split"),
    path("messages/<uuid:public_id>/close/", threads.close, name="thread-close"),
    path("messages/<uuid:public_id>/refill/", going_out.refill, name="thread-refill"),
    path("calls/out/<uuid:item_id>/", going_out.call_out, name="call-out"),
    path("calls/new/", calls.new_call, name="new-call"),
    path("calls/<uuid:public_id>/", calls.call, name="call"),
    path("calls/<uuid:public_id>/caller/", calls.save_caller, name="call-caller"),
    path("calls/<uuid:public_id>/find/", calls.find, name="call-find"),
    path("calls/<uuid:public_id>/identify/", calls.identify, name="call-identify"),
    path("calls/<uuid:public_id>/proxy/<uuid:person_id>/", calls.proxy, name="call-proxy"),
    path("calls/<uuid:public_id>/reason/", calls.save_reason, name="call-reason"),
    path("calls/<uuid:public_id>/answers/", calls.save_answers, name="call-answers"),
    path("calls/<uuid:public_id>/end/", calls.end, name="call-end"),
]
