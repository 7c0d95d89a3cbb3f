// Microsoft's own playground of Teams, in this process, at the port of the first argument.
import { createRequire } from "node:module";

const [port, bot] = process.argv.slice(2);
process.argv = [process.argv[0], "cli.js", "start", "-e", bot, "-c", "msteams", "-p", port, "--dt"];
createRequire(import.meta.url)("@microsoft/m365agentsplayground/cli.js");

const api = `http://127.0.0.1:${port}`;
const config = async () => {
  for (;;) {
    try {
      const found = (await (await fetch(`${api}/_internal/v1/config`)).json()).config;
      if (found) {
        return found;
      }
    } catch {
      // It is not there yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};
const { currentUser, personalChat } = await config();
await fetch(`${api}/_conversation/v1/conversations/${personalChat.id}/messages`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ from: { id: currentUser.id }, text: "hello", textFormat: "plain" }),
});
process.stdout.write("SAID\n");
