// @ts-check
// The tour that the button for help opens. It lies over the page and moves nothing.

/** @typedef {Record<"tour" | "step" | "back" | "next" | "skip" | "done", string>} TourWords */
/** @typedef {{ title: string, text: string, target: string }} TourStep */
/** @typedef {{ words: TourWords, steps: TourStep[] }} Tour */

var mapcoreTour = (() => {
  "use strict";

  /** @type {{ panel: HTMLElement, data: Tour, step: number }} */
  let tour;

  /**
   * @param {string} selector
   * @param {ParentNode} [within]
   */
  function find(selector, within = tour.panel) {
    return /** @type {HTMLElement} */ (within.querySelector(selector));
  }

  /** @param {string} target A selector, or nothing. */
  function point(target) {
    for (const one of document.querySelectorAll("[data-tour]")) one.removeAttribute("data-tour");
    const found = target ? document.querySelector(target) : null;
    found?.setAttribute("data-tour", "");
    return found;
  }

  // On a narrow page the map lies where the panel comes: there, what a step is about goes on top.
  function isNarrow() {
    return window.matchMedia("(max-width: 1000px)").matches;
  }

  function isOpen() {
    return tour.panel.matches(":popover-open");
  }

  /**
   * @param {number} step
   * @param {boolean} toThere Whether the page scrolls to what the step is about.
   */
  function show(step, toThere) {
    const { panel, data } = tour;
    const { words, steps } = data;
    const { title, text, target } = steps[step];
    tour.step = step;
    find("h2").textContent = title;
    find("p").textContent = text;
    find("small").textContent = words.step.replace("{step}", String(step + 1)).replace("{count}", String(steps.length));
    find(".back").hidden = step === 0;
    find(".next").textContent = step === steps.length - 1 ? words.done : words.next;
    if (!isOpen()) panel.showPopover();
    const found = point(target);
    if (found && toThere) found.scrollIntoView({ block: isNarrow() ? "start" : "nearest" });
  }

  function open() {
    show(0, isNarrow());
    tour.panel.focus();
  }

  function close() {
    const inside = tour.panel.contains(document.activeElement);
    point("");
    tour.panel.hidePopover();
    if (inside) /** @type {HTMLElement | null} */ (document.querySelector(".head .help"))?.focus();
  }

  function next() {
    if (tour.step === tour.data.steps.length - 1) close();
    else show(tour.step + 1, true);
  }

  /** @param {KeyboardEvent} event */
  function escape(event) {
    const isFree = document.activeElement === document.body || tour.panel.contains(document.activeElement);
    if (event.key === "Escape" && isFree && isOpen()) close();
  }

  /**
   * @param {HTMLElement} panel
   * @param {Tour} data
   */
  function draw(panel, data) {
    if (tour?.panel !== panel) tour = { panel, data, step: 0 };
    tour.data = data;
    panel.setAttribute("aria-label", data.words.tour);
    find(".back").textContent = data.words.back;
    find(".skip").textContent = data.words.skip;
    find(".back").onclick = () => show(tour.step - 1, true);
    find(".next").onclick = next;
    find(".skip").onclick = close;
    if (isOpen()) show(tour.step, false);
    /** @type {[string, EventListener][]} */
    const heard = [
      ["keydown", /** @type {EventListener} */ (escape)],
      ["mapcore-help", open],
    ];
    for (const [kind, hear] of heard) {
      document.removeEventListener(kind, hear);
      document.addEventListener(kind, hear);
    }
  }

  return { draw };
})();
