// A button that puts a text on the clipboard, and says that it did.
import { el } from "./dom.js";

const SAID_MS = 2_000;

/** `textOf` is asked when the button is pressed. */
export function copyButton(label, textOf) {
  const button = el("button", { class: "copy", type: "button", "aria-label": label, title: label, onclick: copy }, "Copy");

  async function copy() {
    const done = await copyText(textOf());
    button.textContent = done ? "Copied" : "Not copied";
    setTimeout(() => (button.textContent = "Copy"), SAID_MS);
  }

  return button;
}

/** Whether the text is on the clipboard now. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

// Without HTTPS a page has no clipboard, but it may copy what is selected.
function copySelected(text) {
  const focused = document.activeElement;
  const field = el("textarea", { class: "hidden-label", "aria-hidden": "true" });
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused?.focus();
  return done;
}
