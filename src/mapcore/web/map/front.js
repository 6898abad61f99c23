// @ts-check
// Where the lines of contact run on the screen, so that names keep off them.
/** @typedef {{ left: number, right: number, top: number, bottom: number }} Box */

var mapcoreFront = (() => {
  "use strict";

  // Pixels of the squares by which the front is kept, and how far beyond the frame it is looked for.
  const SQUARE = 6;
  const BEYOND = 200;
  /** @type {L.Map} */
  let map;
  /** @type {L.LatLng[][]} */
  let lines = [];
  /** @type {Set<string>} */
  let squares = new Set();

  /**
   * The squares that lines run through.
   *
   * @param {{ x: number, y: number }[][]} drawn In pixels of the map's frame.
   * @param {{ x: number, y: number }} size Of the frame.
   */
  function through(drawn, size) {
    const found = new Set();
    const isNear = (/** @type {{ x: number, y: number }} */ { x, y }) =>
      x > -BEYOND && y > -BEYOND && x < size.x + BEYOND && y < size.y + BEYOND;
    for (const line of drawn) {
      for (let index = 1; index < line.length; index += 1) {
        const [from, to] = [line[index - 1], line[index]];
        if (!isNear(from) && !isNear(to)) continue;
        const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / (SQUARE / 2)));
        for (let step = 0; step <= steps; step += 1) {
          const [x, y] = [from.x + ((to.x - from.x) * step) / steps, from.y + ((to.y - from.y) * step) / steps];
          found.add(`${Math.floor(x / SQUARE)} ${Math.floor(y / SQUARE)}`);
        }
      }
    }
    return found;
  }

  function look() {
    if (!map) return;
    const drawn = lines.map((line) => line.map((place) => map.latLngToContainerPoint(place)));
    squares = through(drawn, map.getSize());
  }

  /**
   * How many squares of the front a box covers.
   *
   * @param {Box} box In pixels of the map's frame.
   */
  function covered(box) {
    let count = 0;
    for (let x = Math.floor(box.left / SQUARE); x <= Math.floor(box.right / SQUARE); x += 1) {
      for (let y = Math.floor(box.top / SQUARE); y <= Math.floor(box.bottom / SQUARE); y += 1) {
        if (squares.has(`${x} ${y}`)) count += 1;
      }
    }
    return count;
  }

  /**
   * @param {L.Map} drawnOn
   * @param {L.GeoJSON} layers The lines that are on the map.
   */
  function follow(drawnOn, layers) {
    map = drawnOn;
    lines = layers.getLayers().flatMap((layer) => {
      const { feature } = /** @type {L.Polyline} */ (layer);
      const places = /** @type {L.LatLng[] | L.LatLng[][]} */ (/** @type {L.Polyline} */ (layer).getLatLngs());
      if (!["line", "earlier"].includes(String(feature?.id))) return [];
      return Array.isArray(places[0]) ? /** @type {L.LatLng[][]} */ (places) : [/** @type {L.LatLng[]} */ (places)];
    });
  }

  return { through, look, covered, follow };
})();
