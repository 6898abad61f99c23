// @ts-check
// Finds settlements by what a person types, as `analysis/place_search.py` does: in a folded form, without what ways of
// writing disagree on. What is folded into what comes with the names, from Python.
/**
 * @typedef {object} Folding
 * @property {Record<string, string>} russian
 * @property {Record<string, string>} letters
 * @property {Record<string, string>} first At the beginning of a word.
 * @property {string} apostrophes
 * @property {[string, string][]} rules
 * @property {number[]} worth What a match is worth in each kind of name.
 * @property {number} beginning
 * @property {number} least
 * @property {number} shortest
 */
/** @typedef {[string, string, string, string, string, string, string, number, number, number, number]} PlaceRow */
/**
 * @typedef {object} PlaceIndex
 * @property {Folding} folding
 * @property {Record<string, Record<string, string>>} oblasts
 * @property {Record<string, Record<string, string>>} raions
 * @property {PlaceRow[]} places
 */
/** @typedef {{ row: number, name: string, plain: string, folded: string, worth: number }} PlaceName */
/**
 * @typedef {object} FoundPlace
 * @property {string} key What links call it.
 * @property {string} uk
 * @property {string} en
 * @property {string} matched The name that is like what was typed.
 * @property {string} oblast
 * @property {string} raion
 * @property {number} population
 * @property {number} lon
 * @property {number} lat
 */

var mapcorePlaces = (() => {
  "use strict";

  const MOST_SIGNS = 60;

  /**
   * A Ukrainian name in Latin letters, as `base/transliteration.py` has it.
   *
   * @param {Folding} folding
   * @param {string} name
   */
  function latinOf({ letters, first, apostrophes }, name) {
    const word = (/** @type {string} */ part) => {
      const low = [...part.replace(new RegExp(apostrophes, "g"), "").toLowerCase()];
      const made = low.map((letter, at) => {
        if (at === 0 && letter in first) return first[letter];
        if (letter === "г" && low[at - 1] === "з") return "gh";
        return letters[letter] ?? letter;
      });
      const whole = made.join("");
      return /^\p{Lu}/u.test(part) ? whole.slice(0, 1).toUpperCase() + whole.slice(1) : whole;
    };
    return name
      .split(/([\s-])/)
      .map(word)
      .join("");
  }

  /**
   * @param {PlaceIndex} index
   */
  function open(index) {
    const { folding, places } = index;
    const { russian, worth, beginning, least, shortest } = folding;
    const rules = folding.rules.map(
      ([pattern, made]) => /** @type {[RegExp, string]} */ ([RegExp(pattern, "g"), made]),
    );

    const latin = (/** @type {string} */ name) => latinOf(folding, name);

    /** @param {string} name */
    function plain(name) {
      const small = [...name.toLowerCase()].map((letter) => russian[letter] ?? letter).join("");
      return latin(small).toLowerCase();
    }

    /** @param {string} name */
    function folded(name) {
      return rules.reduce((bare, [pattern, made]) => bare.replace(pattern, made), plain(name).normalize("NFKD"));
    }

    /** @type {PlaceName[]} */
    const names = [];
    const known = new Set();
    const english = places.map((place) => place[2] || latin(place[1]));
    for (const [kind, value] of worth.entries()) {
      places.forEach((place, row) => {
        const told = [place[1], english[row], place[3], place[4]][kind];
        for (const name of told ? told.split(";") : []) {
          const short = folded(name);
          if (!short || known.has(`${row} ${short}`)) continue;
          known.add(`${row} ${short}`);
          names.push({ row, name, plain: plain(name), folded: short, worth: value });
        }
      });
    }

    /**
     * How likely each settlement is meant, by its row: the best of its names.
     *
     * @param {string} wanted
     * @param {string} oblast
     */
    function likely(wanted, oblast) {
      /** @type {Map<number, { likeness: number, name: PlaceName }>} */
      const best = new Map();
      const alike = mapcoreAlike.to(wanted, least);
      for (const name of names) {
        if (oblast && places[name.row][5] !== oblast) continue;
        let likeness = alike(name.folded) * beginning;
        if (wanted.length >= shortest && name.folded.startsWith(wanted)) likeness = Math.max(likeness, beginning);
        if (name.folded === wanted) likeness = 1;
        if (!likeness) continue;
        likeness *= name.worth;
        if (likeness > (best.get(name.row)?.likeness ?? 0)) best.set(name.row, { likeness, name });
      }
      return best;
    }

    /**
     * The likeliest settlements, of equally likely ones the most populous first.
     *
     * @param {string} text
     * @param {{ limit?: number, oblast?: string }} [asked]
     * @returns {FoundPlace[]}
     */
    function find(text, { limit = 10, oblast = "" } = {}) {
      const wanted = folded(text);
      if (!wanted) return [];
      // Of names that only their ending tells apart, the one that was typed comes first.
      const typed = mapcoreAlike.to(plain(text), least);
      const found = [...likely(wanted, oblast)].map(([row, { likeness, name }]) => ({
        row,
        name,
        order: [-likeness, likeness > beginning ? -typed(name.plain) : 0, -places[row][7], row],
      }));
      found.sort((one, other) => {
        const at = one.order.findIndex((value, place) => value !== other.order[place]);
        return at < 0 ? 0 : one.order[at] - other.order[at];
      });
      return found.slice(0, limit).map(({ row, name }) => told(row, name.name));
    }

    /**
     * @param {number} row
     * @param {string} matched
     * @returns {FoundPlace}
     */
    function told(row, matched) {
      const [key, uk, , , , oblast, raion, population, lon, lat] = places[row];
      return { key, uk, en: english[row], matched, oblast, raion, population, lon, lat };
    }

    /**
     * The row of the settlement that a link means: by what links call it, or by a name like its own; -1 without one.
     *
     * @param {string} text
     */
    function row(text) {
      const called = places.findIndex((place) => place[0] === text || String(place[10]) === text);
      if (called >= 0 || !text) return called;
      const [best] = find(text.slice(0, MOST_SIGNS), { limit: 1 });
      return best ? places.findIndex((place) => place[0] === best.key) : -1;
    }

    return { find, folded, row, index };
  }

  return { open, latin: latinOf };
})();
