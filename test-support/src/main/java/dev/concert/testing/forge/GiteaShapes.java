package dev.concert.testing.forge;

import dev.concert.testing.forge.PlayedForge.Delivery;
import dev.concert.testing.forge.PlayedForge.Thing;
import dev.concert.testing.forge.PlayedForge.Written;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Gitea's JSON: of its API, and of its webhooks. */
record GiteaShapes(FakeGitea gitea) {
  static final long REPOSITORY = 7;
  static final String OWNER = "ada";

  JsonObject comment(Written one) {
    return new JsonObject()
        .put("id", one.id())
        .put("body", one.text())
        .put("user", user(one.author()))
        .put("html_url", gitea.web() + "/" + gitea.name + "/issues/" + one.number());
  }

  JsonObject pull(int number) {
    Thing one = gitea.changes.get(number);
    return about(number)
        .put("draft", one.title.startsWith("WIP:"))
        .put("merged", false)
        .put("head", end(one.branch))
        .put("base", end(one.base));
  }

  JsonObject end(String branch) {
    return new JsonObject()
        .put("label", branch)
        .put("ref", branch)
        .put("sha", gitea.git.commit(gitea.name, branch).orElse(""))
        .put("repo_id", REPOSITORY)
        .put("repo", shown());
  }

  JsonObject about(int number) {
    Thing one = gitea.changes.getOrDefault(number, gitea.issues.get(number));
    return new JsonObject()
        .put("id", 9000 + number)
        .put("number", number)
        .put("title", one.title)
        .put("body", one.body)
        .put("user", user(one.author))
        .put("labels", new JsonArray())
        .put("assignees", null)
        .put("state", "open")
        .put("updated_at", Instant.now().toString())
        .put("pull_request", gitea.changes.containsKey(number) ? new JsonObject() : null);
  }

  JsonObject user(String login) {
    return new JsonObject()
        .put("id", gitea.id(login))
        .put("login", login)
        .put("username", login)
        .put("email", login + "@noreply.localhost");
  }

  JsonObject shown() {
    return new JsonObject()
        .put("id", REPOSITORY)
        .put("name", "engine")
        .put("full_name", gitea.name)
        .put("owner", user(OWNER))
        .put("default_branch", PlayedForge.MAIN)
        .put("archived", false);
  }

  Delivery hook(String event, String action, String author, JsonObject more) {
    byte[] body =
        new JsonObject()
            .put("action", action)
            .put("repository", shown())
            .put("sender", user(author))
            .mergeIn(more)
            .toBuffer()
            .getBytes();
    Map<String, String> headers = new HashMap<>();
    headers.put("content-type", "application/json");
    headers.put("x-gitea-event", event);
    headers.put("x-gitea-event-type", event);
    headers.put("x-gitea-delivery", UUID.randomUUID().toString());
    headers.put("x-gitea-signature", PlayedForge.hmac(body));
    return new Delivery(headers, body);
  }
}
