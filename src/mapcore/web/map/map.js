// @ts-check
// The map's own script: a base that never changes, and the zones of one proposal that are exchanged on it.
// Python calls mapcore.start once and mapcore.show at each choice; geometry is fetched by address. What the map says
// itself comes with mapcore.start, in the reader's language.
var mapcore = (() => {
  "use strict";

  /**
   * @typedef {object} Start
   * @property {string} url Of the base.
   * @property {Paint[]} statuses How each status is filled.
   * @property {MapWords} words What the map says.
   * @property {Record<string, { digits: number }>} place How a link writes each part of a place.
   * @property {(url: string) => Promise<any>} [content] The content of a page that has no server behind it.
   * @property {(zone: string) => void} [chosen] What such a page does when a zone is chosen.
   */
  /**
   * @typedef {object} Show
   * @property {string} shapes Address of the shapes.
   * @property {string} words Address of status and tooltip of each piece.
   * @property {string} name What is shown.
   * @property {string} [title]
   * @property {string} theme
   * @property {string} zone The zone to mark, or nothing.
   * @property {{ url: string, attribution: string } | null} tiles
   * @property {string} attribution
   * @property {string} [places]
   * @property {string} [overlay]
   * @property {FoundOnMap | null} [found] The settlement that was searched for.
   * @property {any} [draw] Words of the buttons with which the viewer draws.
   */

  /** @typedef {L.Polygon & { feature: { id: string } }} Zone */

  /** @type {Record<string, string>} */
  const LINES = {
    line: "contact-line",
    casing: "contact-casing",
    earlier: "contact-earlier",
    contested: "contested-land",
  };
  const page = document.documentElement.dataset;
  /** @type {L.Map} */
  let map;
  let baseUrl = "";
  /** @type {((zone: string) => void) | undefined} */
  let chosen;
  let clicks = 0;
  const shown = {
    wanted: "",
    shapes: "",
    zone: "",
    attribution: "",
    zones: /** @type {L.GeoJSON | null} */ (null),
    lines: /** @type {L.GeoJSON | null} */ (null),
    tiles: /** @type {L.TileLayer | null} */ (null),
    tilesFrom: "",
  };

  /** @param {MapWords} words */
  function speak(words) {
    const box = map.getContainer();
    document.documentElement.lang = words.lang;
    box.dataset.noTiles = words.no_tiles;
    for (const [way, title] of Object.entries({ in: words.zoom_in, out: words.zoom_out })) {
      const button = box.querySelector(`.leaflet-control-zoom-${way}`);
      button?.setAttribute("title", title);
      button?.setAttribute("aria-label", title);
    }
    mapcoreScale.add(map, words);
  }

  /**
   * What lies under and over every proposal.
   *
   * @param {string} url
   */
  async function showBase(url) {
    const base = await mapcoreLoading.load(url);
    for (const [name, pane] of Object.entries({
      context: "base",
      outlines: "base",
      coast: "border",
      border: "border",
    })) {
      const style = () => ({ className: `base-${name}`, fill: pane === "base" });
      L.geoJSON(base[name], { ...mapcorePanes.within(pane), interactive: false, style }).addTo(map);
    }
    mapcoreLabels.add(base.places);
    mapcoreLocator.draw(base.outlines);
  }

  // What no view waits for comes once its zones are drawn.
  async function showLater() {
    const { later } = await mapcoreLoading.load(baseUrl);
    mapcoreTowns.start(map, later?.towns);
    mapcoreRivers.show(map, later?.rivers);
    mapcoreNames.start(map);
  }

  /**
   * @param {L.Map} started
   * @param {Start} options
   */
  function start(started, options) {
    map = started;
    if (options.content) mapcoreLoading.use(options.content);
    chosen = options.chosen;
    const box = map.getContainer();
    // Leaflet focuses the map at each press; the page must not scroll then, or the release hits another zone.
    box.focus = () => HTMLElement.prototype.focus.call(box, { preventScroll: true });
    map.attributionControl.setPrefix('<a href="https://leafletjs.com" target="_blank" rel="noopener">Leaflet</a>');
    mapcoreAccess.start(map, options.words);
    mapcoreGestures.start(map, options.words);
    mapcorePrint.start(map);
    mapcorePaint.add(options.statuses);
    mapcorePanes.start(map);
    baseUrl = options.url;
    showBase(baseUrl);
    mapcoreMarks.start(map);
    mapcoreFound.start(map);
    speak(options.words);
    mapcoreBand.start(map, options.words);
    mapcoreView.start(map, options.place, !options.content);
    mapcoreLocator.start(map, options.words);
    mapcoreLabels.start(map, { ...mapcoreFront, arranged: mapcoreNames.renew });
  }

  /** @param {(layer: Zone) => void} work */
  function eachZone(work) {
    shown.zones?.eachLayer((layer) => work(/** @type {Zone} */ (layer)));
  }

  function mark() {
    if (!shown.zones) return;
    eachZone((layer) => {
      const isChosen = Boolean(shown.zone) && layer.feature.id.startsWith(shown.zone);
      layer.getElement()?.classList.toggle("chosen", isChosen);
      if (isChosen) layer.bringToFront();
    });
    mapcoreAccess.pieces(shown.zones);
  }

  /** @param {{ target: { feature: { id: string } } }} event */
  function choose({ target }) {
    const [zone] = target.feature.id.split("#");
    chosen?.(zone);
    const data = window.__GLOBAL_DATA__;
    if (!data) return;
    // What streamlit-folium sends to Python, a moment later; it writes the shape itself there, which is the same at each
    // click and so no news: this is written after it.
    const drawing = { id: zone, click: ++clicks };
    queueMicrotask(() => (data.last_active_drawing = drawing));
  }

  /** @param {GeoJSON.FeatureCollection} collection */
  function drawn(collection) {
    const isLine = (/** @type {GeoJSON.Feature} */ feature) => Boolean(LINES[String(feature.id)]);
    const zones = L.geoJSON(collection, {
      ...mapcorePanes.within("zones"),
      filter: (feature) => !isLine(feature),
      style: () => ({ className: "zone" }),
      onEachFeature: (_, layer) => {
        layer.bindTooltip("", { sticky: true, className: "zone-tip" });
        layer.on("click", choose);
      },
    });
    const lines = L.geoJSON(collection, {
      ...mapcorePanes.within("line"),
      filter: isLine,
      interactive: false,
      style: (feature) => ({ className: LINES[String(feature?.id)] }),
    });
    return { zones, lines };
  }

  /**
   * Status and tooltip of each zone; what is on the map already keeps its shapes.
   *
   * @param {Record<string, { status: string, tip: string, style?: Paint }>} words They may bring colours of their own.
   */
  function paint(words) {
    eachZone((layer) => {
      const word = words[layer.feature.id];
      if (!word) return;
      if (word.style) mapcorePaint.add([word.style]);
      layer.getElement()?.setAttribute("class", `zone zone-${word.status} leaflet-interactive`);
      layer.setTooltipContent(word.tip);
    });
  }

  /** @param {Show["tiles"]} tiles */
  function useTiles(tiles) {
    const url = tiles ? tiles.url : "";
    page.tiles = url ? "on" : "off";
    if (url === shown.tilesFrom) return;
    shown.tilesFrom = url;
    shown.tiles?.remove();
    shown.tiles = null;
    if (!tiles) return;
    shown.tiles = L.tileLayer(url, { attribution: tiles.attribution, maxZoom: 12, pane: "tilePane" });
    shown.tiles.once("tileerror", () => (page.tiles = "failed"));
    shown.tiles.addTo(map);
  }

  /** @param {string} text */
  function credit(text) {
    if (shown.attribution === text) return;
    if (shown.attribution) map.attributionControl.removeAttribution(shown.attribution);
    map.attributionControl.addAttribution(text);
    shown.attribution = text;
  }

  /**
   * Most proposals give other words to the same shapes. Shapes that are on the map stay until the next are at hand, so
   * that nothing blinks.
   *
   * @param {Show} options
   */
  async function exchange({ shapes, words, name }) {
    const wanted = shapes + words;
    if (shown.wanted === wanted) {
      mark();
      return;
    }
    shown.wanted = wanted;
    const [shape, word] = await Promise.all([mapcoreLoading.load(shapes), mapcoreLoading.load(words)]);
    if (shown.wanted !== wanted) return;
    if (shown.shapes !== shapes) {
      const before = [shown.zones, shown.lines];
      Object.assign(shown, drawn(shape));
      shown.zones?.addTo(map);
      if (shown.lines) mapcoreFront.follow(map, shown.lines.addTo(map));
      mapcoreLabels.arrange();
      mapcoreBand.follow(shape);
      before.forEach((layer) => layer?.remove());
      shown.shapes = shapes;
    }
    paint(word);
    mark();
    page.shown = name;
    showLater();
  }

  /** @param {Show & MapPlaceWanted} options */
  function show(options) {
    shown.zone = options.zone;
    mapcoreView.show(options);
    // Where a narrow map is drawn on, that corner is left to the buttons.
    mapcoreLocator.show(Boolean(options.fit) && !(options.draw && map.getSize().x < 500));
    // What is searched for is looked at, wherever the map was moved to before.
    if (mapcoreFound.show(options.found || null)) mapcoreView.look();
    mapcoreTogether.join(map, options.channel, Boolean(options.writes));
    page.theme = options.theme;
    mapcoreAccess.name(options.title);
    useTiles(options.tiles);
    window.mapcoreDraw?.(map, options.draw);
    credit(options.attribution);
    mapcoreMarks.show(options.places || "", options.overlay || "");
    exchange(options);
  }

  return { start, show, place: mapcoreView.place };
})();
