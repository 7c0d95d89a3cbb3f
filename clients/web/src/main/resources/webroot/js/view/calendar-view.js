// The next days with what is due in them.
import { el } from "../lib/dom.js";
import { counted } from "../lib/format.js";

const MOST = 12;
const NAME = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" });
const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

export function drawCalendar(node, days) {
  node.replaceChildren(...days.map(dayView));
}

function dayView({ noon, times }) {
  const shown = times.slice(0, MOST).map(({ at, automation }) =>
    el("li", {}, el("time", { datetime: new Date(at).toISOString() }, TIME.format(at)), ` ${automation.name}`));
  const more = times.length - shown.length;
  return el("li", {},
    el("h3", {}, NAME.format(noon)),
    times.length === 0 ? el("p", { class: "none" }, "Nothing is due.") : el("ul", {}, ...shown),
    more > 0 && el("p", { class: "none" }, `and ${counted(more, "more time")}`));
}
