// The page of GitHub: the work on issues, and the repositories that the tenant's Apps serve.
import { Account } from "./model/account.js";
import { setText, show } from "./lib/dom.js";
import { counted } from "./lib/format.js";
import { listRepositories, listRuns } from "./net/github-api.js";
import { Connection } from "./net/connection.js";
import { drawRepositories } from "./view/repository-list-view.js";
import { drawRuns } from "./view/run-list-view.js";

const SOON_MS = 300;
const find = (id) => document.getElementById(id);
const account = new Account();
const connection = new Connection(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws?protocol=2`);
let timer = null;

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

async function showRuns() {
  const runs = await listRuns();
  drawRuns(find("runs"), runs);
  setText(find("status"), counted(runs.length, "run"));
}

/** GitHub may be slow: the runs, which Concert has itself, do not wait for it. */
async function showRepositories() {
  const { repositories, broken } = await listRepositories();
  drawRepositories(find("repositories"), repositories, broken);
}

// What the server tells comes in bursts. The state of a run follows the one of its session.
connection.onMessage = ({ type }) => {
  const isInstallation = type === "github.installation_changed";
  if (/^(github\.|session_updated|session_created)/.test(type ?? "")) {
    clearTimeout(timer);
    timer = setTimeout(() => attempt(isInstallation ? showRepositories : showRuns), SOON_MS);
  }
};
connection.onStatus = (status) => (document.body.dataset.connection = status);

attempt(async () => {
  await account.load();
  if (account.mustSignIn) {
    await account.signIn();
    return;
  }
  connection.connectNow();
  await showRuns();
  await showRepositories();
  document.body.dataset.state = "ready";
});
