// @ts-check
// How like one name is to another, from 0 to 1, as `SequenceMatcher.ratio` of Python's difflib has it.
var mapcoreAlike = (() => {
  "use strict";

  /**
   * Where the longest run of letters stands that two stretches share: of several the earliest in the first, then the
   * earliest in the second.
   *
   * @param {string} one
   * @param {string} other
   * @param {[number, number, number, number]} within From and to in the first, from and to in the second.
   */
  function longest(one, other, [low, high, from, to]) {
    let [at, there, length] = [low, from, 0];
    /** @type {Record<number, number>} Lengths of runs that end at the letter before, by their end in the second. */
    let ending = {};
    for (let i = low; i < high; i += 1) {
      /** @type {Record<number, number>} */
      const next = {};
      for (let j = from; j < to; j += 1) {
        if (one[i] !== other[j]) continue;
        const run = (next[j] = (ending[j - 1] ?? 0) + 1);
        if (run > length) [at, there, length] = [i - run + 1, j - run + 1, run];
      }
      ending = next;
    }
    return { at, there, length };
  }

  /**
   * @param {string} one
   * @param {string} other
   */
  function matching(one, other) {
    let sum = 0;
    /** @type {[number, number, number, number][]} */
    const left = [[0, one.length, 0, other.length]];
    for (let within = left.pop(); within; within = left.pop()) {
      const [low, high, from, to] = within;
      const { at, there, length } = longest(one, other, within);
      if (!length) continue;
      sum += length;
      left.push([low, at, from, there], [at + length, high, there + length, to]);
    }
    return sum;
  }

  /** @param {string} text */
  function counted(text) {
    /** @type {Map<string, number>} */
    const letters = new Map();
    for (const letter of text) letters.set(letter, (letters.get(letter) ?? 0) + 1);
    return letters;
  }

  /**
   * @param {string} wanted
   * @param {number} least What is less than this is 0.
   * @returns {(name: string) => number}
   */
  function to(wanted, least) {
    const letters = counted(wanted);
    return (name) => {
      const length = name.length + wanted.length;
      if (!length || (2 * Math.min(name.length, wanted.length)) / length < least) return length ? 0 : 1;
      let shared = 0;
      for (const [letter, count] of counted(name)) shared += Math.min(count, letters.get(letter) ?? 0);
      if ((2 * shared) / length < least) return 0;
      const ratio = (2 * matching(name, wanted)) / length;
      return ratio >= least ? ratio : 0;
    };
  }

  return { to };
})();
