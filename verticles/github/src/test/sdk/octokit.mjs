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
    const errors = error.response?.data?.errors?.map((one) => one.message ?? one.code ?? one) ?? [];
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

// Checks.
const commit = opened.head.sha;
const check = (await octokit.rest.checks.create({ ...repo, name: "c", head_sha: commit, status: "in_progress", external_id: "x" })).data;
const note = (line) => ({ path: "README.md", start_line: line, end_line: line, annotation_level: "notice", message: "m" });
const notes = (many) => ({ title: "t", summary: "s", annotations: Array.from({ length: many }, (_, at) => note(at + 1)) });
const update = { ...repo, check_run_id: check.id };
seen.tooMany = await refusal(octokit.rest.checks.update({ ...update, output: notes(51) }));
await octokit.rest.checks.update({ ...update, output: notes(50) });
await octokit.rest.checks.update({ ...update, output: notes(2) });
seen.noConclusion = await refusal(octokit.rest.checks.update({ ...update, status: "completed" }));
await octokit.rest.checks.update({ ...update, status: "completed", conclusion: "success" });
seen.checks = (await octokit.paginate(octokit.rest.checks.listForRef, { ...repo, ref: commit })).map((one) => [one.external_id, one.conclusion, one.output.annotations_count]);
seen.noCommit = await refusal(octokit.rest.checks.create({ ...repo, name: "c", head_sha: "0".repeat(40) }));

// Reviews.
const pr = { ...repo, pull_number: opened.number };
seen.files = (await octokit.paginate(octokit.rest.pulls.listFiles, pr)).map((one) => [one.filename, one.status, one.patch]);
const review = (path, line) => octokit.rest.pulls.createReview({ ...pr, event: "COMMENT", body: "b", comments: [{ path, line, side: "RIGHT", body: "c" }] });
seen.noLine = await refusal(review("new.txt", 9));
seen.noPath = await refusal(review("README.md", 1));
seen.ownPull = await refusal(octokit.rest.pulls.createReview({ ...pr, event: "APPROVE" }));
await review("new.txt", 2);
seen.reviews = (await octokit.paginate(octokit.rest.pulls.listReviews, pr)).map((one) => [one.state, one.body, one.commit_id === commit]);
seen.onLines = (await octokit.paginate(octokit.rest.pulls.listReviewComments, pr)).map((one) => [one.path, one.line]);

// Deliveries, page by page.
const deliveries = await app.octokit.paginate("GET /app/hook/deliveries", { per_page: 2 });
seen.deliveries = deliveries.map((one) => [one.event, one.status_code]);
seen.again = [seen.again, (await app.octokit.request("POST /app/hook/deliveries/{delivery_id}/attempts", { delivery_id: deliveries[0].id })).status];
seen.noDelivery = await refusal(app.octokit.request("POST /app/hook/deliveries/{delivery_id}/attempts", { delivery_id: 1 }));
seen.installation = (await app.octokit.request("GET /repos/{owner}/{repo}/installation", repo)).data.id;
const bad = new Octokit({ auth: "ghs_none", baseUrl, log: quiet });
seen.bad = await refusal(bad.rest.repos.get(repo));
console.log(JSON.stringify(seen));
