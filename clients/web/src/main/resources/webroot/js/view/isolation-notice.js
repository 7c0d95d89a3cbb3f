// Says what keeps agents less apart from this machine than it should. Asked once: it stays as long as the server.
import { setText, show } from "../lib/dom.js";

export async function noticeIsolation(node) {
  try {
    const health = await (await fetch("/health")).json();
    const missing = health.podium?.details?.sandboxLacks ?? "";
    setText(node, missing && `Agents are not shut in as they should be: ${missing}. See docs/sandbox.md.`);
    show(node, missing !== "");
  } catch {
    // No answer: the connection's own banner says so.
  }
}
