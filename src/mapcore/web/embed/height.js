// @ts-check
// In a page that stands in a frame of another's: tells that one how high what is shown is, each time that it changes.
(() => {
  "use strict";

  if (window.parent === window) return;
  const LOOK_MS = 150;
  const SHOWN = ["#first-answer .a-block", '[data-testid="stMainBlockContainer"]'];
  let told = 0;

  function look() {
    const shown = SHOWN.map((one) => document.querySelector(one)).find(Boolean);
    const height = shown ? Math.ceil(shown.getBoundingClientRect().height) : 0;
    // To any page, since any may frame this one; it says nothing but a height.
    if (height > 0 && height !== told) window.parent.postMessage({ mapcoreHeight: height }, "*");
    told = height;
  }

  document.addEventListener("DOMContentLoaded", look);
  // eslint-disable-next-line no-restricted-syntax -- What nobody sees is not drawn and hears of no new size.
  setInterval(look, LOOK_MS);
})();
