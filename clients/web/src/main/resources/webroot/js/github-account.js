// The page of a member's account on GitHub, and of the App that GitHub makes for the tenant. GitHub
// sends the browser back to addresses that show this page; what they carry is used once.
import { Account } from "./model/account.js";
import { el, setText, show } from "./lib/dom.js";
import * as api from "./net/github-account-api.js";

const MANIFEST = "/github/manifest/callback";
const SETUP = "/github/setup";
const LINKED = "/github/oauth/callback";
const PENDING = "concert-github-installation";
const APP = "concert-github-app";
const find = (id) => document.getElementById(id);
const account = new Account();

/** Does something, and says what went wrong. */
async function attempt(work) {
  show(find("problem"), false);
  try {
    await work();
  } catch (failure) {
    setText(find("problem"), failure.message);
    show(find("problem"), true);
  }
}

/** A form, since GitHub takes the manifest by a post of the browser only. */
function submit({ url, manifest }) {
  const form = el("form", { method: "post", action: url, hidden: true }, el("input", { name: "manifest", value: manifest }));
  document.body.append(form);
  form.submit();
}

async function link(connectionId) {
  location.assign((await api.beginLink(connectionId)).url);
}

async function draw() {
  const { state, login } = await api.readLink();
  const isLinked = state === "linked";
  setText(find("link"), isLinked ? `You are @${login}.` : "You are not linked to an account.");
  show(find("link-account"), !isLinked);
  show(find("unlink-account"), isLinked);
  document.body.dataset.state = "ready";
}

async function connected(query) {
  const { bridge, installUrl } = await api.connectApp(query.get("code"), query.get("state"));
  sessionStorage.setItem(APP, bridge.connectionId);
  setText(find("status"), `The App ${bridge.account} is connected.`);
  find("install").href = installUrl;
  show(find("install"), true);
}

/** The App that GitHub speaks of: the one that was just connected, or the tenant's only one. */
async function appId() {
  const known = sessionStorage.getItem(APP);
  if (known !== null) {
    return known;
  }
  const [app, more] = await api.listApps();
  if (app === undefined || more !== undefined) {
    throw new Error("Say on the command line which App this is: concert bridge list.");
  }
  return app.connectionId;
}

/** The member has to show that the installation is theirs: the number may be anybody's. */
async function installed(installationId) {
  const connectionId = await appId();
  if ((await api.readLink()).state !== "linked") {
    sessionStorage.setItem(PENDING, String(installationId));
    await link(connectionId);
    return;
  }
  const bound = await api.bindInstallation(connectionId, installationId);
  setText(find("status"), `The repositories of ${bound.account} are connected.`);
}

async function linked(query) {
  await api.completeLink(query.get("state"), query.get("code"));
  const pending = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  if (pending !== null) {
    await installed(Number(pending));
  }
}

/** Where GitHub sent the browser, and with what. The address is not kept. */
async function returned() {
  const query = new URLSearchParams(location.search);
  const path = location.pathname;
  history.replaceState(null, "", "/github-account.html");
  if (query.has("error")) {
    throw new Error("You said no at GitHub.");
  }
  if (path === MANIFEST) {
    await connected(query);
  } else if (path === SETUP) {
    await installed(Number(query.get("installation_id")));
  } else if (path === LINKED) {
    await linked(query);
  }
}

find("connect").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(async () => submit(await api.beginApp(new FormData(event.target).get("organization").trim())));
});
find("link-account").addEventListener("click", () => attempt(() => link(sessionStorage.getItem(APP))));
find("unlink-account").addEventListener("click", () =>
  attempt(async () => {
    await api.removeLink();
    await draw();
  }),
);

attempt(async () => {
  await account.load();
  if (account.mustSignIn) {
    await account.signIn();
    return;
  }
  try {
    await returned();
  } finally {
    await draw();
  }
});
