// Source text with colours, as a document fragment.
import { DOMPurify, loadHighlighter } from "./libraries.js";

// Longer texts are shown plain: colouring them would hold up the page.
const LONGEST = 100_000;

const BY_ENDING = {
  bash: "bash", c: "c", cc: "cpp", cpp: "cpp", cs: "csharp", css: "css", diff: "diff", go: "go", h: "c",
  hpp: "cpp", html: "xml", ini: "ini", java: "java", js: "javascript", json: "json", jsx: "javascript",
  kt: "kotlin", lua: "lua", md: "markdown", mjs: "javascript", patch: "diff", php: "php", pl: "perl",
  py: "python", r: "r", rb: "ruby", rs: "rust", scss: "scss", sh: "bash", sql: "sql", svg: "xml",
  swift: "swift", toml: "ini", ts: "typescript", tsx: "typescript", xml: "xml", yaml: "yaml", yml: "yaml",
};

export function languageOf(path) {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (name === "makefile") {
    return "makefile";
  }
  return BY_ENDING[name.slice(name.lastIndexOf(".") + 1)];
}

/** Plain at first, and with its colours as soon as highlight.js is there. */
export function highlight(text, language) {
  const fragment = document.createDocumentFragment();
  fragment.append(text);
  if (language && text.length <= LONGEST) {
    const plain = fragment.firstChild;
    const hljs = globalThis.hljs;
    if (hljs) {
      colour(plain, text, language, hljs);
    } else {
      loadHighlighter().then((loaded) => loaded && colour(plain, text, language, loaded));
    }
  }
  return fragment;
}

function colour(plain, text, language, hljs) {
  if (plain?.parentNode && hljs.getLanguage(language)) {
    plain.replaceWith(
      DOMPurify.sanitize(hljs.highlight(text, { language, ignoreIllegals: true }).value, {
        ALLOWED_TAGS: ["span"],
        ALLOWED_ATTR: ["class"],
        RETURN_DOM_FRAGMENT: true,
      }),
    );
  }
}
