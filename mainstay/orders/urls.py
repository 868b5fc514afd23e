from django.urls import path

from mainstay.orders.views import standing, waiting

urlpatterns = [
    path("", waiting.orders, name="orders"),
    path("sign/", waiting.sign, name="orders-sign"),
    path("for/<uuid:patient_id>/", waiting.pend, name="pend-order"),
    path("visit/<uuid:visit_id>/", waiting.pend_at_visit, name="pend-order-at-visit"),
    path("standing/", standing.standing_orders, name="standing-orders"),
    path("standing/write/", standing.write, name="write-standing-order"),
    path("standing/<uuid:public_id>/", standing.standing_order, name="standing-order"),
    path("standing/<uuid:public_id>/version/", standing.write_version, name="standing-order-version"),
    path("standing/<uuid:public_id>/sign/", standing.sign, name="standing-order-sign"),
    path("standing/<uuid:public_id>/review/", standing.review, name="standing-order-review"),
    path("standing/<uuid:public_id>/withdraw/", standing.withdraw, name="standing-order-withdraw"),
    path("standing/<uuid:public_id>/discard/", standing.discard, name="standing-order-discard"),
    path("standing/<uuid:public_id>/paper/", standing.paper, name="standing-order-paper"),
    path("<uuid:public_id>/", waiting.order, name="order"),
    path("<uuid:public_id>/change/", waiting.change, name="order-change"),
    path("<uuid:public_id>/decline/", waiting.decline, name="order-decline"),
    path("<uuid:public_id>/acknowledge/", waiting.acknowledge, name="order-acknowledge"),
    path("<uuid:public_id>/done/", waiting.done, name="order-done"),
    path("<uuid:public_id>/end/", waiting.end, name="order-end"),
]
