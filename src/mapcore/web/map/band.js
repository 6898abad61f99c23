// @ts-check
// How far the line of contact may be from where it is drawn: a band around it, twice the line's error wide, once the map is
// close enough for it to be seen, with its words in a corner.
var mapcoreBand = (() => {
  "use strict";

  const FIRST_ZOOM = 8;
  /** @type {L.Map} */
  let map;
  let words = "";
  let unit = "";
  let metres = 0;
  /** @type {L.GeoJSON | null} */
  let band = null;
  /** @type {HTMLElement} */
  let key;

  // Across the middle of the frame; towards its edges the projection differs by a few per cent.
  function width() {
    const middle = map.getSize().y / 2;
    const [from, to] = [0, 100].map((x) => map.containerPointToLatLng([x, middle]));
    return (2 * metres * 100) / map.distance(from, to);
  }

  function draw() {
    const isShown = Boolean(band) && metres > 0 && map.getZoom() >= FIRST_ZOOM;
    key.hidden = !isShown;
    if (!band) return;
    if (isShown) band.setStyle({ weight: width() }).addTo(map);
    else band.remove();
  }

  /**
   * @param {GeoJSON.FeatureCollection} shapes Of what is shown, with the line and its error.
   */
  function follow(shapes) {
    band?.remove();
    const line = shapes.features.find(({ id }) => id === "line");
    metres = 1000 * Number(line?.properties?.error_km || 0);
    const style = () => ({ className: "error-band", fill: false });
    band = line ? L.geoJSON(line, { ...mapcorePanes.within("band"), interactive: false, style }) : null;
    /** @type {HTMLElement} */ (key.lastChild).textContent = words.replace("{}", `${metres / 1000}\u00a0${unit}`);
    draw();
  }

  /**
   * @param {L.Map} drawnOn
   * @param {MapWords} said
   */
  function start(drawnOn, said) {
    [map, words, unit] = [drawnOn, said.band, said.km];
    const corner = new L.Control({ position: "bottomright" });
    corner.onAdd = () => {
      key = L.DomUtil.create("div", "band-key");
      key.append(document.createElement("i"), document.createElement("span"));
      key.hidden = true;
      return key;
    };
    corner.addTo(map);
    map.on("zoomend resize", draw);
  }

  return { start, follow };
})();
