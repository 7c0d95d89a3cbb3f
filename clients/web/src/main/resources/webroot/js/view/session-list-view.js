// The list of sessions with their states.
import { el, show } from "../lib/dom.js";
import { ago } from "../lib/format.js";
import { agentName, stateText } from "../model/names.js";

export class SessionListView {
  #list = document.getElementById("session-list");
  #sessions;
  #drawn = "";

  constructor(sessions) {
    this.#sessions = sessions;
  }

  draw(openId) {
    const { list, nextCursor, loaded } = this.#sessions;
    // The list comes every few seconds; drawing it only when it differs keeps the focus in it.
    const picture = JSON.stringify([openId, nextCursor, loaded, list.map(pictureOf)]);
    if (picture === this.#drawn) {
      return;
    }
    this.#drawn = picture;
    const focused = this.#list.contains(document.activeElement) ? document.activeElement.hash : null;
    this.#list.replaceChildren(...list.map((session) => rowOf(session, session.id === openId)));
    if (nextCursor) {
      this.#list.append(
        el("li", {}, el("button", { class: "link", type: "button", onclick: () => this.#sessions.more() }, "Show more")),
      );
    }
    if (loaded && list.length === 0) {
      this.#list.append(el("li", { class: "empty" }, "Your sessions will be here."));
    }
    if (focused) {
      [...this.#list.querySelectorAll("a")].find((link) => link.hash === focused)?.focus();
    }
    show(this.#list, loaded);
  }
}

const pictureOf = ({ id, name, state, agentType, updatedAt }) => [id, name, state, agentType, ago(updatedAt)];

function rowOf(session, open) {
  return el(
    "li",
    {},
    el(
      "a",
      { href: `#session=${session.id}`, "aria-current": open ? "page" : false, "data-state": session.state },
      el("span", { class: "dot", title: stateText(session.state) }),
      el("span", { class: "name" }, session.name),
      el("span", { class: "about" }, `${agentName(session.agentType)} · ${stateText(session.state)}`),
      el("time", { datetime: new Date(session.updatedAt).toISOString() }, ago(session.updatedAt)),
    ),
  );
}
