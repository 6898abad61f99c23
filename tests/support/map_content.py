"""What the map's frame finds at an address of the page."""

import base64
import gzip
import json
from typing import Any


def content_at(address: str) -> Any:
    """Return the content that an address holds, as it does where no server draws the page."""
    kind, _, packed = address.partition(":")
    assert kind == "gzip", address
    return json.loads(gzip.decompress(base64.b64decode(packed)))
