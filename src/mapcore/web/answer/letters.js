// @ts-check
// Before the first answer: it lies over the live page, and is unseen until it is known what letters it has. The rest of
// it may come later and is drawn as it comes, but for maps and tables.
(() => {
  "use strict";

  const LATEST_MS = 150;
  const page = document.documentElement;
  page.classList.add("answered", "awaited");

  // Letters that come after the page has been read would move it: those of the system then stay. Names on a map are as wide
  // as their letters, so it is fitted once these are known.
  /** @param {string[]} classes */
  function show(...classes) {
    if (!page.classList.contains("awaited")) return;
    page.classList.remove("awaited");
    page.classList.add(...classes);
    document.dispatchEvent(new Event("mapcore-lettered"));
  }

  setTimeout(show, LATEST_MS);
  // Where they do not come at all, those of the system stay too.
  document.fonts.load('16px "Answer Sans"').then(
    () => show("lettered"),
    () => undefined,
  );
})();
