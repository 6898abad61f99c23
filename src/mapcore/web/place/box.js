// @ts-check
// The box in which a settlement is searched for: a combobox with a list, as the ARIA practices have it.
/**
 * @typedef {object} PlaceBoxWords
 * @property {string} label
 * @property {string} hint
 * @property {string} clear
 * @property {string} found With `{count}`.
 * @property {string} none
 * @property {string} failed
 */
/**
 * @typedef {object} PlaceBox
 * @property {HTMLElement} within Holds the elements of `web/place/box.html`.
 * @property {PlaceBoxWords} words
 * @property {string} lang
 * @property {string} chosen What stands in the box: the name of the settlement that is shown, or nothing.
 * @property {() => Promise<PlaceIndex>} load
 * @property {(key: string) => void} choose Called with what links call a settlement, or nothing.
 */

var mapcorePlaceBox = (() => {
  "use strict";

  const MOST = 8;

  /** @param {PlaceBox} box */
  function attach(box) {
    const { within, words, lang } = box;
    const at = (/** @type {string} */ name) => /** @type {HTMLElement} */ (within.querySelector(name));
    const field = /** @type {HTMLInputElement} */ (at("input"));
    const [list, told, clear] = [at("[role=listbox]"), at("[role=status]"), at("button")];
    /** @type {FoundPlace[]} */
    let found = [];
    let active = -1;
    /** @type {Promise<ReturnType<typeof mapcorePlaces.open>> | null} */
    let places = null;

    at("label").textContent = words.label;
    field.placeholder = words.hint;
    clear.setAttribute("aria-label", words.clear);
    clear.title = words.clear;
    list.setAttribute("aria-label", words.label);
    if (field.dataset.chosen !== box.chosen) {
      field.dataset.chosen = field.value = box.chosen;
      close();
    }
    clear.hidden = !field.value;

    /** The names are asked for once, when somebody means to search. */
    function ready() {
      places ??= box.load().then(mapcorePlaces.open);
      places.catch(() => (places = null));
      return places;
    }

    function close() {
      found = [];
      active = -1;
      list.hidden = true;
      list.replaceChildren();
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }

    /**
     * @param {FoundPlace} place
     * @param {number} order
     * @param {PlaceIndex} index
     */
    function option(place, order, index) {
      const line = document.createElement("li");
      const part = (/** @type {string} */ tag, /** @type {string} */ text) => {
        const element = document.createElement(tag);
        element.textContent = text;
        return element;
      };
      const names = lang === "uk" ? [place.uk] : [place.en, place.uk];
      line.append(part("b", names[0]));
      const other = [names[1], [place.uk, place.en].includes(place.matched) ? "" : place.matched].filter(Boolean);
      if (other.length) line.append(" ", part("span", `(${other.join("; ")})`));
      const where = [index.raions[lang]?.[place.raion], index.oblasts[lang]?.[place.oblast]].filter(Boolean);
      line.append(" ", part("small", where.join(", ")));
      line.id = `${field.id}-${order}`;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      // Before the field loses the focus.
      line.onpointerdown = (event) => event.preventDefault();
      line.onclick = () => take(order);
      return line;
    }

    async function search() {
      const text = field.value;
      clear.hidden = !text;
      if (!text.trim()) {
        close();
        told.textContent = "";
        return;
      }
      try {
        const open = await ready();
        if (field.value !== text) return;
        found = open.find(text, { limit: MOST });
        list.replaceChildren(...found.map((place, order) => option(place, order, open.index)));
      } catch {
        close();
        told.textContent = words.failed;
        return;
      }
      active = -1;
      list.hidden = !found.length;
      field.setAttribute("aria-expanded", String(Boolean(found.length)));
      field.removeAttribute("aria-activedescendant");
      told.textContent = found.length ? words.found.replace("{count}", String(found.length)) : words.none;
    }

    /** @param {number} order */
    function point(order) {
      active = (order + found.length) % found.length;
      [...list.children].forEach((line, place) => line.setAttribute("aria-selected", String(place === active)));
      field.setAttribute("aria-activedescendant", `${field.id}-${active}`);
      list.children[active].scrollIntoView({ block: "nearest" });
    }

    /** @param {number} order */
    function take(order) {
      const place = found[order];
      if (!place) return;
      field.dataset.chosen = field.value = lang === "uk" ? place.uk : place.en;
      clear.hidden = false;
      close();
      told.textContent = "";
      box.choose(place.key);
    }

    function drop() {
      const was = field.dataset.chosen;
      field.dataset.chosen = field.value = "";
      clear.hidden = true;
      close();
      told.textContent = "";
      if (was) box.choose("");
    }

    field.onfocus = () => void ready().catch(() => undefined);
    field.oninput = () => void search();
    field.onblur = close;
    clear.onclick = () => {
      drop();
      field.focus();
    };
    field.onkeydown = async (event) => {
      if (event.key === "Escape") {
        if (list.hidden) drop();
        else close();
      } else if (event.key === "Enter") {
        event.preventDefault();
        if (list.hidden) await search();
        take(Math.max(active, 0));
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) await search();
        if (found.length) point(event.key === "ArrowDown" ? active + 1 : active < 0 ? -1 : active - 1);
      }
    };
  }

  return { attach };
})();
