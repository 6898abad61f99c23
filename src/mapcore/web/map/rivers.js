// @ts-check
// Rivers, thin and quiet over the zones' fills and under the line of contact, and their names along them where there is
// room. They come once the zones are drawn.
var mapcoreRivers = (() => {
  "use strict";

  /** @typedef {{ x: number, y: number }} Point */
  /** @typedef {{ name: string, rank: number, lines: L.LatLng[][] }} River */
  /** @typedef {{ middle: Point, angle: number, bend: number, boxes: Box[] }} Stretch Where a name may stand. */

  const FONT = "italic 12px 'mapcore Sans', sans-serif";
  // Pixels between the points of a river, between it and its name, and by how much it may bend along the name.
  const [STEP, OFF, BEND] = [6, 9, 6];
  // The zoom from which rivers of each rank are named.
  const NAMED_FROM = [Infinity, 5.5, 7, 8];
  /** @type {Promise<void> | null} */
  let coming = null;
  /** @type {L.Map} */
  let map;
  /** @type {River[]} */
  let rivers = [];
  /** @type {L.LayerGroup | null} */
  let names = null;

  /**
   * @param {L.Map} drawnOn
   * @param {string} url
   */
  async function draw(drawnOn, url) {
    const found = await mapcoreLoading.load(url);
    map = drawnOn;
    rivers = found.features.map((/** @type {any} */ { properties, geometry }) => ({
      ...properties,
      lines: L.GeoJSON.coordsToLatLngs(geometry.coordinates, 1),
    }));
    L.geoJSON(found, {
      ...mapcorePanes.within("water"),
      interactive: false,
      style: (river) => ({ className: `river river-${river?.properties.rank}`, fill: false }),
    }).addTo(map);
    names = L.layerGroup().addTo(map);
    document.documentElement.dataset.rivers = String(rivers.length);
    mapcoreNames.renew();
  }

  /**
   * Points along a line, a step apart.
   *
   * @param {Point[]} line
   */
  function stepped(line) {
    /** @type {Point[]} */
    const points = [];
    let left = 0;
    for (let index = 1; index < line.length; index += 1) {
      const [from, to] = [line[index - 1], line[index]];
      const length = Math.hypot(to.x - from.x, to.y - from.y);
      for (; left <= length && length; left += STEP) {
        points.push({ x: from.x + ((to.x - from.x) * left) / length, y: from.y + ((to.y - from.y) * left) / length });
      }
      left -= length;
    }
    return points;
  }

  /**
   * Where along a river a name of some width could stand: above a stretch that hardly bends.
   *
   * @param {Point[]} points A step apart.
   * @param {number} width
   * @returns {Stretch[]}
   */
  function stretches(points, width) {
    const count = Math.ceil(width / STEP) + 1;
    const found = [];
    for (let first = 0; first + count < points.length; first += 3) {
      const [from, to] = [points[first], points[first + count]];
      const chord = Math.hypot(to.x - from.x, to.y - from.y);
      if (chord < width * 0.9) continue;
      const [across, down] = [(to.x - from.x) / chord, (to.y - from.y) / chord];
      const apart = points
        .slice(first, first + count)
        .map((point) => (point.y - from.y) * across - (point.x - from.x) * down);
      const bend = Math.max(...apart) - Math.min(...apart);
      if (bend > BEND) continue;
      // Read from left to right, over the river's highest point along it.
      const way = across < 0 ? -1 : 1;
      const off = way > 0 ? Math.min(...apart) - OFF : Math.max(...apart) + OFF;
      const at = (/** @type {number} */ along) => ({
        x: from.x + across * along - down * off,
        y: from.y + down * along + across * off,
      });
      const boxes = Array.from({ length: count }, (_, step) => at((chord * step) / (count - 1))).map(({ x, y }) => ({
        left: x - 4,
        right: x + 4,
        top: y - 6,
        bottom: y + 6,
      }));
      const angle = (Math.atan2(down * way, across * way) * 180) / Math.PI;
      found.push({ middle: at(chord / 2), angle, bend, boxes });
    }
    return found;
  }

  /**
   * @param {River} river
   * @param {{ isFree: (box: Box) => boolean, take: (box: Box) => void }} room
   */
  function name(river, room) {
    const [size, seen] = [map.getSize(), map.getBounds().pad(0.1)];
    const width = mapcoreNames.width(river.name, FONT);
    /** @param {Box} box */
    const inside = ({ left, right, top, bottom }) => left > 8 && top > 8 && right < size.x - 8 && bottom < size.y - 24;
    const middle = size.divideBy(2);
    const found = river.lines
      .flatMap((line) => parts(line, seen))
      .flatMap((line) => stretches(stepped(line.map((place) => map.latLngToContainerPoint(place))), width))
      .filter(({ boxes }) => boxes.every((box) => inside(box) && !mapcoreFront.covered(box) && room.isFree(box)))
      .map((one) => ({ ...one, far: 4 * one.bend + 0.05 * middle.distanceTo(L.point(one.middle.x, one.middle.y)) }))
      .sort((one, other) => one.far - other.far)[0];
    if (!found) return;
    found.boxes.forEach((box) => room.take(box));
    const written = document.createElement("span");
    written.textContent = river.name;
    written.style.transform = `translate(-50%, -50%) rotate(${found.angle.toFixed(1)}deg)`;
    const icon = L.divIcon({ className: "river-name", html: written, iconSize: undefined });
    const at = map.containerPointToLatLng(L.point(found.middle.x, found.middle.y));
    names?.addLayer(L.marker(at, { icon, interactive: false, keyboard: false, pane: "labels" }));
  }

  /**
   * The parts of a line that are in sight.
   *
   * @param {L.LatLng[]} line
   * @param {L.LatLngBounds} seen
   */
  function parts(line, seen) {
    /** @type {L.LatLng[][]} */
    const found = [];
    let isOpen = false;
    for (const place of line) {
      const isSeen = seen.contains(place);
      if (isSeen && !isOpen) found.push([]);
      if (isSeen) found[found.length - 1].push(place);
      isOpen = isSeen;
    }
    return found;
  }

  /** @param {{ isFree: (box: Box) => boolean, take: (box: Box) => void }} room */
  function write(room) {
    if (!names) return;
    names.clearLayers();
    const zoom = map.getZoom();
    for (const river of rivers) if (zoom >= NAMED_FROM[river.rank]) name(river, room);
  }

  /**
   * @param {L.Map} drawnOn
   * @param {string | undefined} url Nothing where a page has none.
   */
  function show(drawnOn, url) {
    if (!url || coming) return;
    // A later choice asks again where they could not be had.
    coming = draw(drawnOn, url).catch(() => void (coming = null));
  }

  return { show, write, stepped, stretches };
})();
