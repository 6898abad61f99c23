"""The dashboard, without a browser and in a real one with every outside request refused."""

import json
from pathlib import Path

from streamlit.testing.v1 import AppTest

DASHBOARD = Path(__file__).resolve().parents[1] / "dashboard.py"


def component(app):
    return app.get("component_instance")[0].proto


def test_switching_keeps_the_map():
    app = AppTest.from_file(DASHBOARD, default_timeout=60).run()
    assert not app.exception
    first = component(app)
    arguments = json.loads(first.json_args)
    assert not any("://" in url for url in arguments["js_links"] + arguments["css_links"])
    app.button_group(key="proposal").set_value("russia-claim").run()
    assert not app.exception
    assert component(app).id == first.id
    assert "Claimed by Russia" in json.loads(component(app).json_args)["feature_group"]


def test_a_link_is_restored():
    app = AppTest.from_file(DASHBOARD, default_timeout=60)
    app.query_params["proposal"] = "ukraine-1991"
    app.run()
    assert not app.exception
    assert "Ukraine" in app.title[0].value


def test_map_in_a_browser(open_page):
    visit = open_page()
    visit.ready()
    assert visit.errors == []
    assert visit.outside == []
