// Microsoft's own client of the Connector API, and its own check of tokens, against the played Teams.
import { ChannelValidation, ConnectorClient, JwtTokenValidation, SimpleCredentialProvider } from "botframework-connector";

const [login, openId, serviceUrl, tenant, app, password, authorization, activityText, forged] = process.argv.slice(2);
const tokenOf = async (secret) => {
  const reply = await fetch(`${login}/${tenant}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: app,
      client_secret: secret,
      scope: "https://api.botframework.com/.default",
    }),
  });
  return [reply.status, await reply.json()];
};
const failed = async (call) => {
  try {
    await call();
    return "no error";
  } catch (e) {
    return `${e.statusCode ?? ""} ${e.code ?? e.message}`.trim();
  }
};

const [, { access_token: token }] = await tokenOf(password);
const clientOf = (value) =>
  new ConnectorClient(
    {
      signRequest: async (request) => {
        request.headers.set("authorization", `Bearer ${value}`);
        return request;
      },
    },
    { baseUri: serviceUrl, noRetryPolicy: true },
  );
const client = clientOf(token).conversations;
const place = "19:witness@thread.tacv2;messageid=1";
const posted = await client.sendToConversation(place, { type: "message", text: "Grüße 🎻" });
const updated = await client.updateActivity(place, posted.id, { type: "message", text: "changed" });
const second = await client.sendToConversation(place, { type: "message", text: "gone soon" });
await client.deleteActivity(place, second.id);

ChannelValidation.OpenIdMetadataEndpoint = openId;
const check = (header) =>
  JwtTokenValidation.authenticateRequest(
    JSON.parse(activityText),
    header,
    new SimpleCredentialProvider(app, ""),
    "",
  );
const identity = await check(authorization);
console.log(
  JSON.stringify({
    same: updated.id === posted.id,
    missing: await failed(() => client.updateActivity(place, "1", { type: "message", text: "x" })),
    gone: await failed(() => client.sendToConversation("19:gone@thread.tacv2", { type: "message", text: "x" })),
    tooBig: await failed(() => client.sendToConversation(place, { type: "message", text: "x".repeat(60000) })),
    unauthorized: await failed(() => clientOf("wrong").conversations.sendToConversation(place, { type: "message", text: "x" })),
    secret: (await tokenOf("wrong")).map((one) => one.error ?? one).join(" "),
    audience: identity.getClaimValue("aud"),
    forged: (await failed(() => check(forged))).includes("Unauthorized"),
  }),
);
process.exit(0);
