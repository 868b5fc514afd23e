"""A NUL in a form is left out before any view sees it."""

from __future__ import annotations

from django.test import RequestFactory

from mainstay.foundation.pages.gates import drop_nul


def test_a_nul_is_dropped_from_names_and_values_and_the_rest_stays():
    request = RequestFactory().post("/", {"no\0te": ["a\0b", "c"], "plain": "d"})
    drop_nul(request)
    assert dict(request.POST.lists()) == {"note": ["ab", "c"], "plain": ["d"]}


def test_a_form_without_one_is_left_as_it_came():
    request = RequestFactory().post("/", {"note": "a"})
    came = request.POST
    drop_nul(request)
    assert request.POST is came
