// @ts-check
// The link by which an error in this very view is reported: it takes the page's address as it is when it is followed.

/** @param {{ parentElement: HTMLElement, data: Record<"label" | "to", string> }} component */
export default function ({ parentElement, data }) {
  const link = /** @type {HTMLAnchorElement} */ (parentElement.querySelector("a"));
  const lead = () => (link.href = data.to.replace("{link}", encodeURIComponent(window.location.href)));
  link.textContent = data.label;
  lead();
  // Before the browser follows it, however it is followed: by a press, by a key, from its menu.
  for (const kind of ["pointerdown", "focus", "contextmenu", "click"]) link.addEventListener(kind, lead);
}
