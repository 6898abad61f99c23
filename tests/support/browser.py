"""What a reader does on the dashboard in a browser."""

from axe_playwright_python.base import AXE_SCRIPT

from mapcore import load_proposals
from support.visit import MAP_FRAME

TITLES = {proposal.id: proposal.title for proposal in load_proposals()}


def choose(visit, proposal_id):
    ask_for(visit, proposal_id)
    shown(visit, proposal_id)


def ask_for(visit, proposal_id):
    visit.page.locator(".st-key-choose_proposal select").select_option(proposal_id)


def turn(visit, **chosen):
    """Choose a page, a language or units in the row above the page; what has no room in it is in a list."""
    head = visit.page.locator(".head")
    for key, value in chosen.items():
        links = head.locator(f'[data-key="{key}"][data-value="{value}"]')
        links.first.wait_for(state="attached")
        if not any(link.is_visible() for link in links.all()):
            head.locator("summary").click()
        next(link for link in links.all() if link.is_visible()).click()


def shown(visit, proposal_id):
    visit.map.locator(f'html[data-shown="{proposal_id}"]').wait_for(state="attached", timeout=30_000)
    visit.settled()


def in_frame(visit, script):
    return visit.map.locator("html").evaluate(f"() => {script}")


def clean(visit):
    assert visit.errors == []
    assert visit.outside == []


CORNERS = [(0.62, 0.35), (0.75, 0.33), (0.76, 0.55), (0.64, 0.56)]


def linked(visit, before=""):
    """Wait until the address has another own proposal than before, and the page is settled."""
    visit.page.wait_for_function(
        "before => (new URL(location).searchParams.get('own') || '') !== before", arg=before, timeout=30_000
    )
    visit.settled()
    return visit.query().get("own", "")


def click(visit, key):
    visit.page.locator(f".st-key-{key} button").first.click()
    visit.settled()


def tool(visit, label):
    visit.page.locator(":is(.st-key-own_tool, .st-key-own_more) button", has_text=label).click()
    visit.settled()


def draw(visit, corners):
    visit.map.get_by_role("button", name="Draw a zone").click()
    box = visit.map.locator("#map_div").bounding_box()
    for index, (x, y) in enumerate(corners, start=1):
        visit.map.locator("#map_div").click(position={"x": x * box["width"], "y": y * box["height"]})
        visit.map.locator(".corner").nth(index - 1).wait_for(state="attached")


#: WCAG 2.2, levels A and AA, and what axe holds to be good practice: the order of headings, landmarks, tables.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


#: Streamlit's own shell breaks none of these rules on our pages; an exception would be named here with its reason.
RUN = """async tags => (await axe.run(document, {runOnly: tags, resultTypes: ["violations"]})).violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id} at ${node.target.join(" > ")}: ${node.html.slice(0, 160)}`))"""


def broken(page):
    """Return what axe finds on a page and in its frames, one line a place."""
    for frame in page.frames:
        frame.evaluate(AXE_SCRIPT)
        # Hundreds of marks over the pieces of land would keep axe busy with the sizes of targets for a minute.
        frame.evaluate("document.querySelectorAll('path.mark').forEach(mark => { mark.style.pointerEvents = 'none'; })")
    return page.evaluate(RUN, TAGS)


PHONE = {"width": 390, "height": 844, "touch": True}


SCROLLED = "() => (document.querySelector('[data-testid=stMain]') || document.scrollingElement).scrollTop"


#: What the map says while a finger or the wheel is on it.
TOLD = """() => {
  const told = getComputedStyle(document.querySelector(".leaflet-container"), "::before");
  return told.content === "none" ? "" : told.content.replaceAll('"', "");
}"""


class Reader:
    """Whoever has their fingers, or their wheel, on one map of a page."""

    def __init__(self, visit, place=0):
        self.page, self.visit = visit.page, visit
        frames = visit.page.locator(MAP_FRAME)
        self.scope = visit.page.frame_locator(MAP_FRAME).nth(place) if frames.count() else visit.page
        self.box = self.scope.locator(".leaflet-container")
        self.scope.locator("path.zone").first.wait_for(state="attached", timeout=60_000)
        self.box.evaluate("box => (window.frameElement || box).scrollIntoView({block: 'center'})")
        self.page.wait_for_timeout(300)
        self.client = visit.page.context.new_cdp_session(visit.page)

    def ask(self, script):
        return self.scope.locator("html").evaluate(f"() => ({script})()")

    def scrolled(self):
        return self.page.evaluate(SCROLLED)

    def rested(self):
        """Where the page is scrolled to as soon as it stands still."""
        last = None
        while (now := self.scrolled()) != last:
            last = now
            self.page.wait_for_timeout(100)
        return now

    def at(self):
        """Where the map is; None for where it opened."""
        return self.ask("() => window.mapcore.place()")

    def middle(self):
        box = self.box.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def _touch(self, kind, *points):
        told = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points)]
        self.client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": told})

    def drag(self, right, down, *, fingers=1, steps=12):
        """Drag with so many fingers and return what the map said meanwhile."""
        x, y = self.middle()
        starts = [(x + 40 * finger, y + 10 * finger) for finger in range(fingers)]
        self._touch("touchStart", *starts)
        told = ""
        for step in range(1, steps + 1):
            moved = [(x + right * step / steps, y + down * step / steps) for x, y in starts]
            self._touch("touchMove", *moved)
            self.page.wait_for_timeout(16)
            told = told or self.ask(TOLD)
        self._touch("touchEnd")
        self.page.wait_for_timeout(400)
        return told

    def swipe(self, start, end, *, steps=6):
        """Draw one finger from one place to another."""
        self._touch("touchStart", start)
        for step in range(1, steps + 1):
            self._touch("touchMove", tuple(a + (b - a) * step / steps for a, b in zip(start, end, strict=True)))
        self._touch("touchEnd")

    def tap(self, x, y):
        self._touch("touchStart", (x, y))
        self._touch("touchEnd")
        self.page.wait_for_timeout(400)

    def clean(self):
        assert self.visit.errors == []
        assert self.visit.outside == []


#: The width between the margins of A4 upright, in CSS pixels.
UPRIGHT = 703
#: What reaches over the right edge, and what lies over a map, when a page is laid out for paper.
FAULTS = """width => {
  const shown = one => one.getClientRects().length && getComputedStyle(one).visibility !== "hidden";
  const box = one => one.getBoundingClientRect();
  const told = "h1, h2, h3, p, dt, dd, td, th, li, .legend span, .swatch";
  const words = [...document.querySelectorAll(told)].filter(shown);
  const maps = [...document.querySelectorAll("iframe, #map")].filter(shown);
  const cut = [...words, ...maps].filter(one => box(one).right > width + 2 || box(one).left < -2);
  const over = maps.flatMap(map => words.filter(one => !map.contains(one)
    && Math.min(box(map).right, box(one).right) - Math.max(box(map).left, box(one).left) > 2
    && Math.min(box(map).bottom, box(one).bottom) - Math.max(box(map).top, box(one).top) > 2));
  const named = one => one.tagName + " " + one.textContent.slice(0, 40);
  const blank = [...document.querySelectorAll(".swatch")].filter(shown)
    .filter(one => getComputedStyle(one).printColorAdjust !== "exact");
  // The small country in a map's corner says on paper too where the map is; its words, which ask for a press, do not.
  const controls = [...document.querySelectorAll("button:not(.locator), .locator span, input, select")].filter(shown);
  return { cut: cut.map(named), over: over.map(named), blank: blank.length, controls: controls.map(named),
    maps: maps.length };
}"""
#: How much of a frame its map fills, and whether the front is in it.
FILLED = """() => {
  const box = document.querySelector(".leaflet-container").getBoundingClientRect();
  const land = document.querySelector("path.contact-line").getBoundingClientRect();
  return { wide: box.width, high: box.height, window: [innerWidth, innerHeight],
    inside: land.left >= box.left && land.right <= box.right && land.top >= box.top && land.bottom <= box.bottom };
}"""


def on_paper(visit, width):
    visit.page.set_viewport_size({"width": width, "height": 1000})
    visit.page.emulate_media(media="print")
    visit.page.wait_for_timeout(800)
    return visit.page.evaluate(FAULTS, width)
