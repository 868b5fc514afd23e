from django.conf import settings
from django.urls import path

from mainstay.foundation.components.showcase import style_page, wall_page
from mainstay.foundation.pages.drafts import save_draft
from mainstay.foundation.pages.gates import public_page

urlpatterns = [path("drafts/", save_draft, name="draft-save")]
if settings.ENVIRONMENT in ("demo", "test"):
    urlpatterns += [
        path("style/", public_page(style_page), name="style"),
        path("style/wall/", public_page(wall_page), name="style-wall"),
    ]
