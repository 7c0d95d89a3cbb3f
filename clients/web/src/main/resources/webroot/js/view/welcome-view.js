// What is there before a session is: one sentence and something to try.
import { el } from "../lib/dom.js";

const EXAMPLES = [
  "create hello.py that prints the first ten primes and run it",
  "list the files",
  "read hello.py",
];

export function welcomeView(choose) {
  return el(
    "div",
    {},
    el("h2", {}, "What should be built?"),
    el(
      "p",
      {},
      "An agent works on your request in a workspace of its own. Every command asks you first, and every version of every file is kept.",
    ),
    el(
      "ul",
      { "aria-label": "Examples" },
      ...EXAMPLES.map((text) => el("li", {}, el("button", { type: "button", onclick: () => choose(text) }, text))),
    ),
  );
}
