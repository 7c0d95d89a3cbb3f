// GitHub's own OAuth clients, in a browser's way and on a device, against the API of argument 1.
import { Octokit } from "@octokit/rest";
import { createOAuthDeviceAuth } from "@octokit/auth-oauth-device";
import * as oauth from "@octokit/oauth-methods";
import { request } from "@octokit/request";

const [api, clientId, clientSecret, code, forged] = process.argv.slice(2);
const at = request.defaults({ baseUrl: api });
// The package goes from the API's address to the pages' one, as on GitHub Enterprise Server.
const common = { clientType: "github-app", clientId, clientSecret, request: at };
const said = {};
const refused = async (work) => {
  try {
    await work();
    return "taken";
  } catch (error) {
    return `${error.status} | ${error.message.split(" (")[0].split(" - ")[0]}`;
  }
};

const { authentication } = await oauth.exchangeWebFlowCode({ ...common, code });
said.expires = Math.round((Date.parse(authentication.expiresAt) - Date.now()) / 3_600_000);
said.login = (await new Octokit({ baseUrl: api, auth: authentication.token }).users.getAuthenticated()).data.login;
said.twice = await refused(() => oauth.exchangeWebFlowCode({ ...common, code }));
said.forged = await refused(() => oauth.exchangeWebFlowCode({ ...common, code: forged, clientSecret: "wrong" }));
const renewed = await oauth.refreshToken({ ...common, refreshToken: authentication.refreshToken });
said.renewed = renewed.authentication.token !== authentication.token;
said.old = await refused(() => oauth.refreshToken({ ...common, refreshToken: authentication.refreshToken }));
said.checked = (await oauth.checkToken({ ...common, token: renewed.authentication.token })).data.user.login;
const { data } = await new Octokit({ baseUrl: api, auth: renewed.authentication.token }).apps.listInstallationsForAuthenticatedUser();
said.installations = data.installations.map((one) => one.account.login);
said.deleted = (await oauth.deleteAuthorization({ ...common, token: renewed.authentication.token })).status;
said.gone = await refused(() => oauth.checkToken({ ...common, token: renewed.authentication.token }));

const device = createOAuthDeviceAuth({
  clientType: "github-app",
  clientId,
  request: at,
  // A person would go there; the played one does.
  onVerification: ({ verification_uri, user_code }) => fetch(verification_uri, { method: "POST", body: new URLSearchParams({ user_code }) }),
});
said.device = (await new Octokit({ baseUrl: api, auth: (await device({ type: "oauth" })).token }).users.getAuthenticated()).data.login;
console.log(JSON.stringify(said));
