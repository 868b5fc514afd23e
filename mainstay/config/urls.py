"""Every address of the program."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from mainstay.foundation.pages import public_page


@public_page
def healthy(request: HttpRequest) -> HttpResponse:
    """Answer the watchdog without touching anything."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthy/", healthy, name="healthy"),
    path("", include("mainstay.foundation.pages.urls")),
    path("may/", include("mainstay.authority.urls")),
    path("", include("mainstay.people.urls")),
    path("", include("mainstay.visits.urls")),
    path("", include("mainstay.rooming.urls")),
]
