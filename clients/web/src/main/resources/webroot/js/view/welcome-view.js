// What is there before a session is: one sentence and something to try.
import { el } from "../lib/dom.js";

const EXAMPLES = [
  "create hello.py that prints the first ten primes and run it",
  'write a file notes.md with the text "Buy milk" and read it',
  "ask me which colour I like: red, green or blue",
];

/**
 * `choose` takes an example, `clone` the address of a repository; it says what is wrong with that, or nothing.
 * The select of `folder` is filled where there are folders to open.
 */
export function welcomeView(choose, clone, folder) {
  const address = el("input", {
    id: "clone-url",
    type: "url",
    required: true,
    "aria-label": "Address of a repository",
    placeholder: "https://example.com/repository.git",
    oninput: () => address.setCustomValidity(""),
  });

  function submit(event) {
    event.preventDefault();
    const wrong = clone(address.value);
    address.setCustomValidity(wrong ?? "");
    address.reportValidity();
  }

  return el(
    "div",
    {},
    el("h2", {}, "What would you like to build?"),
    el(
      "p",
      {},
      "An agent works on your request in its own workspace. It asks you before it runs a command, and every version of every file is saved.",
    ),
    el(
      "ul",
      { "aria-label": "Examples" },
      ...EXAMPLES.map((text) => el("li", {}, el("button", { type: "button", onclick: () => choose(text) }, text))),
    ),
    el("label", { class: "clone", id: "folder-choice", hidden: true }, "Work on ", folder),
    el(
      "form",
      { class: "clone", "aria-label": "Begin with a repository", onsubmit: submit },
      address,
      el("button", { id: "clone" }, "Clone"),
    ),
  );
}
