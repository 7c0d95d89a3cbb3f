// The times of one automation, and what became of each.
import { el, setText, show } from "../lib/dom.js";
import { counted } from "../lib/format.js";
import { acceptRun, explainTime, listChanges, listSlots } from "../net/automations-api.js";

const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const FINE = new Set(["succeeded", "queued", "starting", "running", "due"]);

export class HistoryView {
  #section = document.getElementById("history");
  #title = document.getElementById("history-title");
  #slots = document.getElementById("slots");
  #because = document.getElementById("because");
  #at = document.getElementById("why-at");
  #automation = null;

  constructor(act) {
    document.getElementById("why").addEventListener("submit", (event) => {
      event.preventDefault();
      act(() => this.#explain(new Date(this.#at.value).getTime()));
    });
    this.act = act;
  }

  async open(automation) {
    this.#automation = automation;
    setText(this.#title, `History of ${automation.name}`);
    setText(this.#because, "");
    show(this.#section, true);
    await this.draw();
    this.#section.scrollIntoView();
  }

  /** The same automation again; nothing where none is open, or it is gone. */
  async draw(automations) {
    if (this.#automation === null) {
      return;
    }
    const id = this.#automation.automationId;
    if (automations !== undefined && !automations.some((one) => one.automationId === id)) {
      this.#automation = null;
      show(this.#section, false);
      return;
    }
    const slots = await listSlots(id);
    this.#slots.replaceChildren(...slots.map((slot) => this.#view(slot)));
    if (slots.length === 0) {
      this.#slots.append(el("li", { class: "empty" }, "It was never due."));
    }
  }

  #view({ scheduledAt, state, reason, late, run }) {
    const what = run?.state ?? state;
    const when = WHEN.format(scheduledAt);
    return el("li", {},
      el("p", { class: "row" },
        el("time", { datetime: new Date(scheduledAt).toISOString() }, when),
        el("span", { class: `state ${FINE.has(what) ? "" : "warn"}` }, what.replaceAll("_", " ")),
        late && el("span", { class: "about" }, "late"),
        el("span", { class: "about" }, reason ?? run?.error ?? ""),
        run?.sessionId && el("a", { href: `/#session=${run.sessionId}`, "aria-label": `Session of ${when}` }, "Session"),
        run?.pullUrl && el("a", { href: run.pullUrl, "aria-label": `Pull request of ${when}` }, "Pull request"),
        el("button", { class: "link", type: "button", "aria-label": `Why at ${when}`, onclick: () => this.act(() => this.#explain(scheduledAt)) }, "Why")),
      run?.endedAt && this.#automation.task.workspace?.kind === "session" && this.#changes(run.runId, when));
  }

  /** What a run changed in its copy of a session's files; asked for when it is opened. */
  #changes(run, when) {
    const id = this.#automation.automationId;
    const list = el("ul", {});
    const accept = async () => {
      const { written, deleted } = await acceptRun(id, run);
      setText(this.#because, `The session has the changes: ${counted(written, "file")} written, ${counted(deleted, "file")} deleted.`);
    };
    return el("details", {
      ontoggle: async ({ target }) => {
        if (target.open) {
          const changes = await listChanges(id, run);
          list.replaceChildren(...changes.map(({ path, change, diff }) => el("li", {}, `${path}: ${change}`, diff && el("pre", { tabindex: 0 }, diff))));
          if (changes.length === 0) {
            list.replaceChildren(el("li", { class: "empty" }, "It changed nothing."));
          }
        }
      },
    }, el("summary", { "aria-label": `Changes of ${when}` }, "Changes"), list,
    el("button", { type: "button", "aria-label": `Accept the changes of ${when}`, onclick: () => this.act(accept) }, "Accept"));
  }

  async #explain(at) {
    setText(this.#because, await explainTime(this.#automation.automationId, at));
  }
}
