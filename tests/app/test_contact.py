"""Who runs a server, and how an error in a view is reported to them."""

import pytest
from support.dashboard import opened, page_text

from mapcore.app.server import contact
from mapcore.base.errors import ParameterError


@pytest.mark.parametrize(("given", "mail", "page"), [
    ("desk@example.org", "desk@example.org", ""),
    (" https://example.org/report?view={link} ", "", "https://example.org/report?view={link}"),
    ("", "", ""),
])  # fmt: skip
def test_a_contact_is_an_address_of_mail_or_of_the_web(given, mail, page):
    known = contact.configured({"MAPCORE_CONTACT": given, "MAPCORE_PUBLISHER": " A desk "})
    assert known == contact.Contact("A desk", mail, page)


@pytest.mark.parametrize(
    "given", ["javascript:alert(1)", "desk", "a@b c", "https://", "http://[", "mailto:a@b.example"]
)
def test_anything_else_is_refused_with_the_variable(given, monkeypatch):
    with pytest.raises(ParameterError, match="MAPCORE_CONTACT"):
        contact.configured({"MAPCORE_CONTACT": given})
    monkeypatch.setenv("MAPCORE_CONTACT", given)
    with pytest.raises(SystemExit, match="mapcore: MAPCORE_CONTACT"):
        contact.at_start()


def test_methods_say_who_runs_the_server_as_text(monkeypatch):
    monkeypatch.setenv("MAPCORE_PUBLISHER", "The <b>Desk</b> of [X](https://x.example)")
    monkeypatch.setenv("MAPCORE_CONTACT", "desk@example.org")
    app = opened(page="methods")
    said = next(block.value for block in app.markdown if "This server is run by" in block.value)
    assert "desk@example" in said.replace("\\", "")
    assert "[X](" not in said
    assert "<b>" not in said


def test_methods_list_contents_questions_and_corrections(monkeypatch):
    monkeypatch.delenv("MAPCORE_CONTACT", raising=False)
    app = opened(page="methods")
    text = page_text(app)
    for part in ("Contents", "Corrections", "What this map does not show", "Who is behind it"):
        assert part in text
    assert "Why 5,900 km² here, when almost 5,000 km² was published" in text
    assert "Renouncing force is a point of the European text" in text
    assert any("They have named no address" in block.value for block in app.markdown)
