// @ts-check
// The query string of a page without a server, with the keys of the dashboard's links. Which keys there are, what each
// may hold, what it is when the link says nothing, and what is said when it holds something else, comes from Python.
/**
 * @typedef {object} LinkNumber
 * @property {number} min
 * @property {number} max
 * @property {string} refused What is said of a link with anything else.
 */
/** @typedef {LinkNumber & { digits: number }} LinkPlace */
/** @typedef {LinkNumber & { label: string, unit: string, step: number, default: number }} Parameter */
/** @typedef {{ values: string[], default: string, refused: string }} LinkChoice */
/** @typedef {{ id: string, title: string, parameters: Record<string, Parameter> }} Proposal */
/** @typedef {Record<string, number>} Numbers */
/**
 * @typedef {object} LinkContract
 * @property {Record<string, LinkChoice>} choices In the order in which they are refused.
 * @property {string} number How a number is written, as a pattern.
 * @property {Record<string, LinkPlace>} place Its parts, which only hold together.
 * @property {Numbers} at The place that is shown when a link names none; nothing for the map's home.
 * @property {string} apart What is said when a part is missing.
 * @property {string} version Of the data.
 * @property {string} moved What is said of a link with another version.
 */
/**
 * @typedef {object} View
 * @property {Record<string, string>} chosen By the keys of `LinkContract.choices`.
 * @property {Numbers} parameters Of the proposal.
 * @property {Numbers} place Empty for the map's home.
 * @property {string} town The settlement that was searched for, as links call it or in words; or nothing.
 */

var mapcoreLink = (() => {
  "use strict";

  /**
   * @param {Proposal[]} proposals
   * @param {string} id
   */
  function parametersOf(proposals, id) {
    return proposals.find((one) => one.id === id)?.parameters ?? {};
  }

  /**
   * The nearest step of a parameter.
   *
   * @param {Parameter} parameter
   * @param {number} value
   */
  function stepped({ min, max, step }, value) {
    return Math.min(max, min + Math.round((value - min) / step) * step);
  }

  /**
   * The view of a link, with the default in place of anything unknown or broken, and a sentence for each of these.
   *
   * @param {string} search
   * @param {LinkContract} contract
   * @param {Proposal[]} proposals
   * @returns {{ view: View, notices: string[] }}
   */
  function read(search, contract, proposals) {
    // Of a key that is there twice the last one counts.
    const query = new Map(new URLSearchParams(search));
    /** @type {Set<string>} */
    const notices = new Set();
    const pattern = new RegExp(`^(?:${contract.number})$`);

    /**
     * @param {[string, LinkChoice]} known
     * @returns {[string, string]}
     */
    function choice([key, { values, default: plain, refused }]) {
      const asked = query.get(key);
      if (asked !== undefined && values.includes(asked)) return [key, asked];
      if (asked !== undefined) notices.add(refused);
      return [key, plain];
    }

    /**
     * @param {Record<string, LinkNumber>} known
     * @returns {Numbers}
     */
    function numbers(known) {
      return Object.fromEntries(
        Object.entries(known).flatMap(([key, { min, max, refused }]) => {
          const text = query.get(key);
          if (text === undefined) return [];
          const value = pattern.test(text) ? Number(text) : NaN;
          if (value >= min && value <= max) return [[key, value]];
          notices.add(refused);
          return [];
        }),
      );
    }

    const chosen = Object.fromEntries(Object.entries(contract.choices).map(choice));
    const known = parametersOf(proposals, chosen.proposal);
    const given = numbers(known);
    const parameters = Object.fromEntries(
      Object.entries(known).map(([name, one]) => [name, name in given ? stepped(one, given[name]) : one.default]),
    );
    const parts = Object.keys(contract.place);
    const place = numbers(contract.place);
    const isWhole = parts.every((key) => key in place);
    if (!isWhole && Object.keys(place).length) notices.add(contract.apart);
    if ((query.get("v") ?? contract.version) !== contract.version) notices.add(contract.moved);
    const town = query.get("place") ?? "";
    return { view: { chosen, parameters, place: isWhole ? place : contract.at, town }, notices: [...notices] };
  }

  /**
   * The query string of a view; what a link held besides stays.
   *
   * @param {View} view
   * @param {string} search What the address holds now.
   * @param {LinkContract} contract
   * @param {Proposal[]} proposals
   */
  function write(view, search, contract, proposals) {
    const query = new URLSearchParams(search);
    const put = (/** @type {string} */ key, /** @type {string | undefined} */ value) =>
      value === undefined ? query.delete(key) : query.set(key, value);
    for (const [key, { default: plain }] of Object.entries(contract.choices)) {
      const value = view.chosen[key];
      // A copy may begin with another proposal than the dashboard.
      put(key, value === plain && key !== "proposal" ? undefined : value);
    }
    for (const one of proposals) {
      for (const name of Object.keys(one.parameters)) put(name, undefined);
    }
    for (const [name, { default: plain }] of Object.entries(parametersOf(proposals, view.chosen.proposal))) {
      put(name, view.parameters[name] === plain ? undefined : String(view.parameters[name]));
    }
    put("place", view.town || undefined);
    if (proposals.length) query.set("v", contract.version);
    for (const [key, { digits }] of Object.entries(contract.place)) {
      put(key, key in view.place ? String(Number(view.place[key].toFixed(digits))) : undefined);
    }
    return query.toString();
  }

  /**
   * The key of a view's content in a folder of several.
   *
   * @param {View} view
   * @param {Proposal[]} proposals
   */
  function content({ chosen, parameters }, proposals) {
    const { page, proposal, compare } = chosen;
    if (page === "compare" && compare !== proposal) return `compare/${proposal}--${compare}`;
    const apart = Object.entries(parametersOf(proposals, proposal))
      .filter(([name, one]) => parameters[name] !== one.default)
      .map(([name]) => `--${name}-${parameters[name]}`);
    return `proposals/${proposal}${apart.join("")}`;
  }

  /**
   * The same view in the other languages, each of which has a page of its own.
   *
   * @param {string} query
   * @param {Record<string, string>} [site] The page of each language.
   */
  function turn(query, site) {
    if (!site) return;
    for (const found of document.querySelectorAll("#languages a")) {
      const other = /** @type {HTMLElement} */ (found);
      const lang = String(other.dataset.lang);
      const there = new URLSearchParams(query);
      if (lang === Object.keys(site)[0]) there.delete("lang");
      else there.set("lang", lang);
      other.setAttribute("href", `${site[lang]}?${there}`);
    }
  }

  return { read, write, content, parametersOf, turn };
})();
