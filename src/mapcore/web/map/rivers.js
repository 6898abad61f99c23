// @ts-check
// Rivers, thin and quiet over the zones' fills and under the line of contact. They come once the zones are drawn.
var mapcoreRivers = (() => {
  "use strict";

  /** @type {Promise<void> | null} */
  let coming = null;

  /**
   * @param {L.Map} map
   * @param {string} url
   */
  async function draw(map, url) {
    const rivers = await mapcoreLoading.load(url);
    L.geoJSON(rivers, {
      ...mapcorePanes.within("water"),
      interactive: false,
      style: (river) => ({ className: `river river-${river?.properties.rank}`, fill: false }),
    }).addTo(map);
    document.documentElement.dataset.rivers = String(rivers.features.length);
  }

  /**
   * @param {L.Map} map
   * @param {string | undefined} url Nothing where a page has none.
   */
  function show(map, url) {
    if (!url || coming) return;
    // A later choice asks again where they could not be had.
    coming = draw(map, url).catch(() => void (coming = null));
  }

  return { show };
})();
