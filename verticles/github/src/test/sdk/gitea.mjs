// The client of Gitea's API works with one repository, and says what it saw.
import { giteaApi } from "gitea-js";

const [web, token, name, commit] = process.argv.slice(2);
const [owner, repo] = name.split("/");
const api = giteaApi(web, { token, customFetch: fetch });
const refused = async (call) => {
  try {
    await call;
    return "taken";
  } catch (answer) {
    return `${answer.status} | ${answer.error.message}`;
  }
};

const seen = {};
seen.login = (await api.user.userGetCurrent()).data.login;
seen.branch = (await api.repos.repoGet(owner, repo)).data.default_branch;
seen.permission = (await api.repos.repoGetRepoPermissions(owner, repo, "bob")).data.permission;
seen.head = (await api.repos.repoGetBranch(owner, repo, "topic")).data.commit.id === commit;
const readme = (await api.repos.repoGetContents(owner, repo, "README.md")).data;
seen.readme = Buffer.from(readme.content, readme.encoding).toString();
const comment = (await api.repos.issueCreateComment(owner, repo, 1, { body: "hello" })).data;
await api.repos.issueEditComment(owner, repo, comment.id, { body: "hello 🙂" });
seen.comments = (await api.repos.issueGetComments(owner, repo, 1)).data.map((one) => one.body);
seen.reaction = (
  await api.repos.issuePostCommentReaction(owner, repo, comment.id, { content: "eyes" })
).status;
const pull = { title: "WIP: t", head: "topic", base: "main", body: "b" };
const opened = (await api.repos.repoCreatePullRequest(owner, repo, pull)).data;
seen.draft = opened.draft;
seen.listed = (await api.repos.repoListPullRequests(owner, repo, { state: "all" })).data.length;
seen.status = (
  await api.repos.repoCreateStatus(owner, repo, commit, { state: "success", context: "Concert" })
).data.status;
seen.ahead = (await api.repos.repoCompareDiff(owner, repo, `main...topic`)).data.total_commits;
seen.twice = (await refused(api.repos.repoCreatePullRequest(owner, repo, pull))).split(" [")[0];
seen.empty = await refused(api.repos.issueCreateComment(owner, repo, 1, { body: "" }));
seen.nobody = await refused(api.repos.repoGetRepoPermissions(owner, repo, "nobody"));
seen.gone = await refused(api.repos.repoGetBranch(owner, repo, "none"));
const other = giteaApi(web, { token: "wrong", customFetch: fetch });
seen.bad = await refused(other.user.userGetCurrent());
console.log(JSON.stringify(seen));
