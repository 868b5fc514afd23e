"""Static files are compressed once, and small on the wire."""

from django.test import Client, override_settings

from mainstay.config import static


def test_static_files_are_collected_only_when_they_changed(tmp_path, monkeypatch, settings):
    monkeypatch.setenv(static.COLLECTED, "")
    with override_settings(STATIC_ROOT=str(tmp_path)):
        assert static.collect()
        assert (tmp_path / "mainstay" / "js" / "mainstay.js.gz").exists()
        written = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")}
        assert not static.collect()
        assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")} == written
        (tmp_path / static.STAMP).write_text("older")
        assert static.collect()


def test_a_first_page_weighs_less_than_150_kilobytes(tmp_path, monkeypatch, settings, db):
    monkeypatch.setenv(static.COLLECTED, "")
    with override_settings(STATIC_ROOT=str(tmp_path), WHITENOISE_USE_FINDERS=False):
        static.collect()
        page = Client().get("/style/")
        names = set()
        for part in page.content.decode().split('"'):
            if part.startswith("/static/"):
                names.add(part.removeprefix("/static/").partition("#")[0].partition("?")[0])
        assert len(names) > 10
        weight = sum((tmp_path / f"{n}.gz").stat().st_size if (tmp_path / f"{n}.gz").exists()
                     else (tmp_path / n).stat().st_size for n in names)  # fmt: skip
        assert weight < 120_000, weight
        answer = Client().get("/static/mainstay/js/mainstay.js", headers={"accept-encoding": "gzip"})
        answer.close()
        assert answer.status_code == 200 and answer["Content-Encoding"] == "gzip"
