// @ts-check
// The first answer: its maps are fitted as the live ones will be, and it gives way once these are drawn.
(() => {
  "use strict";

  // The zoom level whose pixels are the units of the paths, and what zoom levels Leaflet is held to.
  const [DRAWN, STEP, LEAST, MOST] = [8, 0.25, 3, 14];
  // The width from which a map has room for a legend over it, as in `map/home.js`.
  const LEGEND_FROM = 620;
  const LOOK_MS = 20;
  // A live page that stands, but whose map does not come, is shown after so long.
  const PATIENCE_MS = 20_000;
  // A live page is one that has not moved for so long, while its script runs and after that.
  const STILL_MS = { running: 120, notRunning: 50 };
  const FRAME = 'iframe[title="streamlit_folium.st_folium"]';
  // Set by the header's script as long as the live page is its first screen alone.
  const HELD_BACK = "[data-holds-back]";
  const page = document.documentElement;
  const answer = /** @type {HTMLElement} */ (document.getElementById("first-answer"));
  // On another page there is no header.
  const PARTS = "embedded" in answer.dataset ? ["h1"] : [".head", "h1"];
  let since = Infinity;
  let asked = false;
  let stands = { layout: "", since: 0 };

  /** @param {HTMLElement} map */
  function fit(map) {
    const stage = /** @type {HTMLElement} */ (map.querySelector(".a-stage"));
    const inner = /** @type {SVGSVGElement} */ (map.querySelector("svg")).viewBox.baseVal;
    if (map.dataset.fit) {
      const [left, top, width, height, across, down, legend] = map.dataset.fit.split(" ").map(Number);
      const beside = map.clientWidth >= LEGEND_FROM ? legend : 0;
      const scale = Math.min((map.clientWidth - 2 * across - beside) / width, (map.clientHeight - 2 * down) / height);
      if (!(scale > 0)) return;
      const exact = Math.round((DRAWN + Math.log2(scale)) * 400) / 400;
      const zoom = Math.min(MOST, Math.max(LEAST, Math.floor(exact / STEP) * STEP));
      const factor = 2 ** (zoom - DRAWN);
      Object.assign(stage.style, {
        translate: "none",
        maxHeight: "none",
        width: `${inner.width * factor}px`,
        height: `${inner.height * factor}px`,
        left: `${Math.round((map.clientWidth + beside) / 2 - (left + width / 2) * factor)}px`,
        top: `${Math.round(map.clientHeight / 2 - (top + height / 2) * factor)}px`,
      });
    }
    const factor = stage.clientWidth / inner.width;
    // A hair more, since a stage is laid out in whole pixels.
    const zoom = DRAWN + Math.log2(factor) + 0.005;
    map.toggleAttribute("data-near", zoom >= 5.75);
    page.dataset.zoom = zoom < 5 ? "farthest" : "near";
    for (const hatch of document.querySelectorAll("#first-answer pattern")) {
      hatch.setAttribute("patternTransform", `rotate(45) scale(${1 / factor})`);
    }
    mapcoreLabels.arrange(map);
    markPart(map, stage, factor);
  }

  /**
   * The part of the country that is shown, on the small one in the corner.
   *
   * @param {HTMLElement} map
   * @param {HTMLElement} stage
   * @param {number} factor
   */
  function markPart(map, stage, factor) {
    const part = map.querySelector(".locator-part");
    if (!part) return;
    const box = { x: -stage.offsetLeft, y: -stage.offsetTop, width: map.clientWidth, height: map.clientHeight };
    for (const [key, value] of Object.entries(box)) part.setAttribute(key, String(value / factor));
  }

  function fitAll() {
    for (const map of answer.querySelectorAll(".a-map")) fit(/** @type {HTMLElement} */ (map));
    page.classList.add("fitted");
  }

  /** @param {Element} frame */
  function isShown(frame) {
    try {
      return Boolean(/** @type {HTMLIFrameElement} */ (frame).contentDocument?.documentElement.dataset.shown);
    } catch {
      return true;
    }
  }

  /** @param {Element} app */
  function areMapsShown(app) {
    // A first screen has one of them.
    const wanted = app.querySelector(HELD_BACK) ? 1 : Number(answer.dataset.maps);
    const frames = [...app.querySelectorAll(FRAME)];
    return frames.length >= wanted && frames.slice(0, wanted).every(isShown);
  }

  /** @param {Element} app */
  function layout(app) {
    const found = [...app.querySelectorAll(`h1, .head, .legend, .ledger, table, ${FRAME}`)];
    return found.map((one) => `${one.getBoundingClientRect().top} ${one.getBoundingClientRect().height}`).join();
  }

  /**
   * Whether the live page is its first screen alone, where the reader sees more of this answer; what has been asked for
   * is waited for until all of it is there.
   *
   * @param {Element} app
   */
  function isTooShort(app) {
    if (!app.querySelector(HELD_BACK)) return false;
    const end = app.querySelector('[data-testid="stMainBlockContainer"] > *')?.getBoundingClientRect().bottom ?? 0;
    return asked || answer.scrollTop > 0 || end < window.innerHeight;
  }

  // The header comes last, after the page below it, and each part of the page when its script has come.
  function isLive() {
    const app = /** @type {HTMLElement | null} */ (document.querySelector('[data-testid="stApp"]'));
    if (!app || !PARTS.every((part) => app.querySelector(part)) || app.querySelector('[data-testid="stSkeleton"]'))
      return false;
    const now = performance.now();
    since = Math.min(since, now);
    const found = layout(app);
    if (found !== stands.layout || document.fonts.status === "loading") stands = { layout: found, since: now };
    const isRunning = app.dataset.testScriptState !== "notRunning";
    const isDrawn = Number(answer.dataset.maps) ? areMapsShown(app) : !isRunning;
    const isShort = isTooShort(app);
    // The header's script has what is missing drawn.
    if (isShort && (isDrawn || !isRunning)) {
      asked = true;
      document.dispatchEvent(new Event("mapcore-whole"));
    }
    if ((!isDrawn || isShort) && now - since < PATIENCE_MS) return false;
    return now - stands.since >= (isRunning ? STILL_MS.running : STILL_MS.notRunning);
  }

  /** @param {ParentNode} within */
  function landmark(within) {
    return within.querySelector(`.a-map, ${FRAME}`) || within.querySelector("h1");
  }

  // What the reader looks at stays where it is, and so does the keyboard.
  function giveWay() {
    const live = /** @type {HTMLElement} */ (document.getElementById("root"));
    const isHeld = answer.contains(document.activeElement);
    const scrolled = answer.scrollTop;
    const before = landmark(answer)?.getBoundingClientRect().top ?? 0;
    window.removeEventListener("resize", fitAll);
    answer.remove();
    document.dispatchEvent(new Event("mapcore-whole"));
    page.classList.remove("answered", "awaited", "lettered", "fitted");
    delete page.dataset.zoom;
    const main = live.querySelector('[data-testid="stMain"]');
    if (main && scrolled) main.scrollTop += (landmark(live)?.getBoundingClientRect().top ?? 0) - before;
    const heading = live.querySelector("h1");
    if (isHeld && heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
  }

  // Measured where a frame begins, which lays the page out anyway: at other times it would be laid out once more.
  function look() {
    if (isLive()) giveWay();
    else setTimeout(() => requestAnimationFrame(look), LOOK_MS);
  }

  if (page.classList.contains("awaited")) document.addEventListener("mapcore-lettered", fitAll, { once: true });
  else fitAll();
  window.addEventListener("resize", fitAll);
  look();
})();
