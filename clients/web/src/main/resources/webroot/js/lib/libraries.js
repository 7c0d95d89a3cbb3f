// The page's libraries, from WebJars. The versions are those of clients/web/pom.xml.
export { Marked } from "/webjars/marked/17.0.1/lib/marked.esm.js";
export { default as DOMPurify } from "/webjars/dompurify/3.3.3/dist/purify.es.mjs";
export { diffLines } from "/webjars/diff/5.1.0/lib/index.mjs";

/** highlight.js comes as a classic script (see index.html); null when it did not load. */
export const highlighter = globalThis.hljs ?? null;
