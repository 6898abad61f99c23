// @ts-check
// The settlement that a viewer has searched for, marked on the map.
/** @typedef {{ key: string, name: string, lat: number, lon: number }} FoundOnMap */

var mapcoreFound = (() => {
  "use strict";

  /** @type {L.Map} */
  let map;
  /** @type {L.Marker | null} */
  let pin = null;
  /** @type {string | null} Null until the map has shown something. */
  let shown = null;

  /**
   * @param {FoundOnMap | null} place
   * @returns {boolean} Whether another settlement is shown than before, or none any more.
   */
  function show(place) {
    const [key, before] = [place ? place.key + place.name : "", shown];
    if (key === before) return false;
    shown = key;
    pin?.remove();
    pin = null;
    mapcoreLabels.search(place ? place.name : "");
    if (place) {
      const name = document.createElement("span");
      name.textContent = place.name;
      const icon = L.divIcon({ className: "found-pin", html: name, iconSize: undefined });
      pin = L.marker([place.lat, place.lon], { icon, interactive: false, keyboard: false, pane: "found" }).addTo(map);
    }
    return before !== null;
  }

  /** @param {L.Map} drawnOn */
  function start(drawnOn) {
    map = drawnOn;
  }

  return { start, show };
})();
