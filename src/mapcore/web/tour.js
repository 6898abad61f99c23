// The tour of a first visit, and the button that opens it again. It lies over the page and moves nothing; the browser
// remembers that it was seen, so that neither the server nor a link has to.
const SEEN = "mapcore-tour";
const LATER_MS = 1500;
let waiting = null;
let tour = null;

function wasSeen() {
  try { return localStorage.getItem(SEEN) === "seen"; } catch { return tour.seen; }
}

function keepSeen() {
  tour.seen = true;
  try { localStorage.setItem(SEEN, "seen"); } catch { return; }
}

function point(target) {
  document.querySelectorAll("[data-tour]").forEach(one => one.removeAttribute("data-tour"));
  const found = target && document.querySelector(target);
  if (found) { found.setAttribute("data-tour", ""); }
  return found;
}

// On a narrow page the map lies where the panel comes: there it begins as one line, and what a step is about goes on top.
function isNarrow() { return window.matchMedia("(max-width: 1000px)").matches; }

function nextWord(step) {
  const { words, steps } = tour.data;
  return step < 0 ? words.start : step === steps.length - 1 ? words.done : words.next;
}

function show(step, toThere) {
  const { panel, data } = tour, { words, steps } = data;
  const { title, text, target } = steps[step] || { title: "", text: "", target: "" };
  tour.step = step;
  panel.classList.toggle("line", step < 0);
  panel.querySelector("h2").textContent = title;
  panel.querySelector("p").textContent = text;
  panel.querySelector("small").textContent = step < 0 ? words.tour
    : words.step.replace("{step}", step + 1).replace("{count}", steps.length);
  panel.querySelector(".back").hidden = step <= 0;
  panel.querySelector(".next").textContent = nextWord(step);
  if (!panel.matches(":popover-open")) { panel.showPopover(); }
  const found = point(target);
  if (found && toThere) { found.scrollIntoView({ block: isNarrow() ? "start" : "nearest" }); }
}

function begin() { show(isNarrow() ? -1 : 0, false); }

function open() {
  show(0, isNarrow());
  tour.panel.focus();
}

function close() {
  const inside = tour.root.activeElement;
  clearTimeout(waiting);
  keepSeen();
  point(null);
  tour.panel.hidePopover();
  if (inside) { tour.button.focus(); }
}

function next() {
  if (tour.step === tour.data.steps.length - 1) { close(); } else { show(tour.step + 1, true); }
}

function escape(event) {
  const free = document.activeElement === document.body || document.activeElement === tour.root.host;
  if (event.key === "Escape" && free && tour.panel.matches(":popover-open")) { close(); }
}

function name(words) {
  tour.button.textContent = words.help;
  tour.panel.setAttribute("aria-label", words.tour);
  tour.panel.querySelector(".back").textContent = words.back;
  tour.panel.querySelector(".skip").textContent = words.skip;
}

export default function ({ parentElement, data }) {
  const panel = parentElement.querySelector("section");
  const isNew = !tour || tour.panel !== panel;
  if (isNew) { tour = { root: panel.getRootNode(), panel, button: parentElement.querySelector("button"), step: 0, seen: false }; }
  tour.data = data;
  name(data.words);
  tour.button.onclick = open;
  panel.querySelector(".back").onclick = () => show(tour.step - 1, true);
  panel.querySelector(".next").onclick = next;
  panel.querySelector(".skip").onclick = close;
  if (panel.matches(":popover-open")) { show(tour.step, false); }
  document.removeEventListener("keydown", escape);
  document.addEventListener("keydown", escape);
  clearTimeout(waiting);
  // Not before the map is there, and not while the reader is busy with a click.
  if (data.first && !wasSeen() && !panel.matches(":popover-open")) { waiting = setTimeout(begin, LATER_MS); }
}
