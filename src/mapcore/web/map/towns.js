// @ts-check
// Towns and villages by name, each with its dot: none without the other. They are loaded when the map first comes close
// enough for them.
var mapcoreTowns = (() => {
  "use strict";

  /**
   * @typedef {object} Towns The largest first.
   * @property {string[]} names
   * @property {number[]} lat
   * @property {number[]} lon
   * @property {Record<string, number>} upto By zoom level, how many of them are looked at; at closer ones all.
   */

  const FIRST_ZOOM = 8;
  const FONT = "11.5px 'mapcore Sans', sans-serif";
  const [HEIGHT, OFF, DOT] = [14, 5, 3];
  // How far beyond the frame they stand, in pixels, so that a map that is moved a little has them.
  const BEYOND = 120;
  /** @type {L.Map} */
  let map;
  let url = "";
  /** @type {Towns | null} */
  let towns = null;
  /** @type {Map<number, L.Marker>} */
  const shown = new Map();

  /**
   * What a name takes on each side of its dot, the best side first; as the style has it.
   *
   * @param {{ x: number, y: number }} dot
   * @param {number} width
   * @returns {[string, Box][]}
   */
  function sides({ x, y }, width) {
    /**
     * @param {number} left
     * @param {number} top
     */
    const box = (left, top) => ({ left, right: left + width, top, bottom: top + HEIGHT });
    return [
      ["east", box(x + OFF, y - HEIGHT / 2)],
      ["west", box(x - OFF - width, y - HEIGHT / 2)],
      ["above", box(x - width / 2, y - OFF - HEIGHT)],
      ["below", box(x - width / 2, y + OFF)],
    ];
  }

  /**
   * The side on which a name has room: off other names, dots and the front.
   *
   * @param {{ x: number, y: number }} at
   * @param {number} width
   * @param {{ isFree: (box: Box) => boolean, take: (box: Box) => void }} room What it takes there is taken.
   * @param {(box: Box) => number} front
   */
  function placed(at, width, room, front) {
    const dot = { left: at.x - DOT, right: at.x + DOT, top: at.y - DOT, bottom: at.y + DOT };
    if (!room.isFree(dot)) return "";
    const found = sides(at, width).find(([, box]) => !front(box) && room.isFree(box));
    if (!found) return "";
    room.take(dot);
    room.take(found[1]);
    return found[0];
  }

  /** @param {{ isFree: (box: Box) => boolean, take: (box: Box) => void }} room */
  function write(room) {
    if (!map) return;
    const zoom = map.getZoom();
    if (zoom < FIRST_ZOOM) {
      shown.forEach((marker) => marker.remove());
      shown.clear();
      return;
    }
    if (!towns) {
      load();
      return;
    }
    const kept = new Set();
    const size = map.getSize();
    const upto = towns.upto[String(Math.floor(zoom))] ?? towns.names.length;
    const seen = map.getBounds().pad(0.3);
    for (let index = 0; index < upto; index += 1) {
      const place = L.latLng(towns.lat[index], towns.lon[index]);
      if (!seen.contains(place)) continue;
      const at = map.latLngToContainerPoint(place);
      if (at.x < -BEYOND || at.y < -BEYOND || at.x > size.x + BEYOND || at.y > size.y + BEYOND) continue;
      const name = towns.names[index];
      const side = placed(at, mapcoreNames.width(name, FONT), room, mapcoreFront.covered);
      if (!side) continue;
      kept.add(index);
      if (!shown.has(index)) shown.set(index, mapcoreLabels.beside(name, "place town", place).addTo(map));
      const label = shown.get(index)?.getElement()?.querySelector("span");
      if (label) label.dataset.side = side;
    }
    for (const [index, marker] of shown) {
      if (kept.has(index)) continue;
      marker.remove();
      shown.delete(index);
    }
  }

  async function load() {
    if (!url) return;
    const wanted = url;
    url = "";
    try {
      towns = await mapcoreLoading.load(wanted);
      mapcoreNames.renew();
    } catch {
      url = wanted;
    }
  }

  /**
   * @param {L.Map} drawnOn
   * @param {string | undefined} at Where they are; nothing where a page has none.
   */
  function start(drawnOn, at) {
    if (map || !at) return;
    [map, url] = [drawnOn, at];
  }

  return { sides, placed, start, write };
})();
