// @ts-check
// Where the map is: its home, which is what the page is about or the whole country, the place that a link carries, and the
// frames of one page that follow each other.
/**
 * @typedef {object} MapPlaceWanted
 * @property {string} version The data version, which a link carries.
 * @property {boolean} placed Whether a link names a place, so that the map does not open at its home.
 * @property {L.LatLngBoundsLiteral | null} [fit] What the home shows; the whole country when left out.
 * @property {boolean} [whole] Whether it shows the whole country at first all the same.
 * @property {boolean} [legend] Whether a legend lies over the left of a map that has room for it.
 * @property {boolean} [writes] Whether this frame writes the place into the link, and leads at first.
 * @property {string} [channel] What the frames of one page share.
 */
/** @typedef {{ centre: L.LatLng, zoom: number, closer: number, extent: string }} MapPlaceLeft */

var mapcoreView = (() => {
  "use strict";

  const { EDGE, UKRAINE } = mapcoreHome;
  /** @type {L.Map} */
  let map;
  /** @type {Window | null} The page around the frame, whose address carries the place. */
  let page = null;
  /** @type {Record<string, { digits: number }>} How a link writes each part of a place. */
  let written;
  /** @type {MapHome | null} */
  let home = null;
  /** What the page is about. */
  let subject = UKRAINE;
  let hasLegend = false;
  let version = "";
  let [isShown, isMoved, isRestored, isZooming, isWhole, writes] = [false, false, false, false, false, false];
  // Until the map has gone to the place of its link, which then stays in the address to the digit.
  let isAwaited = false;

  function extent() {
    return isWhole ? UKRAINE : subject;
  }

  function framing() {
    try {
      return window.parent !== window && window.parent.location.search !== undefined ? window.parent : null;
    } catch {
      return null;
    }
  }

  // The place on the map and the data version stand in the page's own address, so that a link carries them;
  // no round trip to the server, and no entry in the history for each pan.
  function write() {
    if (!page || !writes || isZooming || isAwaited || !isSettled()) return;
    const address = new URL(page.location.href);
    const { search, searchParams: query } = address;
    const [centre, zoom, home] = [map.getCenter(), map.getZoom(), isAtHome()];
    page.mapcorePlace = home ? undefined : { centre, zoom, closer: closer(zoom), extent: String(extent()) };
    const told = ["lat", "lon", "zoom"].map((key) => Number(query.get(key)));
    // The pixel by which Leaflet moves a map that is fitted to a new size is no other place.
    const stands = told.every(isFinite) && isAt([told[0], told[1]], told[2]);
    const place = { lat: centre.lat, lon: centre.lng, zoom };
    for (const [key, value] of Object.entries(place)) {
      if (home) query.delete(key);
      else if (!stands)
        query.set(key, String(key === "zoom" ? rounded(value, key) : value.toFixed(written[key].digits)));
    }
    if (home && isWhole && subject !== UKRAINE) query.set("frame", "country");
    else query.delete("frame");
    if (version && !query.get("v")) query.set("v", version);
    if (address.search !== search) page.history.replaceState(page.history.state, "", address);
  }

  /**
   * @param {number} value
   * @param {string} key
   */
  function rounded(value, key) {
    return Number(value.toFixed(written[key].digits));
  }

  function isCramped() {
    return mapcoreHome.isCramped(map.getSize());
  }

  function findHome() {
    if (!home || !isCramped()) home = mapcoreHome.find(map, extent(), hasLegend);
  }

  // Another page of the dashboard may have left a place: its frame is gone, and the server knows only the link.
  function restore() {
    isRestored = !isCramped();
    const left = page?.mapcorePlace;
    if (!left || !home || !isRestored) return;
    const zoom = left.extent === String(extent()) ? home.zoom + left.closer : left.zoom;
    map.setView(left.centre, zoom, { animate: false });
  }

  // False while Leaflet fits the map to a new size: it moves the map first and says so before it tells the size.
  function isSettled() {
    return Boolean(home?.size.equals(map.getSize())) && !isCramped();
  }

  function refit() {
    findHome();
    // First, since a map that is at home forgets what was left.
    if (writes && !isRestored) restore();
    if (!isMoved) goHome();
    write();
  }

  /**
   * All that is on the map is drawn anew for another frame: what a click is answered with, the new colours, is seen before.
   *
   * @param {boolean} atOnce
   */
  function refitAfter(atOnce) {
    if (atOnce) refit();
    else requestAnimationFrame(() => setTimeout(refit));
  }

  function goHome() {
    if (home) map.setView(home.centre, home.zoom, { animate: false });
  }

  /**
   * @param {L.LatLngExpression} centre
   * @param {number} zoom
   */
  function isAt(centre, zoom) {
    const [there, here] = [centre, map.getCenter()].map((place) => map.latLngToContainerPoint(place));
    return Math.abs(map.getZoom() - zoom) < 0.01 && there.distanceTo(here) < 2;
  }

  function isAtHome() {
    return Boolean(home && isAt(home.centre, home.zoom));
  }

  /**
   * How much closer a zoom is than the home's.
   *
   * @param {number} zoom
   */
  function closer(zoom) {
    return zoom - (home?.zoom ?? 0);
  }

  /**
   * Go where another frame is, whose own home may have another zoom.
   *
   * @param {{ home: boolean, whole: boolean, lat: number, lng: number, closer: number, animate: boolean }} place
   */
  function follow(place) {
    if (place.home && isWhole !== place.whole) {
      isWhole = place.whole;
      findHome();
    }
    if (place.home || !home) {
      goHome();
      return;
    }
    const zoom = home.zoom + place.closer;
    map.setView([place.lat, place.lng], zoom, { animate: place.animate && zoom !== map.getZoom() });
  }

  // For a page that keeps its own address: where the map is, null for its home, nothing while it is being fitted.
  function place() {
    if (!isSettled()) return undefined;
    const centre = map.getCenter();
    return isAtHome() ? null : { lat: centre.lat, lon: centre.lng, zoom: map.getZoom() };
  }

  /** @param {MapPlaceWanted} wanted */
  function show(wanted) {
    version = wanted.version;
    if (wanted.placed && !isShown) isMoved = isAwaited = true;
    if (wanted.whole && !isShown) isWhole = true;
    const isFirst = !isShown;
    isShown = true;
    const before = `${extent()} ${hasLegend}`;
    subject = wanted.fit || UKRAINE;
    hasLegend = Boolean(wanted.legend);
    if (`${extent()} ${hasLegend}` !== before) refitAfter(isFirst);
    if (wanted.writes && !writes) restore();
    writes = Boolean(wanted.writes);
    write();
  }

  // From what the page is about to the whole country, and back.
  function turn() {
    isWhole = !(isWhole && isAtHome());
    isMoved = false;
    refit();
  }

  // To what the page is about, wherever the map was moved to.
  function look() {
    isWhole = false;
    forget();
  }

  function forget() {
    isMoved = false;
    refit();
  }

  // The server writes the page's address too, from what it held when a run began. Where a browser does not tell of it, the
  // place is written again with the next run or movement.
  function watchAddress() {
    const gone = new AbortController();
    window.addEventListener("pagehide", () => gone.abort());
    page?.navigation?.addEventListener("currententrychange", () => setTimeout(write), { signal: gone.signal });
  }

  /**
   * @param {L.Map} started
   * @param {Record<string, { digits: number }>} digits
   * @param {boolean} isFramed Whether the page around the frame, and not this one, has the address.
   */
  function start(started, digits, isFramed) {
    map = started;
    written = digits;
    page = isFramed ? framing() : null;
    map.options.maxBounds = L.latLngBounds(EDGE);
    refit();
    map.on("resize", refit);
    // The style that gives a narrow frame its height may come after the map has been measured; and Leaflet says nothing
    // of a size one pixel smaller or larger when the middle keeps its pixel.
    new ResizeObserver(() => {
      map.invalidateSize({ animate: false });
      if (!isSettled()) refit();
    }).observe(map.getContainer());
    // While a zoom is animated the map is between two places.
    map.on("zoomanim", () => (isZooming = true));
    map.on("zoomend", () => (isZooming = false));
    // Leaflet's own setMaxBounds glides back in any case. Such a glide outlives the view that a map is given for a new
    // size, since ending one begins the next, and takes the map away from it.
    map.on("moveend", () => map.panInsideBounds(EDGE, { animate: isSettled() }));
    map.on("moveend", () => {
      isAwaited = false;
      if (isSettled()) isMoved = !isAtHome();
      write();
    });
    watchAddress();
  }

  return {
    start,
    show,
    place,
    follow,
    forget,
    look,
    turn,
    closer,
    isAtHome,
    isSettled,
    isWhole: () => isWhole && isAtHome(),
    isZooming: () => isZooming,
  };
})();
