// @ts-check
// Texts to copy, each with its button; one without a text of its own is the page's address, which holds every choice,
// with the data version. A button alone has no label.
const TOLD_MS = 2500;

/** @typedef {{ label: string, button: string, done: string, text: string | null, rows: number, code: boolean }} Field */

/** @param {{ parentElement: HTMLElement, data: { version: string, fields: Field[] } }} component */
export default function ({ parentElement, data }) {
  const list = /** @type {HTMLElement} */ (parentElement.querySelector(".fields"));
  const row = /** @type {HTMLTemplateElement} */ (parentElement.querySelector("template"));
  while (list.children.length > data.fields.length) list.lastElementChild?.remove();
  while (list.children.length < data.fields.length) list.append(row.content.cloneNode(true));

  const address = () => {
    const here = new URL(window.location.href);
    here.searchParams.set("v", data.version);
    return here.href;
  };

  data.fields.forEach(({ label, button: words, done, text, rows, code: isCode }, place) => {
    const at = list.children[place];
    const area = /** @type {HTMLTextAreaElement} */ (at.querySelector("textarea"));
    const button = /** @type {HTMLButtonElement} */ (at.querySelector("button"));
    const told = /** @type {HTMLElement} */ (at.querySelector("[role=status]"));
    const name = /** @type {HTMLLabelElement} */ (at.querySelector("label"));
    at.classList.toggle("alone", !label);
    name.textContent = label;
    name.htmlFor = area.id = `text-${place}`;
    area.value = text ?? address();
    area.rows = rows;
    area.classList.toggle("code", isCode);
    area.onfocus = () => (area.value = text ?? address());
    button.textContent = words;
    button.onclick = async () => {
      const copied = (area.value = text ?? address());
      try {
        await navigator.clipboard.writeText(copied);
      } catch {
        const field = document.createElement("textarea");
        field.value = copied;
        parentElement.append(field);
        field.select();
        document.execCommand("copy");
        field.remove();
      }
      told.textContent = done;
      setTimeout(() => (told.textContent = ""), TOLD_MS);
    };
  });
}
