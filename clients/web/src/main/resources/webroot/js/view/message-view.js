// What the person and the agent say.
import { el, show } from "../lib/dom.js";
import { markdown } from "../lib/markdown.js";
import { count } from "../lib/format.js";

// Markdown of this length takes noticeable time, so longer text is drawn plain while it streams...
const LONG_WHILE_OPEN = 60_000;
// ...and cut when it is over, until somebody wants all of it.
const LONG = 200_000;

export function userView(item) {
  return {
    node: el(
      "article",
      { class: item.steered ? "message user steered" : "message user", "aria-label": "You" },
      item.steered ? el("p", { class: "tag" }, "while it worked") : null,
      el("div", { class: "plain" }, item.text),
    ),
    update() {},
  };
}

export function assistantView(item) {
  const body = el("div", { class: "prose" });
  const all = el("button", { class: "link", type: "button", hidden: true, onclick: showAll });
  const node = el("article", { class: "message assistant", "aria-label": "Agent" }, body, all);
  let limit = LONG;

  function showAll() {
    limit = Infinity;
    draw();
  }

  function draw() {
    const { text, open } = item;
    node.classList.toggle("open", Boolean(open));
    if (open && text.length > LONG_WHILE_OPEN) {
      body.replaceChildren(el("pre", { class: "raw" }, `…${text.slice(-LONG_WHILE_OPEN / 4)}`));
    } else if (text.length > limit) {
      body.replaceChildren(el("pre", { class: "raw" }, text.slice(0, LONG_WHILE_OPEN / 4)));
      all.textContent = `Show all ${count(text.length)} characters`;
    } else {
      body.replaceChildren(text.length > LONG ? el("pre", { class: "raw" }, text) : markdown(text));
    }
    show(all, !open && text.length > limit);
  }
  draw();
  return { node, update: draw };
}
