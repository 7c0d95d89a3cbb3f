// A file's content: source with line numbers, a picture, or what it is.
import { el } from "../lib/dom.js";
import { highlight, languageOf } from "../lib/code.js";
import { counted, size } from "../lib/format.js";

const PICTURES = { avif: "avif", gif: "gif", ico: "x-icon", jpeg: "jpeg", jpg: "jpeg", png: "png", svg: "svg+xml", webp: "webp" };
const MOST_LINES = 3_000;
/** Whether long lines are folded, in every file from now on. */
let wraps = false;

export function contentView({ path, encoding, content, size: bytes }) {
  const picture = PICTURES[path.slice(path.lastIndexOf(".") + 1).toLowerCase()];
  if (encoding === "base64") {
    return picture
      ? el("img", { class: "picture", alt: path, src: `data:image/${picture};base64,${content}` })
      : el("p", { class: "empty" }, `Binary file, ${size(bytes)}`);
  }
  if (content === "") {
    return el("p", { class: "empty" }, "This version is empty.");
  }
  return source(content, languageOf(path));
}

function source(content, language) {
  const lines = content.replace(/\n$/, "").split("\n");
  const cut = lines.length > MOST_LINES;
  const box = el("div", { class: "source-box" });
  box.classList.toggle("wrapped", wraps);
  draw(cut ? lines.slice(0, MOST_LINES) : lines);
  if (cut) {
    const all = el(
      "button",
      {
        class: "link",
        type: "button",
        onclick() {
          draw(lines);
          box.querySelector(".code").focus();
        },
      },
      `Show all ${counted(lines.length, "line")}`,
    );
    box.append(all);
  }
  return box;

  function draw(shown) {
    const numbers = el("pre", { class: "numbers", "aria-hidden": "true" }, shown.map((_, index) => index + 1).join("\n"));
    const code = el("pre", { class: "code", tabindex: "0" }, el("code", {}, highlight(shown.join("\n"), language)));
    box.replaceChildren(wrapButton(box), el("div", { class: "source" }, numbers, code));
  }
}

function wrapButton(box) {
  return el(
    "button",
    {
      class: "link wrap-lines",
      type: "button",
      "aria-pressed": String(wraps),
      onclick({ currentTarget }) {
        wraps = box.classList.toggle("wrapped");
        currentTarget.setAttribute("aria-pressed", String(wraps));
      },
    },
    "Wrap lines",
  );
}
