from django.urls import path

from mainstay.workforce.views import signing_in

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("site/", signing_in.switch_site, name="switch-site"),
]
