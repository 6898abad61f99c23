// @ts-check
// A reader who passes by the map is not caught in it: one finger scrolls the page and two move the map; the wheel scrolls
// the page too, and enlarges the map with Ctrl (on a Mac with the command key). The map says so while one finger or the
// wheel alone is on it.
/*! Leaflet.GestureHandling does it: (c) 2018 elmarquis, MIT licence */
var mapcoreGestures = (() => {
  "use strict";

  /**
   * @param {L.Map} map
   * @param {{ two_fingers: string, ctrl_wheel: string, command_wheel: string }} words
   */
  function start(map, words) {
    const box = map.getContainer();
    const text = { touch: words.two_fingers, scroll: words.ctrl_wheel, scrollMac: words.command_wheel };
    const first = { capture: true, passive: true };
    map.options.gestureHandlingOptions = { text, duration: 1200 };
    // A tap counts as a mouse over the map, after which the plugin would let the next finger move it.
    box.addEventListener("touchstart", ({ touches }) => touches.length === 1 && map.dragging.disable(), first);
    // The plugin hears of a mouse when the map does, which Leaflet tells of the shape instead where one lies under it: a
    // map that is full of shapes would not be moved by the mouse.
    box.addEventListener("pointerdown", ({ pointerType }) => pointerType !== "touch" && map.dragging.enable(), first);
    map.gestureHandling.enable();
  }

  return { start };
})();
