// The list of sessions with their states.
import { el, show } from "../lib/dom.js";
import { ago } from "../lib/format.js";
import { agentName, stateText } from "../model/names.js";

export class SessionListView {
  #list = document.getElementById("session-list");
  #archived = document.getElementById("show-archived");
  #search = document.getElementById("search-sessions");
  #sessions;
  #drawn = "";
  onError = () => {};

  constructor(sessions) {
    this.#sessions = sessions;
    this.#search.addEventListener("input", () => sessions.search(this.#search.value).catch((problem) => this.onError(problem)));
    this.#archived.addEventListener("change", () => sessions.showArchived(this.#archived.checked));
  }

  draw(openId) {
    const { found: list, nextCursor, loaded, isSearched } = this.#sessions;
    // The list comes every few seconds; drawing it only when it differs keeps the focus in it.
    const picture = JSON.stringify([openId, isSearched, nextCursor, loaded, list.map(pictureOf)]);
    if (picture === this.#drawn) {
      return;
    }
    this.#drawn = picture;
    const focused = this.#list.contains(document.activeElement) ? document.activeElement : null;
    this.#list.replaceChildren(...list.map((session) => this.#row(session, session.id === openId)));
    if (nextCursor) {
      this.#list.append(
        el("li", {}, el("button", { class: "link", type: "button", onclick: () => this.#sessions.more() }, "Show more")),
      );
    }
    if (loaded && list.length === 0) {
      this.#list.append(el("li", { class: "empty" }, isSearched ? "No session has these words in its name." : "No sessions yet."));
    }
    this.#focusAgain(focused);
    show(this.#list, loaded);
  }

  /** The same link or button as before; where its session is gone, the way to a new one. */
  #focusAgain(focused) {
    if (focused !== null) {
      const same = (one) => one.dataset.session === focused.dataset.session && one.dataset.act === focused.dataset.act;
      ([...this.#list.querySelectorAll("a, button")].find(same) ?? document.getElementById("new-session")).focus();
    }
  }

  #row(session, open) {
    const row = rowOf(session, open);
    row.append(
      el(
        "span",
        { class: "actions" },
        this.#button("Rename", session, () => this.#rename(session)),
        this.#button(session.archived ? "Unarchive" : "Archive", session, () => this.#sessions.archive(session)),
        this.#button("Delete", session, () => this.#delete(session)),
      ),
    );
    return row;
  }

  #button(text, { id, name }, act) {
    const onclick = () => act()?.catch((problem) => this.onError(problem));
    return el("button", { class: "link", type: "button", "data-session": id, "data-act": text, "aria-label": `${text} ${name}`, onclick }, text);
  }

  #rename(session) {
    const name = prompt("The session's new name:", session.name)?.trim();
    return name && name !== session.name ? this.#sessions.rename(session, name) : undefined;
  }

  #delete(session) {
    return confirm(`Delete “${session.name}” with all its files and messages? This cannot be undone.`)
      ? this.#sessions.delete(session)
      : undefined;
  }
}

const pictureOf = ({ id, name, state, archived, agentType, updatedAt }) => [
  id,
  name,
  state,
  archived,
  agentType,
  ago(updatedAt),
];

function rowOf(session, open) {
  return el(
    "li",
    {},
    el(
      "a",
      { href: `#session=${session.id}`, "aria-current": open ? "page" : false, "data-state": session.state, "data-session": session.id, "data-act": "open" },
      el("span", { class: "dot", title: stateText(session.state) }),
      el("span", { class: "name", dir: "auto" }, session.name),
      el("span", { class: "about" }, `${agentName(session.agentType)} · ${session.archived ? "archived" : stateText(session.state)}`),
      el("time", { datetime: new Date(session.updatedAt).toISOString() }, ago(session.updatedAt)),
    ),
  );
}
