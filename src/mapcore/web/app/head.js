// @ts-check
// The row above every page, and the links elsewhere on it that choose one thing of the view. Those of the row are the
// first answer's; here a press chooses without loading the page anew, and a link that is opened elsewhere, or that leads
// to a place on another page, leads to the view as it is when it is followed.

/** @typedef {{ html: string, lang: string, style: string, tour: [Tour], holdsBack: boolean }} Head */

/** @type {(key: string, value: string) => void} */
let choose;
/** @type {() => void} */
let askForWhole;
/** @type {() => void} */
let redraw;
/** Whether the pointer is down on the row: it is not drawn anew then, or what is pressed would be let go elsewhere. */
let isPressed = false;

function letGo() {
  isPressed = false;
  redraw();
}

/** @param {Event} event */
function linkOf({ target }) {
  return target instanceof Element
    ? /** @type {HTMLAnchorElement | null} */ (target.closest("a[data-key][data-value]"))
    : null;
}

/** @param {Event} event */
function lead(event) {
  const link = linkOf(event);
  if (!link) return;
  const there = new URL(window.location.href);
  there.searchParams.set(link.dataset.key ?? "", link.dataset.value ?? "");
  there.hash = link.hash;
  link.href = there.href;
}

/** @param {MouseEvent} event */
function press(event) {
  const link = linkOf(event);
  if (!link) return;
  // Pressed by a key or by an assistive technology, it may not have been pointed at.
  lead(event);
  if (link.hash || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  choose(link.dataset.key ?? "", link.dataset.value ?? "");
}

/** @param {HTMLElement} holder */
function close(holder) {
  holder.querySelector("details")?.removeAttribute("open");
}

/**
 * @param {{ parentElement: HTMLElement, data: Head, setTriggerValue: (name: string, value: string[] | boolean) => void }} component
 */
export default function ({ parentElement, data, setTriggerValue }) {
  const holder = /** @type {HTMLElement} */ (parentElement.querySelector(".head-holder"));
  mapcoreStyled(data.style);
  // All that is drawn is looked at anew when the language is set, even to what it was.
  if (document.documentElement.lang !== data.lang) document.documentElement.lang = data.lang;
  redraw = () => {
    if (isPressed || holder.dataset.made === data.html) return;
    const held = /** @type {HTMLElement | null} */ (
      holder.contains(document.activeElement) ? document.activeElement : null
    );
    const same = held && `${held.tagName}[data-key="${held.dataset.key}"][data-value="${held.dataset.value}"]`;
    // Escaped where it was made.
    holder.innerHTML = data.html;
    holder.dataset.made = data.html;
    if (held) {
      const found = [...holder.querySelectorAll(same || "summary")].find((one) => one.getClientRects().length);
      /** @type {HTMLElement | undefined} */ (found || holder.querySelector("summary") || undefined)?.focus();
    }
  };
  redraw();
  askForWhole = () => {
    if (holder.dataset.holdsBack !== "yes") return;
    holder.dataset.holdsBack = "asked";
    setTriggerValue("whole", true);
  };
  if (data.holdsBack) holder.dataset.holdsBack ??= "yes";
  else delete holder.dataset.holdsBack;
  if (!document.getElementById("first-answer")) askForWhole();
  choose = (key, value) => setTriggerValue("chosen", [key, value]);
  // The component is called at each run of the page; what listens is put there once.
  if (!holder.dataset.listens) {
    holder.dataset.listens = "yes";
    for (const kind of ["pointerdown", "focusin", "contextmenu"]) document.addEventListener(kind, lead);
    document.addEventListener("click", press);
    holder.addEventListener("pointerdown", ({ button }) => (isPressed = !button));
    for (const kind of ["pointerup", "pointercancel"]) document.addEventListener(kind, () => setTimeout(letGo));
    document.addEventListener("mapcore-whole", () => askForWhole());
    document.addEventListener("pointerdown", ({ target }) => {
      if (!holder.contains(/** @type {Node} */ (target))) close(holder);
    });
    window.addEventListener("beforeprint", () => {
      document.querySelector(".stApp")?.setAttribute("data-address", window.location.href);
    });
  }
  mapcoreTour.draw(/** @type {HTMLElement} */ (parentElement.querySelector(".tour")), data.tour[0]);
  holder.onclick = (event) => {
    if (/** @type {Element} */ (event.target).closest(".help")) document.dispatchEvent(new CustomEvent("mapcore-help"));
    if (linkOf(event)) close(holder);
  };
  holder.onkeydown = (event) => {
    if (event.key !== "Escape" || !holder.querySelector("details[open]")) return;
    close(holder);
    holder.querySelector("summary")?.focus();
  };
}
