// @ts-check
// Where in Ukraine the map is: a small country in the corner with the part that is shown. A press shows the whole country,
// another one goes back to what the page is about.
var mapcoreLocator = (() => {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  // Pixels of this zoom level are the units of the small country.
  const ZOOM = 3;
  /** @type {L.Map} */
  let map;
  /** @type {HTMLButtonElement} */
  let button;
  /** @type {Record<"whole" | "closer", string>} */
  let words;
  /** @type {SVGElement} */
  let drawing;

  /**
   * @param {string} name
   * @param {Record<string, string>} attributes
   */
  function shape(name, attributes) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  /**
   * @param {L.Map} drawnOn
   * @param {Record<"whole" | "closer", string>} said
   */
  function start(drawnOn, said) {
    [map, words] = [drawnOn, said];
    const corner = new L.Control({ position: "topright" });
    corner.onAdd = () => {
      button = L.DomUtil.create("button", "locator");
      button.type = "button";
      drawing = shape("svg", { "aria-hidden": "true" });
      button.append(drawing, document.createElement("span"));
      button.hidden = true;
      L.DomEvent.disableClickPropagation(button);
      button.addEventListener("click", () => mapcoreView.turn());
      return button;
    };
    corner.addTo(map);
    map.on("moveend resize", mark);
  }

  /** @param {GeoJSON.FeatureCollection} outlines Of the country. */
  function draw(outlines) {
    const points = (/** @type {GeoJSON.Position[]} */ ring) =>
      ring.map(([lon, lat]) => map.project([lat, lon], ZOOM)).map(({ x, y }) => `${x.toFixed(2)} ${y.toFixed(2)}`);
    const rings = outlines.features.flatMap(({ geometry }) => {
      if (geometry.type === "Polygon") return geometry.coordinates;
      return geometry.type === "MultiPolygon" ? geometry.coordinates.flat() : [];
    });
    const path = shape("path", {
      class: "locator-land",
      d: rings.map((ring) => `M${points(ring).join("L")}z`).join(""),
    });
    drawing.replaceChildren(path, shape("rect", { class: "locator-part" }));
    const [[south, west], [north, east]] = mapcoreHome.UKRAINE;
    const [least, most] = [map.project([north, west], ZOOM), map.project([south, east], ZOOM)];
    drawing.setAttribute("viewBox", `${least.x} ${least.y} ${most.x - least.x} ${most.y - least.y}`);
    mark();
  }

  function mark() {
    const part = drawing.querySelector("rect");
    const said = mapcoreView.isWhole() ? words.closer : words.whole;
    /** @type {HTMLElement} */ (button.querySelector("span")).textContent = said;
    if (!part) return;
    const { min, max } = map.getPixelBounds();
    if (!min || !max) return;
    const [least, most] = [min, max].map((corner) => map.project(map.unproject(corner), ZOOM));
    const box = { x: least.x, y: least.y, width: most.x - least.x, height: most.y - least.y };
    for (const [key, value] of Object.entries(box)) part.setAttribute(key, value.toFixed(2));
  }

  /** @param {boolean} isAbout Whether the map is about a part of the country. */
  function show(isAbout) {
    button.hidden = !isAbout;
    mark();
  }

  return { start, draw, show };
})();
