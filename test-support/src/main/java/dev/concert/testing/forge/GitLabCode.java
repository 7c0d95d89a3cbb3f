package dev.concert.testing.forge;

import dev.concert.testing.github.GitBackend;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** What GitLab says of a project's branches, files and commits. */
record GitLabCode(GitBackend git, String name) {
  Optional<ForgeReply> answer(ForgeCall call) {
    return call.match("GET", "/repository/branches/([^/]+)")
        .map(
            parts ->
                git.commit(name, parts[0])
                    .map(
                        commit ->
                            ForgeReply.ok(
                                new JsonObject()
                                    .put("name", parts[0])
                                    .put("commit", new JsonObject().put("id", commit))))
                    .orElseGet(() -> FakeGitLab.notFound("Branch")))
        .or(() -> call.match("GET", "/repository/files/([^/]+)").map(parts -> file(parts[0])))
        .or(
            () ->
                call.match("GET", "/repository/merge_base")
                    .map(_ -> base(call.request().params().getAll("refs[]"))));
  }

  private ForgeReply file(String path) {
    try {
      String text = git.git(name, "show", PlayedForge.MAIN + ":" + path);
      return ForgeReply.ok(
          new JsonObject()
              .put("file_name", path)
              .put("size", text.length())
              .put("encoding", "base64")
              .put("content", Base64.getEncoder().encodeToString(text.getBytes()))
              .put("ref", "HEAD")
              .put("blob_id", git.git(name, "rev-parse", PlayedForge.MAIN + ":" + path)));
    } catch (AssertionError absent) {
      return FakeGitLab.notFound("File");
    }
  }

  private ForgeReply base(List<String> refs) {
    return refs.stream().allMatch(one -> git.isCommit(name, one))
        ? ForgeReply.ok(
            new JsonObject().put("id", git.git(name, "merge-base", refs.get(0), refs.get(1))))
        : FakeGitLab.notFound("Could not find ref: " + refs + ".");
  }
}
