// @ts-check
// A settlement's card for a page without a server, as `present/place_card.py` makes it, from what is packed of all of
// them (`publish/site_places.py`).
/**
 * @typedef {object} Fates
 * @property {string} held
 * @property {string[]} patterns
 * @property {number[]} of
 * @property {number[]} near
 * @property {(number | null)[]} now
 * @property {number[][]} unsure
 * @property {{ of: number[], columns: (number | null)[][] }} far
 * @property {string[]} holders
 * @property {boolean[]} news
 * @property {string[]} proposals
 * @property {{ part: number, near_km: number, far_km: number, km_per_degree: number }} reach
 */
/** @typedef {Paint & { label: string, answers: string }} StatusWords */
/** @typedef {Record<"label" | "held" | "near" | "distance" | "km" | "error" | "no_line" | "none" | "people" | "no_count"
 * | "former" | "doubt" | "credit", string>} CardTexts */
/**
 * @typedef {CardTexts & { findings: Record<string, string>, holders: Record<string, string>, statuses: StatusWords[],
 *   titles: string[] }} CardWords
 */

/** @typedef {{ found: FoundOnMap, fit: L.LatLngBoundsLiteral }} MapTown */

var mapcoreCard = (() => {
  "use strict";

  /** @type {Record<string, string>} */
  const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };

  /** @param {string} text */
  function escaped(text) {
    return text.replace(/[&<>"']/g, (sign) => SIGNS[sign]);
  }

  /**
   * @param {string} text
   * @param {Record<string, string | number>} values
   */
  function filled(text, values) {
    return text.replace(/\{(\w+)\}/g, (_, key) => String(values[key]));
  }

  /**
   * The card of one settlement as HTML.
   *
   * @param {{ index: PlaceIndex, fates: Fates, words: CardWords, lang: string }} known
   * @param {number} row Of the settlement in all of these.
   * @param {string} shown Id of the proposal that is marked.
   */
  function html({ index, fates, words, lang }, row, shown) {
    const [, uk, latin, former, , oblast, raion, people] = index.places[row];
    const read = (/** @type {string} */ one) => (lang === "uk" ? one : mapcorePlaces.latin(index.folding, one));
    const name = lang === "uk" ? uk : latin || read(uk);
    const numbers = new Intl.NumberFormat(lang);
    const tenths = new Intl.NumberFormat(lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    const km = (/** @type {number | null} */ far) =>
      far === null ? words.no_line : `${(far < 10 ? tenths : numbers).format(far)} ${words.km}`;

    const letters = [...fates.patterns[fates.of[row]]].map((letter) => letter.charCodeAt(0) - 97);
    const holder = fates.held[row] === "u" ? "ukraine" : "russia";
    const moves = letters.filter((status) => fates.holders[status] !== holder).length;
    const news = letters.filter((status) => fates.news[status]).length;
    const [kind, count] = moves ? ["moves", moves] : news ? ["changes", news] : ["stays", 0];
    const counts = { count: numbers.format(count), total: numbers.format(letters.length) };
    const finding = filled(words.findings[`${holder} ${kind}`], { place: name, ...counts }).replace(`${name}: `, "");

    const held = words.holders[holder];
    const now = fates.now[row];
    const facts = [
      [words.held, fates.near.includes(row) ? filled(words.near, { holder: held }) : held],
      [words.distance, now === null ? words.none : `${km(now)} ${words.error}`],
      [words.people, people ? numbers.format(people) : words.no_count],
      ...(former ? [[words.former, former.split(";").map(read).join(", ")]] : []),
    ].map(([label, told]) => `<div><dt>${escaped(label)}</dt><dd>${escaped(told)}</dd></div>`);

    const line = (/** @type {number} */ order) => {
      const doubt = fates.unsure[order].includes(row) ? ` <em>${escaped(words.doubt)}</em>` : "";
      const far = fates.far.columns[fates.far.of[order]][row];
      const current = fates.proposals[order] === shown ? " aria-current=true" : "";
      return `<li${current}><div>${escaped(words.titles[order])}${doubt}</div><span>${escaped(km(far))}</span></li>`;
    };
    const groups = words.statuses.map(({ label, answers, colour, colour_dark: dark, hatch }, status) => {
      const orders = letters.flatMap((one, order) => (one === status ? [order] : []));
      if (!orders.length) return "";
      const swatch = `<i${hatch ? ' class="hatched"' : ""} style="--light:${colour};--dark:${dark}"></i>`;
      return (
        `<li><h3>${swatch}${escaped(label)}<b>${numbers.format(orders.length)}</b></h3>` +
        `<p>${escaped(answers)}</p><ul>${orders.map(line).join("")}</ul></li>`
      );
    });
    const where = [index.raions[lang][raion], index.oblasts[lang][oblast]].filter(Boolean).join(", ");
    return (
      `<section class="town" aria-label="${escaped(filled(words.label, { place: name }))}">` +
      `<h2>${escaped(name)}<small>${escaped(where)}</small></h2>` +
      `<p class="town-finding">${escaped(finding.slice(0, 1).toUpperCase() + finding.slice(1))}.</p>` +
      `<dl class="town-facts">${facts.join("")}</dl><ul class="town-groups">${groups.join("")}</ul>` +
      `<footer>${escaped(words.credit)}</footer></section>`
    );
  }

  /**
   * A settlement as the map marks it, and what of the land around it is shown.
   *
   * @param {{ index: PlaceIndex, fates: Fates, lang: string }} known
   * @param {number} row
   * @returns {MapTown}
   */
  function onMap({ index, fates, lang }, row) {
    const { part, near_km: near, far_km: far, km_per_degree: degree } = fates.reach;
    const [key, uk, latin, , , , , , lon, lat] = index.places[row];
    const name = lang === "uk" ? uk : latin || mapcorePlaces.latin(index.folding, uk);
    const up = Math.min(Math.max(part * (fates.now[row] ?? 0), near), far) / degree;
    const across = up / Math.cos((lat * Math.PI) / 180);
    return {
      found: { key, name, lat, lon },
      fit: [
        [lat - up, lon - across],
        [lat + up, lon + across],
      ],
    };
  }

  /**
   * @param {{ index: PlaceIndex, fates: Fates, words: CardWords, lang: string }} known
   * @param {number} row
   * @param {string} shown
   */
  function card(known, row, shown) {
    return { html: html(known, row, shown), key: known.index.places[row][0], map: onMap(known, row) };
  }

  return { card };
})();
