// @ts-check
// The button that copies the page's address, which holds every choice, with the data version.
const TOLD_MS = 2500;

/** @param {{ parentElement: HTMLElement, data: Record<"label" | "done" | "version", string> }} component */
export default function ({ parentElement, data }) {
  const button = /** @type {HTMLButtonElement} */ (parentElement.querySelector("button"));
  const told = /** @type {HTMLElement} */ (parentElement.querySelector("span"));
  button.textContent = data.label;
  button.onclick = async () => {
    const address = new URL(window.location.href);
    address.searchParams.set("v", data.version);
    try {
      await navigator.clipboard.writeText(address.href);
    } catch {
      const field = document.createElement("textarea");
      field.value = address.href;
      parentElement.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    told.textContent = data.done;
    setTimeout(() => (told.textContent = ""), TOLD_MS);
  };
}
