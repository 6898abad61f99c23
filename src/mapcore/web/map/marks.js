// @ts-check
// What a page lays over the zones: settlements as marks, and a known area to compare with.
var mapcoreMarks = (() => {
  "use strict";

  /**
   * @typedef {object} Place
   * @property {string} name
   * @property {number} lat
   * @property {number} lon
   * @property {number} size Index of `RADII`.
   * @property {string} fate
   * @property {number} rank How early its name is written beside it, 1 first; 0 for never.
   * @property {string[]} tip
   */

  // Radius of a place's mark by its size, and nothing else: Python decides which place has which.
  const RADII = [13, 10, 7.5, 5.5, 4, 2.8];
  /** @type {L.Map} */
  let map;
  const shown = {
    places: { url: "", layer: /** @type {L.Layer | null} */ (null) },
    overlay: { url: "", layer: /** @type {L.Layer | null} */ (null) },
  };

  /**
   * The lines of a tooltip as text nodes: names never become markup.
   *
   * @param {string[]} texts
   */
  function lines(texts) {
    const tip = document.createElement("div");
    texts.forEach((text, index) => {
      const line = document.createElement(index ? "div" : "b");
      line.textContent = text;
      tip.append(line);
    });
    return tip;
  }

  /** @param {Place} place */
  function mark(place) {
    const radius = RADII[place.size];
    const drawn = L.circleMarker([place.lat, place.lon], {
      ...mapcorePanes.within("marks"),
      radius,
      className: `mark mark-${place.fate}`,
    });
    // Leaflet makes whatever has a tooltip a stop of the Tab key, and there are hundreds of marks: each gets its tooltip
    // when the pointer first comes. The tables have their words.
    drawn.once("mouseover", () => {
      drawn
        .bindTooltip(lines(place.tip), { className: "zone-tip", direction: "top", offset: [0, -radius] })
        .openTooltip();
    });
    return drawn;
  }

  /** @param {Place[]} places */
  function drawPlaces(places) {
    const group = L.layerGroup();
    const named = places.filter((place) => place.rank);
    for (const place of places) {
      mark(place).addTo(group);
      if (!place.rank) continue;
      const at = L.latLng(place.lat, place.lon);
      mapcoreLabels.beside(place.name, `place beside rank-${place.rank}`, at, RADII[place.size] + 3).addTo(group);
    }
    exchange(shown.places, group);
    mapcoreLabels.hide(new Set(named.map((place) => place.name)));
    document.documentElement.dataset.places = String(places.length);
  }

  /** @param {{ name: string, shape: GeoJSON.GeoJsonObject } | null} found */
  function drawOverlay(found) {
    exchange(shown.overlay, found && laid(found.name, found.shape));
    document.documentElement.dataset.overlay = found ? found.name : "";
  }

  /**
   * @param {string} name
   * @param {GeoJSON.GeoJsonObject} geojson
   */
  function laid(name, geojson) {
    const style = () => ({ className: "laid-over" });
    const shape = L.geoJSON(geojson, { ...mapcorePanes.within("overlay"), interactive: false, style });
    const edge = shape.getBounds();
    const top = L.latLng(edge.getNorth(), edge.getCenter().lng);
    return L.layerGroup([shape, mapcoreLabels.beside(name, "place beside laid-name", top)]);
  }

  /**
   * @param {{ layer: L.Layer | null }} one
   * @param {L.Layer | null} layer
   */
  function exchange(one, layer) {
    one.layer?.remove();
    one.layer = layer && layer.addTo(map);
  }

  /**
   * @param {{ url: string }} one
   * @param {string} url Nothing takes away what is there.
   * @param {any} none What to draw then.
   * @param {(found: any) => void} draw
   */
  async function follow(one, url, none, draw) {
    if (one.url === url) return;
    one.url = url;
    const found = url ? await mapcoreLoading.load(url) : none;
    if (one.url === url) draw(found);
  }

  /**
   * @param {string} places
   * @param {string} overlay
   */
  function show(places, overlay) {
    follow(shown.places, places, [], drawPlaces);
    follow(shown.overlay, overlay, null, drawOverlay);
  }

  /** @param {L.Map} drawnOn */
  function start(drawnOn) {
    map = drawnOn;
  }

  return { start, show };
})();
