// The admin API. The browser sends the cookie of the sign-in by itself; each change shows the token
// as well, which only this page can read.

let csrfToken = null;
let singleSignOn = false;

export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function ask(method, path, body) {
  const headers = csrfToken === null ? {} : { "X-CSRF-Token": csrfToken };
  let response;
  try {
    response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Refusal(0, "Ensemble cannot be reached.");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Refusal(response.status, answer.error?.message ?? `Ensemble answered ${response.status}.`);
  }
  return answer;
}

export const get = (path) => ask("GET", path);
export const post = (path, body = {}) => ask("POST", path, body);
export const remove = (path) => ask("DELETE", path);
export const put = (path, body) => ask("PUT", path, body);

async function session(method, body) {
  const { signed_in: signedIn, csrf_token: token, single_sign_on: offered } = await ask(method, "session", body);
  csrfToken = token;
  singleSignOn = offered;
  return signedIn;
}

/** Whether operators can sign in with their organization; known after the first answer about the session. */
export const hasSingleSignOn = () => singleSignOn;
export const isSignedIn = () => session("GET");
export const signIn = (key) => session("POST", { key });
export const signOut = () => session("DELETE");
