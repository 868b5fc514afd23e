from django.urls import path

from mainstay.visits.views import board, desk

urlpatterns = [
    path("board/", board.board, name="board"),
    path("board/rows/", board.board_poll, name="board-poll"),
    path("board/wall/", board.wall, name="board-wall"),
    path("visits/<uuid:public_id>/", desk.visit, name="visit"),
    path("visits/<uuid:public_id>/check-in/", desk.check_in, name="visit-check-in"),
    path("visits/<uuid:public_id>/choose-room/", desk.choose_room, name="visit-choose-room"),
    path("visits/<uuid:public_id>/left/", desk.left, name="visit-left"),
    path("visits/<uuid:public_id>/check-out/", desk.check_out, name="visit-check-out"),
    path("visits/<uuid:public_id>/loose-ends/", desk.add_loose_end, name="visit-add-loose-end"),
    path("visits/<uuid:public_id>/loose-ends/<uuid:end_id>/", desk.settle_loose_end, name="visit-settle"),
    path("visits/<uuid:public_id>/summary/", desk.make_summary, name="visit-summary"),
    path("visits/<uuid:public_id>/summary/<uuid:summary_id>.pdf", desk.summary_pdf, name="visit-summary-pdf"),
    path("visits/<uuid:public_id>/close/", desk.close, name="visit-close"),
    path("visits/<uuid:public_id>/step/<slug:step>/", board.take_step, name="visit-step"),
    path("visits/<uuid:public_id>/undo/", board.undo, name="visit-undo"),
    path("visits/<uuid:public_id>/room/", board.change_room, name="visit-change-room"),
    path("visits/<uuid:public_id>/take-over/", board.take_over, name="visit-take-over"),
    path("visits/<uuid:public_id>/late/", desk.ask_about_late, name="visit-late"),
    path("visits/<uuid:public_id>/late/decided/", desk.decide_late, name="visit-late-decided"),
    path("patients/<uuid:patient_id>/visits/", desk.patient_visits, name="patient-visits"),
    path("patients/<uuid:patient_id>/walk-in/", desk.walk_in, name="patient-walk-in"),
    path("rooms/<uuid:public_id>/<slug:step>/", board.take_room_step, name="room-step"),
]
