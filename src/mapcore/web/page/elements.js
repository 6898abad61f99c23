// @ts-check
// What a page without a server says of a view, as elements. All words come with the page and the view.
/** @typedef {Record<string, string>} ByUnit */
/** @typedef {{ label: string, text: ByUnit, bounds: ByUnit, more: ByUnit }} Figure */
/**
 * @typedef {object} ViewWords What Python says of a view.
 * @property {string} title
 * @property {string} credit
 * @property {string} shapes Key of its shapes.
 * @property {ByUnit} tips Keys of its tooltips.
 * @property {string[]} notes
 * @property {(Figure & Paint)[]} legend
 * @property {string} contested What the legend calls contested land, or nothing where none is drawn.
 * @property {Figure[]} figures
 * @property {{ head: [string, boolean][], rows: Record<string, string[][]> }} table
 * @property {[string, string, string][]} clauses
 * @property {string[]} readings
 * @property {string[]} unspecified
 * @property {[string, string][]} sources
 * @property {string[]} [files]
 */

var mapcoreElements = (() => {
  "use strict";

  /** @type {Record<string, string>} */
  let words = {};

  /**
   * @template {keyof HTMLElementTagNameMap} Tag
   * @param {Tag} tag
   * @param {Record<string, string | number>} [attributes]
   * @param {...(Node | string)} children
   */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    element.append(...children);
    return element;
  }

  /**
   * One of the page's words, with values in its braces.
   *
   * @param {string} name
   * @param {Record<string, string>} [values]
   */
  function word(name, values = {}) {
    return words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  }

  /** @param {string} text */
  function paragraph(text) {
    return make("p", {}, text);
  }

  /** @param {Paint} paint */
  function background({ colour, colour_dark: dark, hatch }) {
    const hue = document.documentElement.dataset.theme === "dark" ? dark : colour;
    return hatch ? `repeating-linear-gradient(135deg,${hue} 0 3px,${hue}48 3px 7px)` : hue;
  }

  /**
   * @param {ViewWords} view
   * @param {string} unit
   */
  function legend(view, unit) {
    const items = view.legend.map((one) => {
      const square = make("i", { class: "swatch" });
      square.style.background = background(one);
      return make("span", {}, square, `${one.label}: ${one.text[unit]}`);
    });
    if (view.contested) items.push(make("span", {}, make("i", { class: "swatch contested" }), view.contested));
    for (const [width, name] of [
      ["3px", word("line")],
      ["1.5px", word("border")],
    ]) {
      const rule = make("i", { class: "rule" });
      rule.style.borderWidth = width;
      items.push(make("span", {}, rule, name));
    }
    return items;
  }

  /**
   * @param {ViewWords} view
   * @param {string} unit
   */
  function ledger(view, unit) {
    return view.figures.map(({ label, text, bounds, more }) => {
      const figure = make("dd", {}, text[unit]);
      if (bounds[unit]) figure.append(make("small", {}, word("range", { bounds: bounds[unit] })));
      if (more[unit]) figure.append(make("small", {}, more[unit]));
      return make("div", {}, make("dt", {}, label), figure);
    });
  }

  /**
   * @param {ViewWords} view
   * @param {string} unit
   */
  function table({ table: { head, rows } }, unit) {
    const kinds = head.map(([, isFigure]) => /** @type {Record<string, string>} */ (isFigure ? { class: "n" } : {}));
    const heads = head.map(([name], index) => make("th", { scope: "col", ...kinds[index] }, name));
    const body = rows[unit].map((cells) =>
      make("tr", {}, ...cells.map((cell, index) => make("td", kinds[index], cell))),
    );
    return [make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...body)];
  }

  /**
   * @param {string} text
   * @param {string} address
   */
  function linked(text, address) {
    const line = paragraph(`${text} `);
    if (address) line.append(make("a", { href: address, target: "_blank", rel: "noopener" }, word("source")));
    return line;
  }

  /** @param {ViewWords} view */
  function prose(view) {
    const block = (/** @type {string} */ heading, /** @type {HTMLElement[]} */ lines) =>
      lines.length ? [make("h3", {}, heading), ...lines] : [];
    const clauses = view.clauses.map(([id, text, source]) => linked(`${id}: ${text}`, source));
    const sources = view.sources.map(([title, url]) => linked(title, url));
    return [
      ...block(word("text"), clauses),
      ...block(word("not_specified"), view.unspecified.map(paragraph)),
      ...block(word("readings"), view.readings.map(paragraph)),
      ...block(word("sources"), sources),
    ];
  }

  /** @param {ViewWords} view */
  function files(view) {
    return (view.files || []).map((file) => {
      const ending = String(file.split(".").pop()).toUpperCase();
      return make("span", {}, make("a", { href: `files/${file}`, download: file }, ending), " ");
    });
  }

  /** @param {Record<string, string>} spoken The page's words by name. */
  function speak(spoken) {
    words = spoken;
  }

  return { speak, make, word, paragraph, legend, ledger, table, prose, files };
})();
