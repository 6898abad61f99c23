"""The site's small pages for who runs no script, where its address is known."""

import re

from support.subjects import few

from mapcore.base.language import languages
from mapcore.publish.site import build_site

BASE = "https://maps.example.org/ukraine/"


def test_each_proposal_and_language_has_a_page_with_its_card_and_the_way_on():
    files = build_site(proposals=few()[:2], base=BASE)
    for proposal in few()[:2]:
        for code in languages():
            path = f"view/{proposal.id}.html" if code == "en" else f"view/{proposal.id}.{code}.html"
            page = files[path].decode()
            assert f'<html lang="{code}">' in page
            assert f'<link rel="canonical" href="{BASE}{path}">' in page
            card = re.search(f'og:image" content="{BASE}([^"]+)"', page)[1]
            assert files[card].startswith(b"\x89PNG")
            target = re.search(r"url=\.\./([\w.]+)\?proposal=([\w-]+)", page)
            assert target[1] in files
            assert target[2] == proposal.id
            assert "<script>" not in page
    index = files["uk.html"].decode()
    assert f'og:url" content="{BASE}uk.html"' in index
    assert "км²" in re.search('og:title" content="([^"]+)"', index)[1]
