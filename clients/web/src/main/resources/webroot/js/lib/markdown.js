// Markdown from an agent to a document fragment. What the agent wrote is not trusted: everything
// goes through DOMPurify, and what may load something from elsewhere is left out.
import { DOMPurify, Marked } from "./libraries.js";
import { highlight } from "./code.js";
import { copyButton } from "./copy-button.js";
import { el } from "./dom.js";
import { escaped, formulaExtensions, showFormulas } from "./formulas.js";

const marked = new Marked({ gfm: true, breaks: true });

// Markup in the text is shown as the text that it is, not obeyed.
marked.use({ renderer: { html: ({ text }) => escaped(text) }, extensions: formulaExtensions });

// Each has the direction of its own text.
const BLOCKS = "p, li, ul, ol, h1, h2, h3, h4, h5, h6, blockquote, td, th";

const ALLOWED = {
  ALLOWED_TAGS: [
    "a", "b", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "input", "li", "ol", "p", "pre", "s", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead",
    "tr", "ul",
  ],
  ALLOWED_ATTR: ["href", "title", "class", "start", "type", "checked", "disabled", "align"],
  // The pattern of addresses is for addresses; DOMPurify applies it to every attribute that is not named here.
  ADD_URI_SAFE_ATTR: ["align", "checked", "disabled", "start", "type"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:)/i,
  RETURN_DOM_FRAGMENT: true,
};

export function markdown(text) {
  const fragment = DOMPurify.sanitize(marked.parse(text), ALLOWED);
  fragment.querySelectorAll("[class]").forEach(keepOnlyTheLanguage);
  fragment.querySelectorAll("a").forEach(openElsewhere);
  fragment.querySelectorAll("input").forEach(onlyATick);
  fragment.querySelectorAll("pre > code").forEach(colour);
  showFormulas(fragment);
  fragment.querySelectorAll(BLOCKS).forEach((block) => block.setAttribute("dir", "auto"));
  fragment.querySelectorAll("pre").forEach(copyable);
  fragment.querySelectorAll('code[data-language="mermaid"]').forEach(drawable);
  fragment.querySelectorAll("table").forEach(scrollable);
  return fragment;
}

// A class of the page's own style could dress text up as one of the page's controls.
function keepOnlyTheLanguage(node) {
  const language = /(?:^|\s)language-([\w+#-]{1,30})/.exec(node.className);
  node.removeAttribute("class");
  if (language && node.tagName === "CODE") {
    node.dataset.language = language[1];
  }
}

function openElsewhere(link) {
  link.target = "_blank";
  link.rel = "noopener noreferrer";
}

// Only the check boxes of task lists.
function onlyATick(input) {
  if (input.type === "checkbox") {
    input.disabled = true;
    input.setAttribute("aria-label", input.checked ? "done" : "not done");
  } else {
    input.remove();
  }
}

function colour(code) {
  code.replaceChildren(highlight(code.textContent, code.dataset.language));
}

function copyable(pre) {
  pre.tabIndex = 0;
  const frame = el("div", { class: "copyable" });
  pre.replaceWith(frame);
  frame.append(pre, copyButton("Copy code", () => pre.textContent));
}

// The library is large: it is loaded when somebody asks for a drawing.
function drawable(source) {
  const button = el("button", { class: "copy draw", type: "button", onclick: draw }, "Draw");
  source.parentNode.after(button);

  async function draw() {
    (await import("./diagram.js")).toggleDiagram(button, source.textContent);
  }
}

// The keyboard scrolls only what has the focus.
function scrollable(table) {
  const frame = el("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table" });
  table.replaceWith(frame);
  frame.append(table);
}
