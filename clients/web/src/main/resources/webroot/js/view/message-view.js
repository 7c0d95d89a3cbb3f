// What the person and the agent say.
import { copyButton } from "../lib/copy-button.js";
import { el, show } from "../lib/dom.js";
import { markdown } from "../lib/markdown.js";
import { count } from "../lib/format.js";

// Markdown of this length takes noticeable time, so longer text is drawn plain while it streams...
const LONG_WHILE_OPEN = 60_000;
// ...and cut when it is over, until somebody wants all of it.
const LONG = 200_000;

export function userView(item, actions) {
  const points = pointsOf(item, [
    ["Rewind", "Go back to before this message", actions.rewind],
    ["Fork", "Start a new session from here", actions.fork],
  ]);
  return {
    node: el(
      "article",
      { class: item.steered ? "message user steered" : "message user", "aria-label": "You" },
      item.steered ? el("p", { class: "tag" }, "while it worked") : null,
      el("div", { class: "plain", dir: "auto" }, item.text),
      points.node,
    ),
    update: points.draw,
  };
}

/** What can be done from a message on, once it is part of the history. */
function pointsOf(item, choices) {
  const node = el(
    "div",
    { class: "points" },
    copyButton("Copy message", () => item.text),
    ...choices.map(([text, title, act]) =>
      el("button", { class: "link", type: "button", title, "aria-label": title, onclick: () => act(item) }, text),
    ),
  );
  const [copy, ...others] = node.children;
  const draw = () => {
    show(copy, !item.open);
    others.forEach((button) => show(button, Boolean(item.messageId)));
  };
  draw();
  return { node, draw };
}

export function assistantView(item, actions) {
  const body = el("div", { class: "prose" });
  const all = el("button", { class: "link", type: "button", hidden: true, onclick: showAll });
  const points = pointsOf(item, [["Fork", "Start a new session from here", actions.fork]]);
  const node = el("article", { class: "message assistant", "aria-label": "Agent" }, body, all, points.node);
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
    points.draw();
  }
  draw();
  return { node, update: draw };
}
