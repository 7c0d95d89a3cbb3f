// The repositories that the tenant's Apps serve, and the connections that do not work.
import { el } from "../lib/dom.js";

export function drawRepositories(node, repositories, broken) {
  node.replaceChildren(...broken.map(brokenView), ...repositories.map(repositoryView));
  if (repositories.length + broken.length === 0) {
    node.append(el("li", { class: "empty" }, "No App is connected, or it is not installed yet: ", el("code", {}, "concert github add")));
  }
}

function repositoryView({ owner, repo, description, defaultBranch, isPrivate, isArchived, url }) {
  const name = `${owner}/${repo}`;
  return el("li", { "data-repository": name },
    el("p", { class: "row" },
      el("a", { class: "name", href: url, rel: "noopener noreferrer" }, name),
      el("span", { class: "state" }, isArchived ? "archived" : isPrivate ? "private" : "public"),
      el("span", { class: "about" }, defaultBranch)),
    description && el("p", { class: "about", dir: "auto" }, description));
}

const brokenView = ({ connectionId, name, message }) =>
  el("li", { "data-connection": connectionId },
    el("p", { class: "row" }, el("span", { class: "name" }, name), el("span", { class: "state bad" }, "refused")),
    el("p", { class: "about" }, message));
