// @ts-check
// What the map shows comes by address, once each; a page with no server behind it hands over its content itself.
var mapcoreLoading = (() => {
  "use strict";

  /** @typedef {(url: string) => Promise<any>} Get */

  /** @type {Record<string, Promise<any>>} */
  const loaded = {};
  /** @type {Get} */
  let get = (url) => (url.startsWith("gzip:") ? unpacked(url.slice(5)) : fetched(url, 3));

  /**
   * What belongs to one visitor has no address that another could ask for: it comes in the address itself.
   *
   * @param {string} text Packed JSON in base 64.
   */
  function unpacked(text) {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).json();
  }

  /**
   * A request that is lost on its way must not leave the map blank: it is made again, a second later.
   *
   * @param {string} url
   * @param {number} more How many times it may be made again.
   * @returns {Promise<any>}
   */
  async function fetched(url, more) {
    try {
      const reply = await fetch(url);
      if (!reply.ok) throw new Error(`${url}: ${reply.status}`);
      return await reply.json();
    } catch (problem) {
      if (!more) throw problem;
      await new Promise((wait) => setTimeout(wait, 1000));
      return fetched(url, more - 1);
    }
  }

  /**
   * Content by its address; what could not be had is asked for again the next time.
   *
   * @param {string} url
   */
  function load(url) {
    if (!loaded[url]) {
      loaded[url] = get(url);
      loaded[url].catch(() => delete loaded[url]);
    }
    return loaded[url];
  }

  /** @param {Get} source Takes the place of the network. */
  function use(source) {
    get = source;
  }

  return { load, use };
})();
