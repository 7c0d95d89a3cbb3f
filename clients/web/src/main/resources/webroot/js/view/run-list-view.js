// The work on issues: each with its issue, its session and its pull request.
import { el } from "../lib/dom.js";
import { ago } from "../lib/format.js";

const TONE = { failed: "bad", stopped: "warn" };

export function drawRuns(node, runs) {
  node.replaceChildren(...runs.map(runView));
  if (runs.length === 0) {
    node.append(el("li", { class: "empty" }, "No work yet. Mention @concert on an issue."));
  }
}

function runView({ runId, repository, number, title, requester, state, sessionId, issueUrl, pull, pullUrl, createdAt }) {
  const issue = `${repository}#${number}`;
  return el("li", { "data-run": runId },
    el("p", { class: "row" },
      el("span", { class: "name", dir: "auto" }, title || issue),
      el("span", { class: `state ${TONE[state] ?? ""}` }, state),
      el("span", { class: "about" }, `@${requester}, ${ago(createdAt)}`)),
    el("p", { class: "row" },
      issueUrl ? outside(issueUrl, issue) : issue,
      sessionId && el("a", { href: `/#session=${sessionId}`, "aria-label": `Session of ${issue}` }, "Session"),
      pullUrl && outside(pullUrl, `Pull request #${pull}`)));
}

const outside = (href, text) => el("a", { href, rel: "noopener noreferrer" }, text);
