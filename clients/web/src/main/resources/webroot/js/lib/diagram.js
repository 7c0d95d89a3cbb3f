// A diagram below its source. Who wrote the source is not trusted: /preview draws it, in an origin
// of its own, and tells only how high the drawing is or what is wrong with the source.
import { el } from "./dom.js";
import { loadStyle } from "./libraries.js";

const LIBRARY = "/webjars/mermaid/11.14.0/dist/mermaid.min.js";
const HIGHEST_PX = 4_000;

/** Shows the diagram of a source behind its button, or takes it away. */
export async function toggleDiagram(button, source) {
  const shown = button.parentNode.querySelector(".diagram, .diagram-fault");
  if (shown) {
    shown.remove();
    button.textContent = "Draw";
    return;
  }
  const frame = el("iframe", { class: "diagram", title: "Diagram", sandbox: "allow-scripts", src: "/preview" });
  const [library] = await Promise.all([load(), loadStyle("/css/diagram.css")]);
  if (library === null) {
    button.after(fault("Its library cannot be loaded. Try again."));
    return;
  }
  frame.addEventListener("load", () => send(frame, page(library, { source, dark: isDark() })), { once: true });
  button.after(frame);
  button.textContent = "Hide";
}

// As text: a frame without an origin may load nothing from here.
async function load() {
  try {
    const answer = await fetch(LIBRARY);
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}

function page(library, what) {
  const inline = (script) => `<script>${script.replaceAll("</script", "<\\/script")}</script>`;
  return `<!doctype html><meta charset="utf-8"><body>${inline(library)}${inline(`(${draw})(${json(what)})`)}`;
}

const json = (value) => JSON.stringify(value).replaceAll("<", "\\u003c");

// Runs in the frame.
async function draw({ source, dark }) {
  try {
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
    mermaid.initialize({ startOnLoad: false, securityLevel: "strict", theme: dark ? "dark" : "default" });
    const { svg } = await mermaid.render("diagram", source);
    document.body.innerHTML = svg;
    parent.postMessage({ height: document.documentElement.scrollHeight }, "*");
  } catch (failure) {
    parent.postMessage({ fault: String(failure.message ?? failure) }, "*");
  }
}

function send(frame, text) {
  addEventListener("message", drawn);
  // A sandboxed frame has an opaque origin, so there is no target origin to name.
  frame.contentWindow.postMessage(text, "*");

  function drawn({ data, source }) {
    if (source !== frame.contentWindow) {
      return;
    }
    removeEventListener("message", drawn);
    if (typeof data.height === "number") {
      frame.style.height = `${Math.min(data.height, HIGHEST_PX)}px`;
    } else {
      frame.replaceWith(fault(data.fault));
    }
  }
}

const fault = (text) => el("pre", { class: "diagram-fault", role: "alert" }, `This diagram cannot be drawn. ${text}`);

function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
}
