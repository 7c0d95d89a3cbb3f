// Linear's own client against the played Linear at the address of the first argument.
import { LinearClient } from "@linear/sdk";
import { LinearWebhookClient } from "@linear/sdk/webhooks";

const [url, clientId, clientSecret, session, webhookSecret, webhook, signature] = process.argv.slice(2);
const failed = async (call) => {
  try {
    await call();
    return "no error";
  } catch (e) {
    return `${e.type}: ${e.errors?.[0]?.message ?? e.message}`;
  }
};
const id = "6f1f2a30-0000-4000-8000-000000000001";

const form = new URLSearchParams({
  grant_type: "client_credentials",
  scope: "read,write,app:assignable,app:mentionable",
  client_id: clientId,
  client_secret: clientSecret,
});
const token = await (await fetch(`${url}/oauth/token`, { method: "POST", body: form })).json();
const client = new LinearClient({ accessToken: token.access_token, apiUrl: `${url}/graphql` });
const seen = {};
const viewer = await client.viewer;
seen.viewer = viewer.id;
const thought = { agentSessionId: session, id, content: { type: "thought", body: "Grüße 🎻" } };
const created = await client.createAgentActivity(thought);
seen.created = [created.success, created.agentActivityId];
seen.again = await failed(() => client.createAgentActivity(thought));
seen.found = (await client.agentActivity(id)).id;
const asked = await client.createAgentActivity({
  agentSessionId: session,
  content: { type: "elicitation", body: "Which?" },
  signal: "select",
  signalMetadata: { options: [{ label: "Allow", value: "Allow" }] },
});
seen.asked = asked.success;
const planned = await client.updateAgentSession(session, { plan: [{ content: "Look", status: "inProgress" }] });
seen.planned = planned.success;
const { uploadFile } = await client.fileUpload("text/plain", "a.txt", 6);
const headers = { "Content-Type": "text/plain" };
uploadFile.headers.forEach(({ key, value }) => (headers[key] = value));
await fetch(uploadFile.uploadUrl, { method: "PUT", headers, body: "Grüß" });
const access = { headers: { Authorization: `Bearer ${token.access_token}` } };
seen.file = [await (await fetch(uploadFile.assetUrl, access)).text(), (await fetch(uploadFile.assetUrl)).status];
seen.lost = await failed(() => client.createAgentActivity({ ...thought, id: undefined, agentSessionId: "none" }));
seen.passing = await failed(() =>
  client.createAgentActivity({ agentSessionId: session, ephemeral: true, content: { type: "response", body: "x" } }),
);
seen.unknown = await failed(() => client.createAgentActivity({ ...thought, id: undefined, colour: "red" }));
console.log("LIMIT");
await new Promise((resolve) => process.stdin.once("data", resolve));
seen.limited = await failed(() => client.createAgentActivity({ ...thought, id: undefined }));
const stranger = new LinearClient({ accessToken: "lin_oauth_wrong", apiUrl: `${url}/graphql` });
seen.token = await failed(() => stranger.viewer);
const body = Buffer.from(webhook, "base64");
seen.webhook = new LinearWebhookClient(webhookSecret).verify(body, signature, JSON.parse(body).webhookTimestamp);
console.log(JSON.stringify(seen));
process.exit(0);
