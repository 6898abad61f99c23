// @ts-check
// On paper a map has a size of its own, and is drawn for it: a browser lays a frame out anew for the paper, but runs no
// script then, and the map would be cut or half empty.
var mapcorePrint = (() => {
  "use strict";

  // In pixels, narrower than the paper of both A4 and Letter; two maps side by side share it.
  const WHOLE = { wide: 680, high: 420 };
  const HALF = { wide: 332, high: 230 };

  function isBesideAnother() {
    try {
      return Boolean(window.frameElement?.closest(".st-key-sides"));
    } catch {
      return false;
    }
  }

  /** @param {L.Map} map */
  function start(map) {
    const { style } = map.getContainer();
    /** @type {{ home: boolean, centre: L.LatLng, zoom: number } | null} */
    let before = null;

    function fit() {
      if (before) return;
      const { wide, high } = isBesideAnother() ? HALF : WHOLE;
      const size = map.getSize();
      before = { home: !mapcoreView.place(), centre: map.getCenter(), zoom: map.getZoom() };
      if (!size.x || !size.y) return;
      style.setProperty("width", `${wide}px`, "important");
      style.setProperty("height", `${high}px`, "important");
      map.invalidateSize({ animate: false, pan: false });
      if (before.home) return;
      const closer = Math.log2(Math.min(wide / size.x, high / size.y));
      map.setView(before.centre, Math.floor((before.zoom + closer) * 4) / 4, { animate: false });
    }

    function restore() {
      if (!before) return;
      style.removeProperty("width");
      style.removeProperty("height");
      map.invalidateSize({ animate: false, pan: false });
      if (before.home) {
        mapcoreView.forget();
        // The screen's own size comes with the next layout.
        setTimeout(mapcoreView.forget, 300);
      } else {
        map.setView(before.centre, before.zoom, { animate: false });
      }
      before = null;
    }

    window.addEventListener("beforeprint", fit);
    window.addEventListener("afterprint", restore);
    window.matchMedia("print").addEventListener("change", ({ matches }) => (matches ? fit() : restore()));
  }

  return { start };
})();
