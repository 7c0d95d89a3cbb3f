// Slack's own client for Socket Mode against the played Slack at the address of the first argument.
import { LogLevel, SocketModeClient } from "@slack/socket-mode";

const [url, appToken] = process.argv.slice(2);
const client = new SocketModeClient({ appToken, clientOptions: { slackApiUrl: url }, logLevel: LogLevel.ERROR });
const texts = [];
client.on("message", async ({ event, ack }) => {
  await ack();
  texts.push(event.text);
  console.log(`HEARD ${event.text}`);
  if (event.text === "second") {
    setTimeout(() => {
      console.log(JSON.stringify({ texts }));
      process.exit(0);
    }, 50);
  }
});
await client.start();
console.log("CONNECTED");
