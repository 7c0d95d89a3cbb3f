// Builds elements. Text goes in as text nodes, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element: `el("button", { class: "quiet", onclick: stop, "aria-label": "Stop" }, "Stop")`.
 * A property that starts with "on" is a listener; false, null and undefined leave the attribute out.
 */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) {
      node.addEventListener(name.slice(2), value);
    } else if (value === true) {
      node.setAttribute(name, "");
    } else if (value !== false && value != null) {
      node.setAttribute(name, value);
    }
  }
  node.append(...children.filter((child) => child != null && child !== false));
  return node;
}

/** A symbol of the sprite in index.html; decoration only. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

export function show(node, visible) {
  node.hidden = !visible;
}

/** Writes only what differs, so that selections and screen readers are not disturbed. */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}
