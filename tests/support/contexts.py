"""
Browser contexts that one test after another uses: what the browser fetched and compiled stays, and nothing else.

A page of the dashboard has 3 MB of scripts, which a context that is new fetches and compiles for each test anew.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext

#: What pages of an origin can store beside cookies; how long scripts are kept is told by their own headers.
STORED = "local_storage,indexeddb,cache_storage,service_workers,file_systems"


class Contexts:
    """
    Lends contexts of a browser, each to one holder at a time.

    Parameters
    ----------
    address
        Of the server whose pages are opened; what pages of other origins store is not cleared.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        parts = urlsplit(address)
        self._browser, self._origin = browser, f"{parts.scheme}://{parts.netloc}"
        self._free: defaultdict[str, list[BrowserContext]] = defaultdict(list)

    def lend(self, **look: Any) -> BrowserContext:
        """Return a context of that look, with nothing stored in it; `look` is what Playwright takes."""
        free = self._free[repr(look)]
        return free.pop() if free else self._browser.new_context(**look)

    def take_back(self, context: BrowserContext, **look: Any) -> None:
        """Close the pages of a context, and forget what they stored and what they were allowed."""
        blank = context.new_page()
        for page in context.pages:
            if page is not blank:
                page.close()
        cleared = {"origin": self._origin, "storageTypes": STORED}
        context.new_cdp_session(blank).send("Storage.clearDataForOrigin", cleared)
        blank.close()
        context.clear_cookies()
        context.clear_permissions()
        self._free[repr(look)].append(context)
