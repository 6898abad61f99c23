// @ts-check
// The tour of a first visit, and the button that opens it again. It lies over the page and moves nothing; the browser
// remembers that it was seen, so that neither the server nor a link has to.

/** @typedef {Record<"help" | "tour" | "step" | "back" | "start" | "next" | "skip" | "done", string>} Words */
/** @typedef {{ title: string, text: string, target: string }} Step */
/** @typedef {{ words: Words, steps: Step[], first: boolean }} Data */

const SEEN = "mapcore-tour";
const LATER_MS = 1500;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;
/** @type {{ panel: HTMLElement, button: HTMLElement, data: Data, step: number, seen: boolean }} */
let tour;

function wasSeen() {
  try {
    return localStorage.getItem(SEEN) === "seen";
  } catch {
    return tour.seen;
  }
}

function keepSeen() {
  tour.seen = true;
  try {
    localStorage.setItem(SEEN, "seen");
  } catch {
    return;
  }
}

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

// On a narrow page the map lies where the panel comes: there it begins as one line, and what a step is about goes on top.
function isNarrow() {
  return window.matchMedia("(max-width: 1000px)").matches;
}

function isOpen() {
  return tour.panel.matches(":popover-open");
}

function root() {
  return /** @type {ShadowRoot} */ (tour.panel.getRootNode());
}

/** @param {number} step */
function nextWord(step) {
  const { words, steps } = tour.data;
  if (step < 0) return words.start;
  return step === steps.length - 1 ? words.done : words.next;
}

/**
 * @param {number} step -1 for the line with which it begins on a narrow page.
 * @param {boolean} toThere Whether the page scrolls to what the step is about.
 */
function show(step, toThere) {
  const { panel, data } = tour;
  const { words, steps } = data;
  const { title, text, target } = steps[step] || { title: "", text: "", target: "" };
  const progress = words.step.replace("{step}", String(step + 1)).replace("{count}", String(steps.length));
  tour.step = step;
  panel.classList.toggle("line", step < 0);
  find("h2").textContent = title;
  find("p").textContent = text;
  find("small").textContent = step < 0 ? words.tour : progress;
  find(".back").hidden = step <= 0;
  find(".next").textContent = nextWord(step);
  if (!isOpen()) panel.showPopover();
  const found = point(target);
  if (found && toThere) found.scrollIntoView({ block: isNarrow() ? "start" : "nearest" });
}

function begin() {
  show(isNarrow() ? -1 : 0, false);
}

function open() {
  show(0, isNarrow());
  tour.panel.focus();
}

function close() {
  const inside = root().activeElement;
  clearTimeout(waiting);
  keepSeen();
  point("");
  tour.panel.hidePopover();
  if (inside) tour.button.focus();
}

function next() {
  if (tour.step === tour.data.steps.length - 1) close();
  else show(tour.step + 1, true);
}

/** @param {KeyboardEvent} event */
function escape(event) {
  const isFree = document.activeElement === document.body || document.activeElement === root().host;
  if (event.key === "Escape" && isFree && isOpen()) close();
}

/** @param {Words} words */
function name(words) {
  tour.button.textContent = words.help;
  tour.panel.setAttribute("aria-label", words.tour);
  find(".back").textContent = words.back;
  find(".skip").textContent = words.skip;
}

/** @param {{ parentElement: HTMLElement, data: Data }} component */
export default function ({ parentElement, data }) {
  const panel = find("section", parentElement);
  if (tour?.panel !== panel) tour = { panel, button: find("button", parentElement), data, step: 0, seen: false };
  tour.data = data;
  name(data.words);
  tour.button.onclick = open;
  find(".back").onclick = () => show(tour.step - 1, true);
  find(".next").onclick = next;
  find(".skip").onclick = close;
  if (isOpen()) show(tour.step, false);
  document.removeEventListener("keydown", escape);
  document.addEventListener("keydown", escape);
  clearTimeout(waiting);
  // Not before the map is there, and not while the reader is busy with a click.
  if (data.first && !wasSeen() && !isOpen()) waiting = setTimeout(begin, LATER_MS);
}
