from django.urls import path

from mainstay.visits.views import board

urlpatterns = [
    path("board/", board.board, name="board"),
    path("board/rows/", board.board_poll, name="board-poll"),
    path("board/wall/", board.wall, name="board-wall"),
    path("visits/<uuid:public_id>/step/<slug:step>/", board.take_step, name="visit-step"),
    path("visits/<uuid:public_id>/undo/", board.undo, name="visit-undo"),
    path("visits/<uuid:public_id>/room/", board.change_room, name="visit-change-room"),
    path("visits/<uuid:public_id>/take-over/", board.take_over, name="visit-take-over"),
    path("rooms/<uuid:public_id>/<slug:step>/", board.take_room_step, name="room-step"),
]
