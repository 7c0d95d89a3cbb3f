// The page's libraries, from WebJars. The versions are those of clients/web/pom.xml.
export { Marked } from "/webjars/marked/17.0.1/lib/marked.esm.js";

// These come as classic scripts, which index.html and shared.html load: only so they are small.
export const DOMPurify = globalThis.DOMPurify;

/** The differences of two texts, line by line. */
export const diffLines = (before, after, options) => globalThis.Diff.diffLines(before, after, options);

const HIGHLIGHTER = "/webjars/highlightjs/11.11.1/highlight.min.js";
const FORMULAS = "/webjars/katex/0.16.47/dist/katex.min.js";

/** highlight.js, loaded when code is shown for the first time. Null when it does not load. */
export const loadHighlighter = () => loadScript(HIGHLIGHTER, "hljs");

/** KaTeX, loaded when the first formula is shown. Null when it does not load. */
export const loadFormulaLibrary = () => loadScript(FORMULAS, "katex");

const scripts = new Map();

function loadScript(src, name) {
  if (!scripts.has(src)) {
    const script = Object.assign(document.createElement("script"), { src });
    scripts.set(src, new Promise((resolve) => {
      script.addEventListener("load", () => resolve(globalThis[name]));
      script.addEventListener("error", () => resolve(null));
    }));
    document.head.append(script);
  }
  return scripts.get(src);
}

const styles = new Map();

/** Resolves when a style sheet that the page does not begin with is there. */
export function loadStyle(href) {
  if (!styles.has(href)) {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    styles.set(href, new Promise((resolve) => ["load", "error"].forEach((event) => link.addEventListener(event, resolve))));
    document.head.append(link);
  }
  return styles.get(href);
}
