"""What the tests of the API ask."""

from __future__ import annotations

from support.asgi import Client, Reply

V1 = "/api/v1/"
#: An address of each answer.
ASKED = {
    "proposals": "",
    "controls": "",
    "areas": "?proposal=donetsk-narrow-buffer&depth_km=22&likely=true",
    "ledger": "?control=2022-02-23",
    "effects": "?proposal=us-28-point,e3-counter",
    "compare": "?proposal=russia-claim&compare=us-28-point",
    "claims": "?control=2025-12-02",
    "place": "?name=артемовск&proposal=us-28-point,line-as-is",
    "places": "?proposal=us-28-point,line-as-is&oblast=UA-14&status=buffer&limit=20",
    "zones": "?proposal=donetsk-narrow-buffer&depth_km=22",
}


def fetch(client: Client, name: str, form: str = "", **headers: str) -> Reply:
    """Ask for an answer in one of its forms, which must be there."""
    answer = client.ask(f"{V1}{name}{form}{ASKED[name]}", **headers)
    assert answer.status == 200, answer.body
    return answer
