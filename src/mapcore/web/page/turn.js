// @ts-check
/**
 * Turn from the page in one language to that in the one which a link names, before anything else is loaded.
 *
 * @param {Record<string, string>} pages The page of each language.
 * @param {string} here The language of this one.
 */
function mapcoreTurn(pages, here) {
  "use strict";
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked && asked !== here && Object.hasOwn(pages, asked)) {
    location.replace(pages[asked] + location.search + location.hash);
  }
}
