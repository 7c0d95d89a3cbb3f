// Google's own client of the Chat API, and its own check of tokens, against the played Google.
import { createPublicKey } from "node:crypto";
import { auth, chat } from "@googleapis/chat";

const [root, keyFile, authorization, audience, wrongAudience] = process.argv.slice(2);
const key = JSON.parse(keyFile);
const clientOf = (privateKey) => {
  const jwt = new auth.JWT({
    email: key.client_email,
    key: privateKey,
    keyId: key.private_key_id,
    scopes: ["https://www.googleapis.com/auth/chat.bot"],
  });
  // The library knows one address for tokens only.
  jwt.transporter.interceptors.request.add({
    resolved: async (config) => {
      config.url = new URL(String(config.url).replace("https://oauth2.googleapis.com", root));
      return config;
    },
  });
  return chat({ version: "v1", auth: jwt, rootUrl: `${root}/`, retry: false });
};
const failed = async (call) => {
  try {
    await call();
    return "no error";
  } catch (e) {
    const error = e.response?.data?.error;
    return typeof error === "string" ? `${error}: ${e.response.data.error_description}` : `${error?.code} ${error?.status ?? e.message}`;
  }
};

const client = clientOf(key.private_key);
const parent = "spaces/SWITNESS";
const message = (id, text) => ({
  parent,
  messageId: id,
  requestId: `request-${id}`,
  messageReplyOption: "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD",
  requestBody: { text, thread: { name: `${parent}/threads/T1` } },
});
const one = (await client.spaces.messages.create(message("client-one", "Grüße 🎻"))).data;
const again = (await client.spaces.messages.create(message("client-one", "another text"))).data;
const changed = (
  await client.spaces.messages.patch({ name: one.name, updateMask: "text", requestBody: { text: "changed" } })
).data;
const found = (await client.spaces.messages.get({ name: `${parent}/messages/client-one` })).data;

const file = (await client.media.download({ resourceName: "A1", alt: "media" }, { responseType: "text" })).data;

const certs = {};
for (const jwk of (await (await fetch(`${root}/jwk/chat`)).json()).keys) {
  certs[jwk.kid] = createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" });
}
const check = async (wanted) =>
  new auth.OAuth2().verifySignedJwtWithCertsAsync(authorization.replace("Bearer ", ""), certs, wanted, [
    "chat@system.gserviceaccount.com",
  ]);
const ticket = await check(audience);
console.log(
  JSON.stringify({
    thread: one.thread.name,
    same: again.name === one.name && again.text === one.text,
    changed: changed.text,
    found: found.text,
    file,
    taken: await failed(() =>
      client.spaces.messages.create({ ...message("client-one", "x"), requestId: "another" }),
    ),
    badName: await failed(() => client.spaces.messages.create(message("Not-Ours", "x"))),
    tooLong: await failed(() => client.spaces.messages.create(message("client-two", "x".repeat(4097)))),
    missing: await failed(() =>
      client.spaces.messages.patch({ name: `${parent}/messages/none`, updateMask: "text", requestBody: { text: "x" } }),
    ),
    gone: await failed(() => client.spaces.messages.create({ ...message("client-x", "x"), parent: "spaces/Sgone" })),
    audience: ticket.getPayload().aud,
    forged: (await check(wrongAudience).catch((e) => e.message)).startsWith("Wrong recipient"),
  }),
);
