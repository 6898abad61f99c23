// @ts-check
// The search for a settlement on a page without a server: its names and what becomes of it come when they are needed.
/**
 * @typedef {object} ShownTown
 * @property {MapTown} [map] What the map shows of it.
 * @property {string} [none] What is said where no settlement has a name like the one asked for.
 */

var mapcoreTown = (() => {
  "use strict";

  /** @type {PlaceBoxWords} */
  let words;
  let lang = "";
  /** @type {Proposal[]} */
  let proposals = [];
  /** @type {(key: string) => void} */
  let choose;
  /** @type {Promise<ReturnType<typeof mapcorePlaces.open>> | null} */
  let open = null;

  async function names() {
    open ??= mapcoreContent.get("names").then(mapcorePlaces.open);
    return open;
  }

  /** @param {string} chosen The name that stands in the box. */
  function box(chosen) {
    const within = /** @type {HTMLElement} */ (document.getElementById("find"));
    mapcorePlaceBox.attach({ within, words, lang, chosen, load: async () => (await names()).index, choose });
  }

  /**
   * Whether the proposal of a view is shown otherwise than in the cards.
   *
   * @param {View} view
   */
  function isSet({ chosen, parameters }) {
    const known = Object.entries(mapcoreLink.parametersOf(proposals, chosen.proposal));
    return known.some(([name, one]) => parameters[name] !== one.default);
  }

  /**
   * Show the card of the settlement that a view names, by what links call it or in words; the view has the former then.
   *
   * @param {View} view
   * @returns {Promise<ShownTown>}
   */
  async function show(view) {
    const asked = view.town;
    const card = /** @type {HTMLElement} */ (document.getElementById("town"));
    const searched = asked ? await names() : null;
    // Another one was chosen meanwhile.
    if (view.town !== asked) return show(view);
    const row = searched ? searched.row(asked) : -1;
    if (!searched || row < 0) {
      card.replaceChildren();
      box("");
      view.town = "";
      return asked ? { none: words.none } : {};
    }
    const [fates, said] = await Promise.all(["fates", `${lang}/cards`].map(mapcoreContent.get));
    const known = { index: searched.index, fates, words: said, lang };
    const { html, key, map } = mapcoreCard.card(known, row, view.chosen.proposal);
    view.town = key;
    // Escaped where it was made.
    card.innerHTML = html;
    if (isSet(view)) card.firstElementChild?.append(mapcoreElements.paragraph(said.defaults));
    box(map.found.name);
    return { map };
  }

  /**
   * @param {PlaceBoxWords} spoken
   * @param {string} language
   * @param {Proposal[]} offered
   * @param {(key: string) => void} chosen
   */
  function start(spoken, language, offered, chosen) {
    [words, lang, proposals, choose] = [spoken, language, offered, chosen];
    box("");
  }

  return { start, show };
})();
