// The commands of the message field; each does what a button does.

/** `openId`, `conversation`, `review` and `save` are asked when a command is looked for or run. */
export function commandList({ openId, conversation, review, save }) {
  const click = (id) => () => document.getElementById(id).click();
  const inSession = () => conversation() !== null;
  const ofSession = (act) => () =>
    document.querySelector(`#session-list [data-session="${openId()}"][data-act="${act}"]`)?.click();
  return [
    { name: "/new", title: "Start a new session", run: click("new-session") },
    { name: "/attach", title: "Attach files", run: click("attach") },
    { name: "/stop", title: "Stop the agent", run: click("stop"), possible: () => inSession() && conversation().running },
    { name: "/changes", title: "Look through the changes of this session", run: () => review(null), possible: inSession },
    { name: "/rename", title: "Rename this session", run: ofSession("Rename"), possible: inSession },
    { name: "/archive", title: "Archive this session", run: ofSession("Archive"), possible: inSession },
    { name: "/delete", title: "Delete this session", run: ofSession("Delete"), possible: inSession },
    { name: "/share", title: "Share this session by a link", run: click("show-shares"), possible: inSession },
    { name: "/export", title: "Save this conversation as a Markdown file", run: save, possible: inSession },
    { name: "/search", title: "Search sessions", run: () => document.getElementById("search-sessions").focus() },
    { name: "/usage", title: "Tokens and cost of your sessions", run: click("show-usage") },
    { name: "/theme", title: "Light or dark colours", run: () => document.getElementById("theme").focus() },
    { name: "/keys", title: "API keys", run: click("show-keys") },
  ];
}
