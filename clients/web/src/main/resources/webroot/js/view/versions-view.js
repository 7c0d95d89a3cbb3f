// The versions of a file, newest first.
import { el } from "../lib/dom.js";
import { clock, size } from "../lib/format.js";

export function versionsView(versions, shown, choose) {
  return el(
    "ol",
    { class: "versions", "aria-label": "Versions" },
    ...versions.map((version) =>
      el(
        "li",
        {},
        el(
          "button",
          {
            id: `version-${version.iteration}`,
            type: "button",
            "aria-pressed": String(version === shown),
            title: `Version ${version.iteration}, ${new Date(version.timestamp).toLocaleString()}, hash ${version.hash}`,
            onclick: () => choose(version.iteration),
          },
          el("strong", {}, `v${version.iteration}`),
          el("span", {}, clock(version.timestamp)),
          el("span", { class: "size" }, version.deleted ? "deleted" : size(version.size)),
        ),
      ),
    ),
  );
}
