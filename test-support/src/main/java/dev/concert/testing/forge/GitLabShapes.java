package dev.concert.testing.forge;

import dev.concert.testing.forge.PlayedForge.Delivery;
import dev.concert.testing.forge.PlayedForge.Shown;
import dev.concert.testing.forge.PlayedForge.Thing;
import dev.concert.testing.forge.PlayedForge.Written;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** GitLab's JSON: of its API, and of its webhooks. */
record GitLabShapes(FakeGitLab gitlab) {
  static final long PROJECT = 42;

  JsonObject note(Written one) {
    return new JsonObject()
        .put("id", one.id())
        .put("body", one.text())
        .put("author", user(one.author()))
        .put("system", false)
        .put("internal", false)
        .put("noteable_iid", one.number())
        .put("noteable_type", one.isChange() ? "MergeRequest" : "Issue");
  }

  JsonObject request(Thing one) {
    JsonArray reviewers = new JsonArray();
    one.reviewers.forEach(login -> reviewers.add(user(login)));
    return about(one)
        .put("author", user(one.author))
        .put("reviewers", reviewers)
        .put("sha", gitlab.git.commit(gitlab.name, one.branch).orElse(null))
        .put("project_id", PROJECT)
        .put("draft", one.title.startsWith("Draft: "));
  }

  JsonObject about(Thing one) {
    JsonObject about =
        new JsonObject()
            .put("id", 9000 + one.number)
            .put("iid", one.number)
            .put("title", one.title)
            .put("description", one.body)
            .put("author_id", gitlab.id(one.author))
            .put("state", "opened")
            .put("updated_at", Instant.now().toString());
    return one.branch.isEmpty()
        ? about
        : about
            .put("source_branch", one.branch)
            .put("target_branch", one.base)
            .put("source_project_id", PROJECT)
            .put("target_project_id", PROJECT)
            .put(
                "last_commit",
                new JsonObject()
                    .put("id", gitlab.git.commit(gitlab.name, one.branch).orElse(null)));
  }

  static JsonObject status(Shown one) {
    return new JsonObject()
        .put("id", one.id())
        .put("sha", one.commit())
        .put("name", one.name())
        .put("status", one.state())
        .put("target_url", one.url())
        .put("description", one.text());
  }

  JsonObject user(String login) {
    return new JsonObject()
        .put("id", gitlab.id(login))
        .put("username", login)
        .put("name", login)
        .put("state", "active");
  }

  JsonObject shown() {
    return new JsonObject()
        .put("id", PROJECT)
        .put("name", "engine")
        .put("path_with_namespace", gitlab.name)
        .put("default_branch", PlayedForge.MAIN)
        .put("archived", false)
        .put("web_url", gitlab.web() + "/" + gitlab.name);
  }

  Delivery hook(String event, String kind, String author, JsonObject attributes, JsonObject more) {
    JsonObject payload =
        new JsonObject()
            .put("object_kind", kind)
            .put("event_type", kind)
            .put("user", user(author))
            .put("project", shown())
            .put("object_attributes", attributes)
            .mergeIn(more);
    Map<String, String> headers = new HashMap<>();
    headers.put("content-type", "application/json");
    headers.put("user-agent", "GitLab/18.4.0");
    headers.put("x-gitlab-event", event);
    headers.put("x-gitlab-event-uuid", UUID.randomUUID().toString());
    headers.put("idempotency-key", UUID.randomUUID().toString());
    headers.put("x-gitlab-token", PlayedForge.WEBHOOK_SECRET);
    return new Delivery(headers, payload.toBuffer().getBytes());
  }
}
