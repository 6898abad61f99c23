// @ts-check
// What lies over what on the map. Each kind has a pane of its own, so that the order is the same on a page that has just
// been opened and after each change, whichever part came first.
var mapcorePanes = (() => {
  "use strict";

  /** @type {Record<string, number>} From below to above; Leaflet's tiles lie at 200, what a viewer draws at 620, tooltips at 650. */
  const ORDER = {
    base: 200,
    zones: 400,
    band: 405,
    water: 410,
    line: 430,
    border: 450,
    overlay: 452,
    marks: 455,
    labels: 460,
    found: 465,
  };
  /** Those that hear the pointer. */
  const HEARS = new Set(["zones", "marks"]);
  /** @type {Record<string, L.Renderer>} */
  const renderers = {};

  /** @param {L.Map} map */
  function start(map) {
    for (const [name, order] of Object.entries(ORDER)) {
      const pane = map.createPane(name);
      pane.style.zIndex = String(order);
      if (!HEARS.has(name)) pane.style.pointerEvents = "none";
      renderers[name] = L.svg({ pane: name, padding: 0.4 });
    }
  }

  /**
   * What a layer of paths is drawn with, to lie in a pane.
   *
   * @param {string} pane
   */
  function within(pane) {
    return { pane, renderer: renderers[pane] };
  }

  return { start, within };
})();
