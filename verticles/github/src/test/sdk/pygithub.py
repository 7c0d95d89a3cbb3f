"""PyGithub works as an App, and says what it saw."""
import json
import sys

from github import Auth, Github, GithubException

base, app, key, installation = sys.argv[1:]
auth = Auth.AppAuth(int(app), open(key).read())
github = Github(base_url=base, auth=auth.get_installation_auth(int(installation)), retry=None)
repository = github.get_repo("ada/engine")
issue = repository.get_issue(1)
comment = issue.create_comment("from Python")
comment.edit("from Python, edited")
seen = {
    "branch": repository.default_branch,
    "comments": [one.body for one in issue.get_comments()],
    "readme": repository.get_contents("README.md").decoded_content.decode(),
    "permission": repository.get_collaborator_permission("ada"),
}
pull = repository.create_pull(base="main", head="topic", title="t", body="b", draft=True)
seen["draft"] = pull.draft
try:
    repository.create_pull(base="main", head="topic", title="t", body="b")
except GithubException as refused:
    seen["twice"] = [refused.status, refused.data["errors"][0]["message"]]
print(json.dumps(seen))
