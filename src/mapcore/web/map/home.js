// @ts-check
// The view that a map opens with and goes back to: all of a box on the map, within the bounds that the map keeps to.
/** @typedef {{ centre: L.LatLng, zoom: number, size: L.Point }} MapHome With the size of the frame that it is found for. */

var mapcoreHome = (() => {
  "use strict";

  /** @type {L.LatLngBoundsLiteral} */
  const EDGE = [
    [41.6, 14.1],
    [55.9, 46.9],
  ];
  /** @type {L.LatLngBoundsLiteral} */
  const UKRAINE = [
    [44.2, 22.0],
    [52.45, 40.3],
  ];
  const PADDING = { x: 14, y: 24 };
  // The room that a legend over the map takes, and the width from which it lies there, as in `app/first_screen.css`.
  const LEGEND = { wide: 270, from: 620 };

  /**
   * A frame that is not laid out yet has no room for any view: its size comes with the next resize.
   *
   * @param {L.Point} size
   */
  function isCramped(size) {
    return Math.min(size.x, size.y) < 60;
  }

  /**
   * The view of what a page is about, most often the whole country, for the frame's present size.
   *
   * @param {L.Map} map
   * @param {L.LatLngBoundsLiteral} shown
   * @param {boolean} hasLegend
   * @returns {MapHome}
   */
  function find(map, shown, hasLegend) {
    const size = map.getSize();
    const isPlain = isCramped(size) || shown === UKRAINE;
    const beside = !isPlain && hasLegend && size.x >= LEGEND.from ? LEGEND.wide : 0;
    const room = isPlain ? L.point(0, 0) : L.point(2 * PADDING.x + beside, 2 * PADDING.y);
    const zoom = map.getBoundsZoom(shown, false, room);
    const middle = map
      .project(shown[0], zoom)
      .add(map.project(shown[1], zoom))
      .divideBy(2)
      .subtract([beside / 2, 0]);
    const edge = L.bounds(EDGE.map((corner) => map.project(corner, zoom)));
    return { centre: map.unproject(within(middle, size, edge), zoom), zoom, size };
  }

  /**
   * The middle of a view once Leaflet has kept it within its bounds, in pixels; less than a pixel is let be.
   *
   * @param {L.Point} middle
   * @param {L.Point} size
   * @param {L.Bounds} edge
   */
  function within(middle, size, edge) {
    const [least, most] = [edge.getTopLeft(), edge.getBottomRight()];
    const x = inward(middle.x, size.x, least.x, most.x);
    const y = inward(middle.y, size.y, least.y, most.y);
    return Math.abs(x) <= 1 && Math.abs(y) <= 1 ? middle : middle.add([x, y]);
  }

  /**
   * How far a stretch is moved to lie within limits; one that is longer than they are apart is set in their middle.
   *
   * @param {number} middle
   * @param {number} length
   * @param {number} least
   * @param {number} most
   */
  function inward(middle, length, least, most) {
    const before = least - (middle - length / 2);
    const after = middle + length / 2 - most;
    if (before + after > 0) return Math.round(before - after) / 2;
    return Math.max(0, Math.ceil(before)) - Math.max(0, Math.floor(after));
  }

  return { EDGE, UKRAINE, isCramped, find, inward };
})();
