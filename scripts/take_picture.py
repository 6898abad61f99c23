"""
Take the picture of the dashboard for the README.

`python scripts/take_picture.py http://localhost:8501 docs/dashboard.png`

Needs a running dashboard, Chromium and the test extra.
"""

import shutil
import sys

from playwright.sync_api import sync_playwright


def main(url: str, path: str) -> None:
    """Open the dashboard, wait for the map and write the picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(url)
        zones = page.frame_locator('iframe[title="streamlit_folium.st_folium"]').locator("path.zone-buffer")
        zones.wait_for(state="attached")
        page.get_by_text("By oblast and status").wait_for()
        page.wait_for_timeout(3000)
        page.screenshot(path=path)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
