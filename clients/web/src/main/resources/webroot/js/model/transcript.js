// A conversation as a Markdown document, for somebody who reads it elsewhere.

export function transcriptOf({ session, items }) {
  const parts = items.map(partOf).filter((part) => part !== "");
  return `# ${session?.name ?? "Session"}\n\n${parts.join("\n\n")}\n`;
}

function partOf(item) {
  switch (item.kind) {
    case "user":
      return `## You\n\n${item.text}`;
    case "assistant":
      return `## Agent\n\n${item.text}`;
    case "tool":
      return toolOf(item);
    case "error":
      return `**Error ${item.code}:** ${item.message}`;
    default:
      return "";
  }
}

function toolOf({ toolName, arguments: given, output, error, terminal }) {
  const said = error?.message ?? textOf(output) ?? terminal?.chunks.map(({ text }) => text).join("");
  return [`**Tool ${toolName || "terminal"}**`, given && fenced(JSON.stringify(given, null, 2), "json"), said && fenced(said)]
    .filter(Boolean)
    .join("\n\n");
}

const textOf = (output) => (output == null || typeof output === "string" ? output : JSON.stringify(output, null, 2));

/** The fence is longer than any that the text has. */
function fenced(text, language = "") {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n$/, "")}\n${fence}`;
}
