"""The components: what they draw, and that data never becomes markup."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template import engines
from django.test import RequestFactory

from mainstay.foundation.components import frame, timing
from mainstay.foundation.components.forms import ClinicRenderer, confirmations_from, problems
from mainstay.foundation.components.sprite import ICONS, SPRITE, sprite
from mainstay.foundation.decisions import YES, Confidence, Decision, Outcome, no
from mainstay.foundation.fields import PlainDecimalField
from mainstay.foundation.findings import Confirmations, Finding, Severity
from mainstay.foundation.pages import attempt, confirmations_in, page
from mainstay.foundation.templatetags import ui

NASTY = '<script>alert("x")</script>'
NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
TEMPLATES = Path(__file__).parents[1] / "templates"


def drawn(template: str, **context: object) -> str:
    return engines["django"].from_string("{% load ui %}" + template).render(context)


class WeightForm(forms.Form):
    weight = forms.DecimalField(help_text="Without shoes.")
    side = forms.ChoiceField(choices=[("l", "Left"), ("r", "Right")], widget=forms.RadioSelect)
    note = forms.CharField(required=False, widget=forms.Textarea)
    agreed = forms.BooleanField(required=False)


@pytest.mark.parametrize(
    "template",
    [
        "{% panel title=x %}{{ x }}{% endpanel %}",
        "{% card title=x hint=x %}{{ x }}{% endcard %}",
        "{% button x %}",
        "{% button 'Go' url=x %}",
        "{% button 'Go' name=x %}",
        "{% chip x kind='need' title=x %}",
        "{% chip x kind='stop' %}",
        "{% badge 3 label=x %}",
        "{% stage x %}",
        "{% finding 'stop' x %}",
        "{% empty_state x why=x action=x url=x %}",
        "{% facts rows %}",
        "{% table caption=x %}{{ x }}{% endtable %}",
        "{% confirm_reason found reasons=reasons %}",
        "{% error_summary x %}",
        "{% icon 'bell' label=x %}",
        "{% patient_banner patient %}",
    ],
)
def test_what_comes_from_data_is_escaped(template):
    patient = frame.PatientBanner(
        name=NASTY, url="/p/1/", hue=3, birth_date=date(1990, 1, 2), mrn=NASTY, legal_name=NASTY + "2",
        allergies=frame.Allergies("known", (NASTY,)), needs=(NASTY,), alerts=(frame.Alert("stop", NASTY),),
        coverage=NASTY, balance=NASTY,
    )  # fmt: skip
    html = drawn(
        template,
        x=NASTY,
        rows=[(NASTY, NASTY)],
        reasons=[NASTY],
        found=Finding(Severity.CONFIRM, "c", "weight", NASTY),
        patient=patient,
    )
    assert "<script" not in html
    assert "script&gt;" in html


def test_a_refused_button_is_disabled_and_says_why_and_who_could():
    decision = no("Your CMA expired on 1 March.", citation="42 CFR 493.1423", who_could=["Ana Ruiz, RN"])
    html = drawn("{% button 'Give' kind='primary' decision=d %}", d=decision)
    assert "disabled" in html and "Your CMA expired on 1 March." in html
    assert "Could: Ana Ruiz, RN." in html and "42 CFR 493.1423" in html


def test_an_allowed_button_can_be_pressed():
    html = drawn("{% button 'Give' hx_post='/give/' decision=d %}", d=YES)
    assert "disabled" not in html and 'hx-post="/give/"' in html


def test_a_link_that_leads_nowhere_is_not_drawn():
    assert drawn("{% button 'Wall' url=missing %}") == ""


def test_a_button_keeps_one_class_attribute():
    assert drawn("{% button 'Go' class='button-large' %}").count("class=") == 1


def test_conditions_and_doubt_are_shown_beside_the_button():
    allowed = Decision(Outcome.ALLOW_WITH_CONDITIONS, conditions=("A provider is on site.",))
    assert "A provider is on site." in drawn("{% button 'Give' decision=d %}", d=allowed)
    unsure = Decision(Outcome.ASK, "Ask the supervising provider.", confidence=Confidence.UNVERIFIED)
    assert "not verified" in drawn("{% button 'Give' decision=d %}", d=unsure)


def test_an_error_stands_beside_its_field_and_is_announced_with_it():
    form = WeightForm({"weight": "heavy"})
    form.is_valid()
    html = drawn("{% field form.weight unit='kg' width='tiny' %}", form=form)
    assert 'aria-invalid="true"' in html and "Type a number, as 12.5." in html and ">kg<" in html
    described = re.search(r'aria-describedby="([^"]+)"', html)[1].split()
    assert described == ["id_weight_helptext", "id_weight_error"]
    assert all(f'id="{each}"' in html for each in described)


def test_a_group_of_choices_has_a_legend():
    html = drawn("{% field form.side %}", form=WeightForm())
    assert "<fieldset" in html and "<legend" in html and html.count('type="radio"') == 2


def test_the_summary_links_each_error_to_a_control_that_exists():
    form = WeightForm({"weight": "", "side": "x"})
    form.is_valid()
    html = drawn("{% error_summary form %}{% fields form %}", form=form)
    targets = re.findall(r'<a href="#([^"]+)"', html)
    assert targets == ["id_weight", "id_side_0"]
    assert all(f'id="{t}"' in html for t in targets)
    assert 'tabindex="-1"' in html and "2 things need your attention" in html


def test_no_summary_when_nothing_is_wrong():
    assert drawn("{% error_summary form %}", form=WeightForm()).strip() == ""


def test_what_cannot_wait_wears_the_octagon_though_it_is_saved():
    now = ui.finding(Finding(Severity.ALERT, "now.far-high", "blood_pressure", "Tell the provider now."))
    assert "finding-stop" in now and ">Now<" in now
    assert "finding-told" in ui.finding(Finding(Severity.ALERT, "tell.high", "heart_rate", "Tell the provider."))


def test_findings_join_the_summary():
    found = Finding(Severity.STOP, "unit-slip", "weight", "150 kg looks like pounds.")
    assert problems(WeightForm(), [found])[0].target == "id_weight"


def test_the_title_says_error_when_a_form_was_refused():
    form = WeightForm({})
    form.is_valid()
    assert drawn("{% title_prefix %}Vitals", form=form) == "Error: Vitals"
    assert drawn("{% title_prefix %}Vitals", form=WeightForm()) == "Vitals"
    assert drawn("{% title_prefix %}Vitals", page_errors=["x"]) == "Error: Vitals"


def test_reasons_come_back_by_finding_code_with_choice_and_own_words_joined():
    posted = QueryDict("reason:too-early=Provider+agreed&reason:too-early=by+phone&other=x&reason:empty=")
    given = confirmations_from(posted)
    assert given.reason_for("too-early") == "Provider agreed: by phone"
    assert given.reason_for("empty") == "" and given.reason_for("other") == ""


def test_every_form_carries_its_own_key():
    request = RequestFactory().get("/")
    template = engines["django"].from_string("{% load ui %}{% once %}")
    keys = [re.search(r'name="idempotency_key" value="([^"]+)"', template.render({}, request))[1] for _ in range(2)]
    assert keys[0] != keys[1]
    assert "csrfmiddlewaretoken" in template.render({}, request)


@pytest.mark.parametrize(("minutes", "state"), [(5, None), (15, "warn"), (30, "late")])
def test_a_timer_changes_shape_and_words_at_the_limits(minutes, state):
    html = timing.timer(NOW - timedelta(minutes=minutes), warn=15, late=30, now=NOW)
    assert f"{minutes} min" in html
    found = re.search(r'data-state="(\w+)"', html)
    assert (found and found[1]) == state
    assert ("minutes" in html) == (state is not None)


def test_a_countdown_ends_in_words():
    assert "12:30" in timing.countdown(NOW + timedelta(seconds=750), now=NOW)
    assert "time is up" in timing.countdown(NOW - timedelta(seconds=1), now=NOW)


@pytest.mark.parametrize(
    ("state", "words"), [("known", "Penicillin"), ("none", "None known"), ("not_asked", "Not asked yet")]
)
def test_the_banner_never_says_none_unless_somebody_asked(state, words):
    patient = frame.PatientBanner(
        name="Rosa Delgado", url="/p/1/", hue=3, birth_date=date(1984, 3, 5), mrn="100234",
        allergies=frame.Allergies(state, ("Penicillin",)),
    )  # fmt: skip
    html = drawn("{% patient_banner p %}", p=patient)
    assert words in html
    assert ("None known" in html) == (state == "none")
    assert "03/05/1984" in html and "100234" in html


@pytest.mark.parametrize("code", [400, 403, 404, 409, 500, 503])
def test_error_pages_need_nothing_and_help(code):
    template = engines["django"].get_template(f"{code}.html")
    assert "<h1>" in template.render({})
    html = template.render({"reference": "K7Q2-9", "decision": no("Not on site.", who_could=["Ana Ruiz"])})
    assert "K7Q2-9" in html and "Ana Ruiz" in html


def test_the_rail_shows_only_what_it_is_given_and_marks_where_we_are():
    items = [
        frame.NavigationItem("board", "Board", "/board/", count=3, current=True),
        frame.NavigationItem("work", "Work", "/work/"),
    ]
    html = engines["django"].get_template("base.html").render({"navigation": items, "page_title": "Board"})
    assert html.count("rail-label") == 2 and html.count('aria-current="page"') == 1
    assert "waiting" in html and "Money" not in html


def test_the_committed_sprite_is_what_the_script_makes():
    assert SPRITE.read_text(encoding="utf-8") == sprite()


def test_every_icon_named_in_a_template_exists():
    named = set()
    for template in Path(__file__).parents[2].rglob("templates/**/*.html"):
        named |= set(re.findall(r'(?:{% icon |icon=)"([^"]+)"', template.read_text(encoding="utf-8")))
    named |= set(frame.PLACE_ICONS.values())
    assert named
    assert named <= ICONS


def test_no_template_carries_inline_script_or_style():
    """The content security policy forbids them; a page would silently lose its looks."""
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"\s(style|on[a-z]+)=", text), template
        assert "<style" not in text, template
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), template
        assert "|safe" not in text, template


def test_the_look_stays_within_its_weight():
    static = Path(__file__).parents[1] / "static" / "mainstay"
    assert sum(f.stat().st_size for f in (static / "css").glob("*.css")) < 64_000
    assert sum(f.stat().st_size for f in (static / "js").glob("*.js")) < 24_000


def test_a_slip_in_a_number_stays_on_the_page():
    form = WeightForm({"weight": "8o.5"}, renderer=ClinicRenderer())
    html = drawn("{% field form.weight %}", form=form)
    assert 'type="text"' in html and 'inputmode="decimal"' in html and 'value="8o.5"' in html


def test_the_style_page_is_there_outside_a_real_practice(client):
    assert client.get("/style/").status_code == 200
    assert client.get("/style/wall/").status_code == 200


def test_a_number_is_shown_without_the_noughts_its_column_keeps():
    field = PlainDecimalField(decimal_places=4)
    assert [field.prepare_value(Decimal(n)) for n in ("0.5000", "10.0000", "1E+2")] == ["0.5", "10", "100"]
    assert field.prepare_value("0.50") == "0.50" and field.prepare_value(None) is None


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/staff/?show=here", "/staff/?show=here"),
        ("http://elsewhere.example/staff/", ""),
        ("http://testserver//elsewhere.example/", ""),
        ("http://testserver/backups/", ""),
        ("", ""),
    ],
)
def test_a_page_of_refusal_leads_back_to_where_somebody_came_from_here_only(referer, back):
    request = RequestFactory().get("/backups/", headers={"referer": referer})
    assert drawn("{% page_before as back %}{{ back }}", request=request) == back


def test_names_with_commas_of_their_own_are_kept_apart():
    assert drawn("{{ names|together }}", names=["Ana Ruiz, RN", "Bo Lee"]) == "Ana Ruiz, RN; Bo Lee"
    assert drawn("{{ names|together }}", names=["Nurse", "Provider"]) == "Nurse, Provider"


def test_what_a_form_says_already_is_not_said_twice_by_its_finding():
    found = problems("Too warm.", Finding(Severity.CONFIRM, "warm", "unit", "Too warm."), "Too cold.")
    assert [(one.message, one.kind) for one in found] == [("Too warm.", "confirm"), ("Too cold.", "stop")]


@pytest.mark.django_db
def test_a_reason_that_was_given_stays_while_another_is_asked_for():
    warm, cold = (Finding(Severity.CONFIRM, code, "weight", f"Too {code}.") for code in ("warm", "cold"))
    form, post = forms.Form(data={}), {"reason:warm": ["Measured twice", "by the window"]}
    attempt(form, lambda: Confirmations({"warm": "Measured twice"}).answer([warm, cold]))
    assert [(f.code, f.is_answered) for f in form.findings] == [("cold", False), ("warm", True)]
    assert [one.message for one in problems(form, form.findings)] == ["Too cold."]
    request = RequestFactory().post("/", post)
    html = drawn(
        "{% for f in form.findings %}{% confirm_reason f reasons=usual %}{% endfor %}",
        form=form, usual=["Measured twice", "Somebody else measured"], request=request,
    )  # fmt: skip
    assert html.count(" checked") == 1 and 'value="Measured twice" checked' in html
    assert html.count('value="by the window"') == 1 and html.count("Give a reason.") == 0


def test_a_reason_that_was_left_out_is_said_and_one_not_asked_for_yet_is_not():
    cold = Finding(Severity.CONFIRM, "cold", "weight", "Too cold.")
    for typed, is_said in (({}, False), ({"reason:cold": ["", " "]}, True), ({"reason:cold": ["x"]}, False)):
        html = drawn("{% confirm_reason found %}", found=cold, request=RequestFactory().post("/", typed))
        assert ("Give a reason. Nothing was changed yet." in html) is is_said


WEIGHING = (
    "{% load ui %}{% error_summary form form.findings %}{% field form.weight %}"
    "{% for f in form.findings %}{% confirm_reason f reasons=usual %}{% endfor %}"
)
HEAVY = Finding(Severity.CONFIRM, "heavy", "weight", "400 <lb> is much.")


def weighed(monkeypatch: pytest.MonkeyPatch, **typed: object) -> tuple[int, str, dict[str, list[str]]]:
    """What a view as all are answers: its status, its page, and what stands in the page to be sent the next time."""
    request, saved = RequestFactory().post("/", typed), object()
    form = WeightForm(request.POST)
    if form.is_valid() and attempt(form, lambda: confirmations_in(request).answer([HEAVY]) or saved) is saved:
        return 303, "", {}

    def render(request: HttpRequest, template: str, context: dict[str, object], status: int) -> HttpResponse:
        return HttpResponse(engines["django"].from_string(template).render(context, request), status=status)

    monkeypatch.setattr("mainstay.foundation.pages.answers.render", render)
    answer = page(request, WEIGHING, {"usual": ["Weighed twice"]}, form=form)
    html, carried = answer.content.decode(), defaultdict(list)
    for box in re.findall(r"<input[^>]*>", html):
        name, value = re.search(r'name="([^"]*)"', box), re.search(r'value="([^"]*)"', box)
        if name and value and ("radio" not in box or "checked" in box):
            carried[name[1]].append(unescape(value[1]))
    return answer.status_code, html, carried


@pytest.mark.django_db
def test_a_reason_that_was_given_stays_while_the_form_itself_is_wrong(monkeypatch):
    status, html, carried = weighed(monkeypatch, weight="400", side="l")
    assert (status, "reason:heavy" in html) == (422, True) and "reason:heavy" not in carried
    reason = ["Weighed twice", "on the <floor> scale"]
    for _ in range(2):
        status, html, carried = weighed(monkeypatch, **{**carried, "weight": "heavy", "reason:heavy": reason})
        assert status == 422 and "Type a number, as 12.5." in html
        assert html.count("400 &lt;lb&gt; is much.") == 2 and "<lb>" not in html and "<floor>" not in html
        assert carried["reason:heavy"] == reason
    assert weighed(monkeypatch, **{**carried, "weight": "400", "side": "l"})[0] == 303


@pytest.mark.django_db
def test_what_has_no_reason_yet_is_not_answered_by_a_form_that_is_wrong(monkeypatch):
    carried = weighed(monkeypatch, weight="400", side="l")[2]
    status, html, _ = weighed(monkeypatch, **{**carried, "weight": "heavy", "reason:heavy": ["", " "]})
    assert status == 422 and "reason:heavy" not in html
    assert weighed(monkeypatch, **{**carried, "weight": "400", "side": "l"})[0] == 422
