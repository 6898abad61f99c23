// @ts-check
// A scale with the units in the reader's language.
/** @typedef {Partial<Record<Intl.LDMLPluralRule, string>> & { many: string }} PluralForms */
/** @typedef {{ lang: string, km: string, m: string, mi: PluralForms, ft: PluralForms }} ScaleWords */

var mapcoreScale = (() => {
  "use strict";

  const WIDEST_PX = 100;
  const FEET_PER_METRE = 3.2808399;
  const FEET_PER_MILE = 5280;

  /**
   * The largest round number up to one: 1, 2, 3, 5 or 10 times a power of ten.
   *
   * @param {number} most
   */
  function round(most) {
    const power = 10 ** (Math.floor(most).toString().length - 1);
    return power * ([10, 5, 3, 2].find((step) => most / power >= step) ?? 1);
  }

  /**
   * The two lines of a scale, metric and imperial: their words, and how much of the widest line each takes.
   *
   * @param {number} metres What the widest line stands for.
   * @param {ScaleWords} words
   */
  function lines(metres, words) {
    const feet = metres * FEET_PER_METRE;
    const [short, far] = [round(metres), metres >= 1000];
    const whole = feet > FEET_PER_MILE ? feet / FEET_PER_MILE : feet;
    const forms = feet > FEET_PER_MILE ? words.mi : words.ft;
    const count = round(whole);
    const unit = forms[new Intl.PluralRules(words.lang).select(count)] || forms.many;
    return [
      { text: `${far ? short / 1000 : short}\u00a0${far ? words.km : words.m}`, share: short / metres },
      { text: `${count}\u00a0${unit}`, share: count / whole },
    ];
  }

  /**
   * @param {L.Map} map
   * @param {ScaleWords} words
   */
  function add(map, words) {
    const scale = new L.Control({ position: "bottomright" });
    scale.onAdd = () => {
      const holder = L.DomUtil.create("div", "leaflet-control-scale");
      const drawn = [0, 1].map(() => L.DomUtil.create("div", "leaflet-control-scale-line", holder));
      const draw = () => {
        const middle = map.getSize().y / 2;
        const ends = [0, WIDEST_PX].map((x) => map.containerPointToLatLng([x, middle]));
        lines(map.distance(ends[0], ends[1]), words).forEach(({ text, share }, index) => {
          drawn[index].style.width = `${Math.round(WIDEST_PX * share)}px`;
          drawn[index].textContent = text;
        });
      };
      map.on("move", draw);
      map.whenReady(draw);
      return holder;
    };
    scale.addTo(map);
  }

  return { add, lines, round };
})();
