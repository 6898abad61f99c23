"""The API described: for machines in OpenAPI, for people on a page and in docs/api.md."""

import re

import jsonschema
import pytest
from openapi_spec_validator import validate
from support.api import ASKED, V1, fetch
from support.asgi import Client
from support.paths import ROOT

import mapcore
from mapcore.app.server import api, api_page
from mapcore.app.server.api_resources import METADATA, RESOURCES
from mapcore.base.language import languages


@pytest.fixture(scope="module")
def client():
    """With more turns than the tests take."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAPCORE_API_PER_MINUTE", "100000")
        return Client(api.routes())


@pytest.fixture(scope="module")
def description(client):
    return client.ask(f"{V1}openapi.json").json()


@pytest.mark.parametrize("lang", languages())
def test_the_description_is_sound_openapi(client, lang):
    found = client.ask(f"{V1}openapi.json?lang={lang}")
    validate(found.json())
    assert found.json()["info"]["version"] == mapcore.__version__
    assert found.headers["etag"]


def test_the_description_has_every_address_and_every_key(description):
    paths = {f"/{name}{form}" for name, kind in RESOURCES.items() for form in ("", *(f".{one}" for one in kind.forms))}
    assert set(description["paths"]) == paths | {f"/{name}.{METADATA}" for name in RESOURCES}
    named = description["components"]["parameters"].values()
    assert {one["name"] for one in named} >= {key for kind in RESOURCES.values() for key in kind.keys} | {"depth_km"}


@pytest.mark.parametrize("path", ASKED)
def test_each_answer_is_what_the_description_says(client, description, path):
    schema = {"$ref": f"#/components/schemas/{path}", "components": description["components"]}
    jsonschema.validate(fetch(client, path).json(), schema)
    about = {"$ref": "#/components/schemas/metadata", "components": description["components"]}
    jsonschema.validate(fetch(client, path, f".{METADATA}").json(), about)


def test_each_refusal_is_what_the_description_says(client, description):
    schema = {"$ref": "#/components/schemas/Problem", "components": description["components"]}
    jsonschema.validate(client.ask(f"{V1}areas").json(), schema)


def test_the_page_has_every_answer_and_key_in_each_language_and_asks_for_nothing(client):
    for lang in languages():
        answer = client.ask(f"{V1}?lang={lang}")
        page = answer.body.decode()
        assert f'<html lang="{lang}">' in page
        for name, kind in RESOURCES.items():
            assert f"<code>{name}</code>" in page
            assert all(f'href="{name}.{form}' in page for form in (*kind.forms, METADATA))
        assert "http://maps.example.org/api/v1/areas.csv" in page
        assert not re.search(r"<(script|link[^>]*stylesheet|img|iframe)|src=|url\(", page)
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
        for address in re.findall(r'href="([a-z]+\.[^"]*)"', page):
            assert client.ask(V1 + address.replace("&amp;", "&")).status == 200, address


def test_the_page_is_where_its_address_without_the_slash_leads(client):
    answer = client.ask("/api/v1?lang=uk")
    assert (answer.status, answer.headers["location"]) == (308, "v1/?lang=uk")


def test_a_strange_host_does_not_get_into_the_examples(client):
    page = client.ask(V1, Host='evil"; rm -rf /; "').body.decode()
    assert "rm -rf" not in page
    assert "http://maps.example.org/api/v1/areas.csv" in page


def test_docs_have_the_examples_of_the_page():
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"^```(\w+)\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE))
    assert {"curl": blocks["sh"], "Python": blocks["python"], "R": blocks["r"]} == api_page.EXAMPLES
    for name in RESOURCES:
        assert f"`{name}" in text, name
    for variable in ("MAPCORE_API_PER_MINUTE", "MAPCORE_API_AT_ONCE", "MAPCORE_API_KEPT_MB"):
        assert variable in text
