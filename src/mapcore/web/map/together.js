// @ts-check
// Frames of one page share a channel, on which the one that the viewer moves leads and the others follow; a frame that
// follows says nothing, so that no movement comes back. Zoom is told against each frame's own home, so that frames of
// different sizes show the same land.
var mapcoreTogether = (() => {
  "use strict";

  /** @typedef {{ home: boolean, whole: boolean, animate: boolean, lat: number, lng: number, closer: number }} Place */

  /** @type {BroadcastChannel | null} */
  let channel = null;
  let leads = false;
  /** @type {Place | null} Where to go once the zoom's animation is over. */
  let pending = null;

  /**
   * @param {L.LatLng} centre
   * @param {number} zoom
   * @param {boolean} animate
   */
  function tell(centre, zoom, animate) {
    if (!channel || !leads || !mapcoreView.isSettled()) return;
    const home = !animate && mapcoreView.isAtHome();
    const [whole, closer] = [mapcoreView.isWhole(), mapcoreView.closer(zoom)];
    channel.postMessage({ home, whole, animate, lat: centre.lat, lng: centre.lng, closer });
  }

  /** @param {Place} place */
  function follow(place) {
    leads = false;
    pending = mapcoreView.isZooming() ? place : null;
    if (!pending) mapcoreView.follow(place);
  }

  /**
   * @param {L.Map} map
   * @param {string | undefined} name Of the channel; nothing for a frame that is alone.
   * @param {boolean} first Whether it leads at first.
   */
  function join(map, name, first) {
    if (channel || !name) return;
    const tellPlace = () => tell(map.getCenter(), map.getZoom(), false);
    leads = first;
    channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => (data === "where" ? tellPlace() : follow(data));
    for (const input of ["pointerdown", "wheel", "keydown"]) {
      const lead = () => {
        leads = true;
        pending = null;
      };
      map.getContainer().addEventListener(input, lead, { capture: true, passive: true });
    }
    map.on("move", tellPlace);
    map.on("zoomanim", ({ center, zoom }) => tell(center, zoom, true));
    map.on("moveend", () => pending && follow(pending));
    if (leads) tellPlace();
    else channel.postMessage("where");
  }

  return { join };
})();
