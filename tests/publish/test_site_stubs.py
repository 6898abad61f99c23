"""The site's small pages for who runs no script, where its address is known."""

import itertools
import posixpath
import re
from urllib.parse import urlsplit

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
    for first, second in [(one.id for one in few()[:2])]:
        for code in languages():
            page = files[f"view/{first}--{second}{'' if code == 'en' else f'.{code}'}.html"].decode()
            assert re.search('og:image" content="([^"]+)"', page)[1].removeprefix(BASE) in files
            assert f"page=compare&amp;proposal={first}&amp;compare={second}&amp;" in page
            assert "км²" in page if code == "uk" else "A and B differ on" in page
    for name, code in itertools.product(("matrix", "claims", "people", "timeline", "lines"), languages()):
        path = f"view/{name}{'' if code == 'en' else f'.{code}'}.html"
        page = files[path].decode()
        assert f'<link rel="canonical" href="{BASE}{path}">' in page
        assert re.search('og:image" content="([^"]+)"', page)[1].removeprefix(BASE) in files
        assert len(page) > 10_000
        # Its links to the other pages stand in a row, with a mark at this one.
        row = re.search(r'<nav class="([\w-]+)".*?</nav>', page)
        assert re.search(rf"\.{row[1]}\b[^{{}}]* a ?{{", page)
        assert re.findall(r'href="([^"]+)" aria-current=page', row[0]) == [path.removeprefix("view/")]
        assert not re.search(r"<script(?! type=\"application/ld)", page)
        for link in re.findall(r'href="(?!#|http)([^"]+)"', page):
            assert posixpath.normpath(posixpath.join("view", urlsplit(link).path)) in files, link
    index = files["uk.html"].decode()
    assert f'og:url" content="{BASE}uk.html"' in index
    assert "км²" in re.search('og:title" content="([^"]+)"', index)[1]
