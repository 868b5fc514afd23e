from django.urls import path

from mainstay.foundation.pages.drafts import save_draft

urlpatterns = [path("drafts/", save_draft, name="draft-save")]
