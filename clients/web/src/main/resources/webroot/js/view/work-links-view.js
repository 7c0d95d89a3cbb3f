// Above a session that works on an issue: links to the issue and its pull request.
import { el, show } from "../lib/dom.js";
import { runIn } from "../net/github-api.js";

export class WorkLinksView {
  #node = document.getElementById("work-links");
  #shown = "";

  /** A pull request comes while the session works, so each new state of it is a reason to look. */
  draw(session, state) {
    const isWork = session?.metadata?.kind === "github";
    const wanted = isWork ? `${session.id} ${state}` : "";
    if (wanted === this.#shown) {
      return;
    }
    if (!isWork || !this.#shown.startsWith(`${session.id} `)) {
      show(this.#node, false);
    }
    this.#shown = wanted;
    if (isWork) {
      // Without an answer there are no links; the session is of use without them.
      runIn(session.id).then((run) => run && this.#shown === wanted && this.#fill(run), () => {});
    }
  }

  #fill({ repository, number, issueUrl, pull, pullUrl }) {
    const issue = `${repository}#${number}`;
    this.#node.replaceChildren(issueUrl ? outside(issueUrl, issue) : issue);
    if (pullUrl) {
      this.#node.append(" · ", outside(pullUrl, `Pull request #${pull}`));
    }
    show(this.#node, true);
  }
}

const outside = (href, text) => el("a", { href, rel: "noopener noreferrer", target: "_blank" }, text);
