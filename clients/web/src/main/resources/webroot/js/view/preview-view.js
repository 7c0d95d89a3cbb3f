// How a file looks to its reader: a page, a drawing or a text. Its author is not trusted: a page is
// shown by /preview, in an origin of its own, and a drawing as a picture, in which nothing runs.
import { el } from "../lib/dom.js";
import { markdown } from "../lib/markdown.js";

export function previewView({ path, encoding, content }) {
  if (encoding === "base64") {
    return el("p", { class: "empty" }, "This version is no text.");
  }
  switch (path.slice(path.lastIndexOf(".") + 1).toLowerCase()) {
    case "svg":
      return el("img", { class: "picture", alt: path, src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(content)}` });
    case "md":
      return el("div", { class: "prose preview-text" }, markdown(content));
    default:
      return page(path, content);
  }
}

function page(path, content) {
  const frame = el("iframe", { class: "preview", title: `Preview of ${path}`, sandbox: "allow-scripts", src: "/preview" });
  // A sandboxed frame has an opaque origin, so there is no target origin to name.
  frame.addEventListener("load", () => frame.contentWindow.postMessage(content, "*"), { once: true });
  return frame;
}
