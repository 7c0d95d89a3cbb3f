// The page of a link: reads the messages of one session, and shows nothing once the link has ended.
import { el, setText } from "./lib/dom.js";
import { markdown } from "./lib/markdown.js";

const title = document.getElementById("title");
const status = document.getElementById("status");
const items = document.getElementById("items");
const source = new EventSource(`${location.pathname.replace(/\/$/, "")}/events`);

const HANDLERS = {
  // Also after a connection was lost: everything comes again.
  opened({ name }) {
    items.replaceChildren();
    setText(title, name);
    setText(status, "Read-only");
    document.title = `${name} – Concert`;
  },

  message({ seq, role, content }) {
    const person = role === "user";
    const body = person ? el("div", { class: "plain", dir: "auto" }, content) : el("div", { class: "prose" }, markdown(content));
    const label = person ? "Person" : "Agent";
    items.append(el("article", { class: `message ${role}`, "aria-label": label, "data-seq": seq }, body));
  },

  rewound({ fromSeq }) {
    for (const node of [...items.children].filter(({ dataset }) => Number(dataset.seq) >= fromSeq)) {
      node.remove();
    }
  },

  work({ isAtWork }) {
    setText(status, isAtWork ? "The agent is at work …" : "Read-only");
  },

  ended() {
    source.close();
    items.replaceChildren();
    setText(title, "Shared session");
    setText(status, "This link does not work, or not any more.");
    document.title = "Shared session – Concert";
  },
};

source.addEventListener("message", ({ data }) => {
  const event = JSON.parse(data);
  HANDLERS[event.type]?.(event);
});
source.addEventListener("error", () => {
  // The server refused: the browser does not try again by itself.
  if (source.readyState === EventSource.CLOSED) {
    HANDLERS.ended();
  }
});
