// Whether the page hears the server: a quiet line in the corner, a banner when it does not.
import { el, setText, show } from "../lib/dom.js";

// A short loss mends itself before anybody needs to know.
const PATIENCE_MS = 700;

export class ConnectionView {
  #connection;
  #line = document.getElementById("connection");
  #banner = document.getElementById("banner");
  #bannerText = el("span");
  #now;
  #timer = null;
  #shown = false;

  constructor(connection) {
    this.#connection = connection;
    this.#now = el("button", { type: "button", onclick: () => connection.connectNow() }, "Try now");
    this.#banner.append(this.#bannerText, this.#now);
  }

  draw() {
    const { status } = this.#connection;
    this.#line.dataset.status = status;
    setText(this.#line, { online: "Connected", refused: "Refused" }[status] ?? "Connecting");
    document.body.dataset.connection = status;
    if (status === "online") {
      clearInterval(this.#timer);
      this.#timer = null;
      this.#shown = false;
      show(this.#banner, false);
    } else if (this.#timer === null) {
      const since = Date.now();
      this.#timer = setInterval(() => {
        this.#shown ||= Date.now() - since > PATIENCE_MS;
        this.#drawBanner();
      }, 250);
    }
  }

  #drawBanner() {
    const { status, reason, retryAt } = this.#connection;
    show(this.#banner, this.#shown);
    show(this.#now, status === "offline");
    setText(this.#bannerText, this.#text(status, reason, retryAt));
  }

  #text(status, reason, retryAt) {
    const why = reason ?? "The connection to the server is lost.";
    if (status === "refused") {
      return why;
    }
    if (status === "connecting") {
      return `${why} Trying again…`;
    }
    const seconds = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
    return `${why} Trying again in ${seconds} s.`;
  }
}
