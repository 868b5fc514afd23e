"""Every address of the program."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_GET

from mainstay.config.navigation import admin_places_for, places_for
from mainstay.config.setup.queries import is_needed
from mainstay.foundation.pages import StaffRequest, page, public_page, redirect_to, staff_page


@public_page
def healthy(request: HttpRequest) -> HttpResponse:
    """Answer the watchdog without touching anything."""
    return HttpResponse("ok", content_type="text/plain")


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """The first place a person's role opens; before there is a practice, the set-up."""
    if getattr(request, "actor", None) is None and is_needed():
        return redirect_to(request, "set-up")
    return first_place(request)


@staff_page(None)
def first_place(request: StaffRequest) -> HttpResponse:
    """The first place a person's role opens."""
    places = places_for(request.actor, "/")
    return redirect_to(request, places[0].url if places else "what-may-i-do")


@require_GET
@staff_page("practice.see_settings")
def admin_home(request: StaffRequest) -> HttpResponse:
    """Everything an administrator looks after."""
    return page(request, "config/admin_home.html", {"parts": admin_places_for(request.actor)})


handler400 = "mainstay.foundation.pages.faults.unreadable"
handler500 = "mainstay.foundation.pages.faults.server_fault"
urlpatterns = [
    path("", home, name="home"),
    path("", include("mainstay.workforce.urls")),
    path("healthy/", healthy, name="healthy"),
    path("", include("mainstay.foundation.pages.urls")),
    path("set-up/", include("mainstay.config.setup.urls")),
    path("imports/", include("mainstay.config.importing.urls")),
    path("backups/", include("mainstay.config.backups.urls")),
    path("admin/", admin_home, name="admin-home"),
    path("", include("mainstay.practice.urls")),
    path("may/", include("mainstay.authority.urls")),
    path("", include("mainstay.people.urls")),
    path("", include("mainstay.chart.urls")),
    path("", include("mainstay.scheduling.urls")),
    path("", include("mainstay.coverage.urls")),
    path("", include("mainstay.forms.urls")),
    path("", include("mainstay.visits.urls")),
    path("", include("mainstay.rooming.urls")),
    path("", include("mainstay.immunizations.urls")),
    path("", include("mainstay.immunizations.urls_giving")),
    path("orders/", include("mainstay.orders.urls")),
    path("", include("mainstay.interop.urls")),
    path("", include("mainstay.work.urls")),
    path("", include("mainstay.messages.urls")),
    path("", include("mainstay.inventory.urls")),
]
