// Formulas between $ or $$, \( or \[, as MathML. Until the library is loaded, which the first formula
// does, and where it does not understand one, its source is shown.
import { el } from "./dom.js";
import { loadFormulaLibrary } from "./libraries.js";

const LANGUAGE = "x-formula";
const BLOCK = /^ {0,3}(?:\$\$([\s\S]+?)\$\$|\\\[([\s\S]+?)\\\])[ \t]*(?:\n|$)/;
// Not what costs $5 or $10: no space inside of the marks, no digit behind the second one.
const INLINE = /^(?:\$\$([^\n]+?)\$\$|\$((?![\s$])(?:\\.|[^\n$\\])*?(?<![\s\\]))\$(?!\d)|\\\(([^\n]+?)\\\))/;

let library = null;

function extension(name, level, begin, pattern) {
  return {
    name,
    level,
    start: (source) => source.match(begin)?.index,
    tokenizer(source) {
      const found = pattern.exec(source);
      return found ? { type: name, raw: found[0], text: found.slice(1).find((text) => text !== undefined).trim() } : undefined;
    },
    renderer: ({ text }) => `<code class="language-${LANGUAGE}${level === "block" ? "-block" : ""}">${escaped(text)}</code>`,
  };
}

/** What marked has to know. */
export const formulaExtensions = [
  extension("formulaBlock", "block", /\$\$|\\\[/, BLOCK),
  extension("formulaInline", "inline", /\$|\\\(/, INLINE),
];

export function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Puts formulas in the place of their sources. */
export function showFormulas(fragment) {
  const sources = [...fragment.querySelectorAll(`code[data-language^="${LANGUAGE}"]`)].filter(
    (code) => code.parentNode.nodeName !== "PRE",
  );
  if (library !== null) {
    sources.forEach(show);
  } else if (sources.length > 0) {
    loadFormulaLibrary().then((loaded) => {
      library = loaded;
      sources.filter((source) => source.parentNode !== null).forEach(show);
    });
  }
}

function show(source) {
  const formula = el("span", { class: "formula" });
  try {
    library.render(source.textContent, formula, {
      output: "mathml",
      displayMode: source.dataset.language.endsWith("-block"),
      maxExpand: 500,
      maxSize: 20,
      strict: false,
    });
    source.replaceWith(formula);
  } catch {
    source.after(el("small", { class: "formula-fault" }, " (This formula cannot be shown. This is its source.)"));
  }
}
