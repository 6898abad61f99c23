// @ts-check
// The choice of a proposal or a line: the browser's own list, and for proposals buttons to the one before and after.

/**
 * @typedef {object} Choice
 * @property {[string, [string, string][]][]} groups A group without a name is none.
 * @property {string} chosen
 * @property {string} label
 * @property {string} [before] Without these words, the label is for those alone who do not see the list.
 * @property {string} [after]
 */

/**
 * @param {{ parentElement: HTMLElement, data: Choice, setTriggerValue: (name: string, value: string) => void }} component
 */
export default function ({ parentElement, data, setTriggerValue }) {
  const select = /** @type {HTMLSelectElement} */ (parentElement.querySelector("select"));
  const made = JSON.stringify(data.groups);
  if (select.dataset.made !== made) {
    select.replaceChildren(
      ...data.groups.flatMap(([label, options]) => {
        const listed = options.map(([id, words]) => new Option(words, id));
        if (!label) return listed;
        const group = document.createElement("optgroup");
        group.label = label;
        group.append(...listed);
        return [group];
      }),
    );
    select.dataset.made = made;
  }
  // Several texts may share a map: the list then stands at the first, which is the proposal itself.
  select.value = data.chosen;
  select.ariaLabel = data.label;
  /** @type {HTMLElement} */ (parentElement.querySelector("span")).textContent = data.before ? data.label : "";
  select.onchange = () => setTriggerValue("chosen", select.value);
  const ids = [...new Set(data.groups.flatMap(([, options]) => options.map(([id]) => id)))];
  /** @type {["before" | "after", number][]} */
  const ways = [
    ["before", -1],
    ["after", 1],
  ];
  for (const [way, step] of ways) {
    const button = /** @type {HTMLButtonElement} */ (parentElement.querySelector(`.${way}`));
    const words = data[way] ?? "";
    button.hidden = !words;
    button.title = words;
    button.setAttribute("aria-label", words);
    button.onclick = () => {
      select.value = /** @type {string} */ (ids[(ids.indexOf(select.value) + step + ids.length) % ids.length]);
      setTriggerValue("chosen", select.value);
    };
  }
}
