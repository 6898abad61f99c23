// @ts-check
// The row above every page. Its links are those of the first answer; here a press chooses without loading the page anew,
// and a link that is opened elsewhere leads to the view as it is when it is followed.

/** @typedef {{ html: string, lang: string, style: string, tour: Tour }} Head */

/** @param {HTMLAnchorElement} link */
function lead(link) {
  const there = new URL(window.location.href);
  const { key, value } = link.dataset;
  if (!key || !value) return;
  there.searchParams.set(key, value);
  link.href = there.href;
}

/** @param {HTMLElement} holder */
function close(holder) {
  holder.querySelector("details")?.removeAttribute("open");
}

/**
 * @param {{ parentElement: HTMLElement, data: Head, setTriggerValue: (name: string, value: string[]) => void }} component
 */
export default function ({ parentElement, data, setTriggerValue }) {
  const holder = /** @type {HTMLElement} */ (parentElement.querySelector(".head-holder"));
  mapcoreStyled(data.style);
  document.documentElement.lang = data.lang;
  if (holder.dataset.made !== data.html) {
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
  }
  // The component is called at each run of the page; what listens is put there once.
  if (!holder.dataset.listens) {
    holder.dataset.listens = "yes";
    for (const kind of ["pointerdown", "focusin", "contextmenu"]) {
      holder.addEventListener(kind, ({ target }) => {
        const link = /** @type {Element} */ (target).closest("a");
        if (link) lead(link);
      });
    }
    document.addEventListener("pointerdown", ({ target }) => {
      if (!holder.contains(/** @type {Node} */ (target))) close(holder);
    });
    window.addEventListener("beforeprint", () => {
      document.querySelector(".stApp")?.setAttribute("data-address", window.location.href);
    });
  }
  mapcoreTour.draw(/** @type {HTMLElement} */ (parentElement.querySelector(".tour")), data.tour);
  holder.onclick = (event) => {
    if (/** @type {Element} */ (event.target).closest(".help")) document.dispatchEvent(new CustomEvent("mapcore-help"));
    const link = /** @type {Element} */ (event.target).closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    close(holder);
    const { key, value } = link.dataset;
    if (key && value) setTriggerValue("chosen", [key, value]);
  };
  holder.onkeydown = (event) => {
    if (event.key !== "Escape" || !holder.querySelector("details[open]")) return;
    close(holder);
    holder.querySelector("summary")?.focus();
  };
}
