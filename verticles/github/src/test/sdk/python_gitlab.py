"""python-gitlab works in a project, and says what it saw."""
import json
import sys

import gitlab

web, token, name, commit = sys.argv[1:]
client = gitlab.Gitlab(web, private_token=token)
client.auth()
project = client.projects.get(name)


def refused(call):
    try:
        call()
        return "taken"
    except gitlab.exceptions.GitlabError as answer:
        return [answer.response_code, str(answer.error_message)]


issue = project.issues.get(1)
note = issue.notes.create({"body": "hello"})
note.body = "hello 🙂"
note.save()
note.awardemojis.create({"name": "eyes"})
request = {"title": "Draft: t", "source_branch": "topic", "target_branch": "main"}
opened = project.mergerequests.create(request)
statuses = project.commits.get(commit, lazy=True).statuses
seen = {
    "user": client.user.username,
    "scopes": client.personal_access_tokens.get("self").scopes,
    "branch": project.default_branch,
    "head": project.branches.get("topic").commit["id"] == commit,
    "readme": project.files.get("README.md", ref="HEAD").decode().decode(),
    "levels": [one.access_level for one in project.members_all.list(query="bob")],
    "notes": [one.body for one in issue.notes.list()],
    "draft": opened.draft,
    "listed": len(project.mergerequests.list(state="all", source_branch="topic")),
    "running": statuses.create({"state": "running", "name": "Concert"}).status,
    "again": refused(lambda: statuses.create({"state": "running", "name": "Concert"})),
    "done": statuses.create({"state": "success", "name": "Concert"}).status,
    "twice": refused(lambda: project.mergerequests.create(request)),
    "emoji": refused(lambda: note.awardemojis.create({"name": "eyes"})),
    "empty": refused(lambda: issue.notes.create({"body": ""})),
    "gone": refused(lambda: project.branches.get("none")),
    "nowhere": refused(lambda: client.projects.get("acme/none")),
    "bad": refused(lambda: gitlab.Gitlab(web, private_token="wrong").auth()),
}
print(json.dumps(seen))
