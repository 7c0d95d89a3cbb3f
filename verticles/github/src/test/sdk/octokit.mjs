// GitHub's own client works as an App, and says what it saw.
import { App } from "@octokit/app";
import { Octokit } from "@octokit/rest";
import { readFileSync } from "node:fs";

const [baseUrl, appId, keyFile, installation] = process.argv.slice(2);
const privateKey = readFileSync(keyFile, "utf8");
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const app = new App({ appId, privateKey, Octokit: Octokit.defaults({ baseUrl, log: quiet }), log: quiet });
const refusal = async (call) => {
  try {
    await call;
    return "none";
  } catch (error) {
    const errors = error.response?.data?.errors?.map((one) => one.message ?? one.code) ?? [];
    return [error.status, error.response?.data?.message, ...errors].join(" | ");
  }
};

const seen = {};
seen.slug = (await app.octokit.request("GET /app")).data.slug;
const octokit = await app.getInstallationOctokit(Number(installation));
const repo = { owner: "ada", repo: "engine" };
seen.branch = (await octokit.rest.repos.get(repo)).data.default_branch;
seen.permission = (await octokit.rest.repos.getCollaboratorPermissionLevel({ ...repo, username: "ada" })).data.permission;
seen.head = (await octokit.rest.git.getRef({ ...repo, ref: "heads/main" })).data.object.sha.length;
const file = (await octokit.rest.repos.getContent({ ...repo, path: "README.md" })).data;
seen.readme = Buffer.from(file.content, "base64").toString();
const made = (await octokit.rest.issues.createComment({ ...repo, issue_number: 1, body: "hello" })).data;
await octokit.rest.issues.updateComment({ ...repo, comment_id: made.id, body: "hello 🙂" });
seen.comments = (await octokit.paginate(octokit.rest.issues.listComments, { ...repo, issue_number: 1 })).map((one) => one.body);
seen.reaction = (await octokit.rest.reactions.createForIssue({ ...repo, issue_number: 1, content: "eyes" })).status;
seen.again = (await octokit.rest.reactions.createForIssue({ ...repo, issue_number: 1, content: "eyes" })).status;
const pull = { ...repo, title: "t", head: "topic", base: "main", draft: true };
const opened = (await octokit.rest.pulls.create(pull)).data;
seen.draft = opened.draft;
seen.twice = await refusal(octokit.rest.pulls.create(pull));
seen.empty = await refusal(octokit.rest.issues.createComment({ ...repo, issue_number: 1, body: " " }));
seen.gone = await refusal(octokit.rest.issues.get({ ...repo, issue_number: 99 }));
seen.noReviewer = await refusal(octokit.rest.pulls.requestReviewers({ ...repo, pull_number: opened.number, reviewers: ["mallory"] }));
const bad = new Octokit({ auth: "ghs_none", baseUrl, log: quiet });
seen.bad = await refusal(bad.rest.repos.get(repo));
console.log(JSON.stringify(seen));
