// The command that brings a repository into a workspace. It runs in the session's sandbox, through the egress proxy.

/** {name, command} for an address as somebody typed it; null for what is no plain https address. */
export function cloneOf(typed) {
  let url;
  try {
    url = new URL(typed.trim());
  } catch {
    return null;
  }
  // Other transports of git run programs or read files: ssh, file, ext::. A password would stay in the conversation.
  if (url.protocol !== "https:" || url.username !== "" || url.password !== "" || url.pathname === "/") {
    return null;
  }
  url.hash = "";
  const name = decodeURIComponent(url.pathname.replace(/\/+$/, "").split("/").at(-1)).replace(/\.git$/, "");
  const quoted = `'${url.href.replaceAll("'", "%27")}'`;
  return {
    name: name || url.host,
    command: `/run GIT_TERMINAL_PROMPT=0 git -c protocol.allow=never -c protocol.https.allow=always clone -- ${quoted} .`,
  };
}
