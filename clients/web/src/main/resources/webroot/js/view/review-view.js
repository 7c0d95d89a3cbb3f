// The dialog in which the changes of a turn are looked through: accepted or put back, by file and by hunk.
import { el, setText, show } from "../lib/dom.js";
import { counted } from "../lib/format.js";
import { diffTable } from "./diff-view.js";

const LONGEST_TITLE = 60;
const ALL = "all";

const KINDS = { created: "new", deleted: "deleted", modified: "changed" };

export class ReviewView {
  #review;
  #dialog = document.getElementById("review");
  #scope = el("select", { id: "review-scope", "aria-label": "Changes of", onchange: () => this.#choose() });
  #list = el("div", { class: "review-list" });
  #hint = el("p", { class: "hint" });
  #counts = el("p", { class: "counts" });
  #problem = el("p", { class: "key-problem", role: "alert", hidden: true });
  /** Files that somebody folded or unfolded. */
  #unfolded = new Map();
  onChosen = () => {};

  constructor(review) {
    this.#review = review;
    this.#dialog.append(
      el(
        "header",
        { class: "review-head" },
        el("h2", {}, "Changes"),
        this.#scope,
        el("button", { type: "button", id: "accept-all", onclick: () => review.acceptAll() }, "Accept all"),
        el("button", { type: "button", id: "close-review", onclick: () => this.#dialog.close() }, "Close"),
      ),
      this.#hint,
      this.#counts,
      this.#problem,
      this.#list,
    );
    this.#dialog.addEventListener("close", () => review.close());
  }

  open() {
    this.#unfolded.clear();
    show(this.#problem, false);
    if (!this.#dialog.open) {
      this.#dialog.showModal();
    }
  }

  tell(problem) {
    this.#problem.textContent = problem.message;
    show(this.#problem, true);
  }

  draw() {
    const { list, turns, turnId, left, folder } = this.#review;
    setText(
      this.#hint,
      folder === null
        ? "Accept marks a change as seen, in this browser. Reject puts it back in the workspace of the session."
        : `A file that you accept comes into ${folder}; \`concert undo\` takes that back. Reject puts it back in the workspace of the session.`,
    );
    this.#scope.replaceChildren(
      ...turns.map((turn, index) =>
        el("option", { value: turn.turnId, selected: turn.turnId === turnId }, `Turn ${index + 1}: ${turn.text.slice(0, LONGEST_TITLE)}`),
      ),
      el("option", { value: ALL, selected: turnId === null }, "All turns"),
    );
    const sum = list.map(({ counts }) => counts).reduce((a, b) => ({ added: a.added + b.added, removed: a.removed + b.removed }), { added: 0, removed: 0 });
    this.#counts.replaceChildren(`${counted(list.length, "file")} `, ...signs(sum), left > 0 ? ` and ${counted(left, "more file")} in Files` : "");
    const focused = this.#list.contains(document.activeElement) ? document.activeElement.id : "";
    this.#list.replaceChildren(...list.map((file, index) => this.#file(file, index)));
    if (list.length === 0) {
      this.#list.append(el("p", { class: "empty" }, "No files were changed."));
    }
    if (focused) {
      (document.getElementById(focused) ?? document.getElementById("close-review")).focus();
    }
  }

  #choose() {
    show(this.#problem, false);
    this.onChosen(this.#scope.value === ALL ? null : this.#scope.value);
  }

  #file(file, index) {
    const isOpen = file.state === "open";
    const body = el("div", { class: "review-body" }, ...this.#body(file, index));
    const fold = el(
      "button",
      {
        id: `review-${index}`,
        class: "link path",
        type: "button",
        "aria-expanded": String(this.#isUnfolded(file)),
        onclick: () => {
          this.#unfolded.set(file.path, body.hidden);
          show(body, body.hidden);
          fold.setAttribute("aria-expanded", String(!body.hidden));
        },
      },
      file.path,
    );
    show(body, this.#isUnfolded(file));
    return el(
      "section",
      { class: "review-file", "aria-label": file.path, "data-state": file.accepted ? "accepted" : file.state },
      el(
        "header",
        { class: "review-head" },
        el("h3", {}, fold),
        isOpen ? el("span", { class: "kind" }, KINDS[file.kind], " ", ...signs(file.counts)) : null,
        ...(isOpen ? this.#buttons(file, null, file.accepted, `review-${index}-all`, file.path) : []),
      ),
      body,
    );
  }

  #isUnfolded(file) {
    return this.#unfolded.get(file.path) ?? !file.accepted;
  }

  #body(file, index) {
    switch (file.state) {
      case "unknown":
        return [el("p", { class: "empty" }, "Loading …")];
      case "failed":
        return [el("p", { class: "empty" }, file.problem)];
      case "same":
        return [el("p", { class: "empty" }, "As it was before.")];
      default:
        return [
          file.obstacle === "" ? null : el("p", { class: "empty" }, file.obstacle),
          ...(file.hunks.length > 0 ? file.hunks.map((hunk, at) => this.#hunk(file, hunk, `review-${index}-${at}`)) : [el("p", { class: "empty" }, "There are no lines to compare.")]),
        ].filter(Boolean);
    }
  }

  #hunk(file, hunk, id) {
    const accepted = file.isAccepted(hunk);
    const line = hunk.rows.find(({ kind }) => kind !== "same");
    const name = `${file.path}, line ${line.after ?? line.before}`;
    return el(
      "div",
      { class: "hunk", "data-accepted": String(accepted) },
      diffTable(hunk.rows),
      // One hunk is the whole file.
      file.hunks.length > 1 ? el("div", { class: "buttons" }, ...this.#buttons(file, hunk, accepted, id, name)) : null,
    );
  }

  #buttons(file, hunk, accepted, id, name) {
    const button = (text, act) =>
      el("button", { id: `${id}-${text.toLowerCase()}`, type: "button", "aria-label": `${text} ${name}`, onclick: act }, text);
    if (accepted) {
      const isApplied = this.#review.folder !== null && file.accepted;
      return isApplied
        ? [el("span", { class: "accepted" }, "Applied")]
        : [el("span", { class: "accepted" }, "Accepted"), button("Undo", () => this.#review.accept(file, hunk, false))];
    }
    return [
      button("Accept", () => this.#review.accept(file, hunk)),
      file.canReject ? button("Reject", () => this.#review.reject(file, hunk)) : null,
    ].filter(Boolean);
  }
}

const signs = ({ added, removed }) => [el("span", { class: "plus" }, `+${added}`), " ", el("span", { class: "minus" }, `−${removed}`)];
