// @ts-check
// A panel that was opened by a button takes the keyboard, which would pass it by: it stands at the end of the document.

/** @param {{ parentElement: HTMLElement }} component */
export default function ({ parentElement }) {
  const root = /** @type {ShadowRoot} */ (parentElement.getRootNode());
  const panel = /** @type {HTMLElement | null} */ (root.host.closest('[role="dialog"]'));
  if (!panel || panel.hasAttribute("tabindex") || !document.activeElement?.matches('[aria-expanded="true"], body'))
    return;
  panel.tabIndex = -1;
  panel.focus({ preventScroll: true });
}
