// @ts-check
// For a page that shows views of this server: each frame becomes as high as what it shows, and takes the place of the
// picture beside it once it shows something.
(() => {
  "use strict";

  const MOST = 6000;
  const own = new URL(/** @type {HTMLScriptElement} */ (document.currentScript).src);

  /** @param {HTMLIFrameElement} frame */
  function isOurs(frame) {
    try {
      return new URL(frame.src).origin === own.origin;
    } catch {
      return false;
    }
  }

  window.addEventListener("message", ({ source, origin, data }) => {
    const height = Number(data?.mapcoreHeight);
    if (origin !== own.origin || !(height > 0)) return;
    const frames = [...document.querySelectorAll("iframe")].filter((one) => one.contentWindow === source);
    for (const frame of frames.filter(isOurs)) {
      frame.style.height = `${Math.min(MOST, Math.ceil(height))}px`;
      frame.style.visibility = "visible";
      const picture = frame.parentElement?.querySelector("[data-mapcore-picture]");
      if (picture instanceof HTMLElement) picture.style.display = "none";
    }
  });
})();
