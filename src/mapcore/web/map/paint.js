// @ts-check
// How pieces of land are filled, in both themes: a colour, or a hatch on a pale ground of the same hue.
/** @typedef {{ id: string, colour: string, colour_dark: string, hatch: boolean }} Paint */

var mapcorePaint = (() => {
  "use strict";

  /** @type {Set<string>} */
  const known = new Set();

  /** @param {Paint} paint */
  function rules({ id, colour, colour_dark: dark, hatch }) {
    return hatch
      ? `path.zone-${id}{fill:url(#hatch-${id})}.hatch-${id}{fill:${colour}}[data-theme=dark] .hatch-${id}{fill:${dark}}`
      : `path.zone-${id}{fill:${colour}}[data-theme=dark] path.zone-${id}{fill:${dark}}`;
  }

  /** @param {Paint} paint */
  function pattern({ id }) {
    return (
      `<pattern id="hatch-${id}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
      `<rect width="7" height="7" class="hatch-${id}" opacity="0.28"/><rect width="3" height="7" class="hatch-${id}"/>` +
      "</pattern>"
    );
  }

  /** @param {Paint[]} paints Those that are known already stay as they are. */
  function add(paints) {
    const fresh = paints.filter((paint) => !known.has(paint.id));
    if (!fresh.length) return;
    fresh.forEach((paint) => known.add(paint.id));
    const style = document.createElement("style");
    style.textContent = fresh.map(rules).join("");
    document.head.append(style);
    const patterns = fresh
      .filter((paint) => paint.hatch)
      .map(pattern)
      .join("");
    document.body.insertAdjacentHTML(
      "beforeend",
      `<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>${patterns}</defs></svg>`,
    );
  }

  return { add };
})();
