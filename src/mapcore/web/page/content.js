// @ts-check
// The content of a page without a server comes as scripts, since a page opened from a disk may not fetch files.
/** @typedef {{ id: string, [key: string]: any }} Piece */
/** @typedef {{ type: "FeatureCollection", features: Piece[] }} Shapes */
/** @typedef {{ differs: string, features: Piece[], gone: string[] }} Difference What differs from other shapes. */

var mapcoreContent = (() => {
  "use strict";

  class MissingError extends Error {}

  /** @type {Map<string, any>} */
  const given = new Map();
  /** @type {Map<string, (content: any) => void>} */
  const waiting = new Map();
  /** @type {Map<string, Promise<any>>} */
  const asked = new Map();

  /**
   * @param {string} key
   * @param {any} content
   */
  function give(key, content) {
    given.set(key, content);
    waiting.get(key)?.(content);
    waiting.delete(key);
  }

  /**
   * @param {string} key
   * @returns {Promise<any>} Refused with a `MissingError` that names the file.
   */
  function get(key) {
    if (given.has(key)) return Promise.resolve(given.get(key));
    const before = asked.get(key);
    if (before) return before;
    const coming = new Promise((resolve, reject) => {
      waiting.set(key, resolve);
      const script = document.createElement("script");
      script.src = `data/${key}.js`;
      script.onerror = () => {
        asked.delete(key);
        reject(new MissingError(`data/${key}.js`));
      };
      document.head.append(script);
    });
    asked.set(key, coming);
    return coming;
  }

  /**
   * Shapes, from others and what differs from them.
   *
   * @param {Difference} found
   * @param {Shapes} before
   * @returns {Shapes}
   */
  function changed({ features, gone }, before) {
    const left = new Set([...gone, ...features.map((feature) => feature.id)]);
    return { type: "FeatureCollection", features: [...features, ...before.features.filter(({ id }) => !left.has(id))] };
  }

  /**
   * @param {string} key
   * @returns {Promise<Shapes>}
   */
  async function shapes(key) {
    const found = await get(key);
    return found.differs ? changed(found, await get(found.differs)) : found;
  }

  return { give, get, shapes, changed, MissingError };
})();
