// Charts of the usage, each with its numbers as a table for those who do not see it.
import { el } from "./shared/js/lib/dom.js";
import { count, money } from "./shared/js/lib/format.js";
import { table } from "./tables.js";

const drawn = new Map();
const colour = (name) => {
  const probe = el("span", { class: name });
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
};

/** Draws or redraws a chart of costs: `groups` are those of a usage report. */
export function draw(place, id, title, field, groups, name = (text) => text) {
  const rows = groups.map((group) => ({ name: name(group[field]) || "none", cost: Number(group.cost), calls: group.calls, tokens: group.input_tokens + group.cached_tokens + group.cache_write_tokens + group.output_tokens }));
  const canvas = el("canvas", { role: "img", "aria-label": `${title}: ${rows.map((row) => `${row.name} ${money(row.cost)}`).join(", ") || "nothing"}` });
  const figure = el("figure", { id, class: "chart" },
    el("figcaption", {}, title),
    el("div", {}, canvas),
    el("details", {}, el("summary", {}, "As a table"),
      table(title, [[field, (row) => row.name], ["Calls", (row) => count(row.calls)], ["Tokens", (row) => count(row.tokens)], ["Cost", (row) => money(row.cost)]], rows)));
  drawn.get(id)?.destroy();
  const before = document.getElementById(id);
  if (before) {
    before.replaceWith(figure);
  } else {
    place.append(figure);
  }
  const ink = colour("axis-ink");
  const line = colour("axis-line");
  const axis = { ticks: { color: ink }, grid: { color: line } };
  drawn.set(id, new window.Chart(canvas, {
    type: "bar",
    data: { labels: rows.map((row) => row.name), datasets: [{ label: "US dollars", data: rows.map((row) => row.cost), backgroundColor: colour("bar-ink") }] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      indexAxis: field === "day" ? "x" : "y",
      plugins: { legend: { display: false } },
      scales: { x: axis, y: axis },
    },
  }));
}
