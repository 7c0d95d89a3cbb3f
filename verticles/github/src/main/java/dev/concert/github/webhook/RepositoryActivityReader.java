package dev.concert.github.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.automation.EventMessages.RepositoryActivity;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.json.Json;
import dev.concert.text.ShortText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes what automations hear of webhooks. Pure. */
public final class RepositoryActivityReader {
  private static final int LONGEST_TEXT = 8_000;
  private static final int MAX_COMMITS = 20;
  private static final String BRANCH = "refs/heads/";

  private RepositoryActivityReader() {}

  /**
   * What a webhook says; empty where it is about no repository, or where the App's own bot did it:
   * what it does must not begin it again.
   *
   * @param name the header {@code X-GitHub-Event}
   */
  public static Optional<RepositoryActivity> read(
      ForgeConnection connection, String deliveryId, String name, JsonNode payload) {
    JsonNode repository = payload.path("repository");
    String owner =
        repository
            .path("owner")
            .path("login")
            .asText(repository.path("owner").path("name").asText());
    String sender = payload.path("sender").path("login").asText();
    if (!repository.has("name") || sender.equals(connection.bot())) {
      return Optional.empty();
    }
    JsonNode about = about(payload);
    return Optional.of(
        new RepositoryActivity(
            connection.tenantId(),
            deliveryId,
            connection.id(),
            payload.path("installation").path("id").asLong(),
            name,
            payload.path("action").asText(),
            owner,
            repository.path("name").asText(),
            about.path("number").asInt(),
            sender,
            payload.path("label").path("name").asText(),
            labels(about),
            branch(payload),
            details(payload, about).toString()));
  }

  private static JsonNode about(JsonNode payload) {
    return payload.has("issue") ? payload.path("issue") : payload.path("pull_request");
  }

  private static List<String> labels(JsonNode about) {
    List<String> labels = new ArrayList<>();
    about.path("labels").forEach(label -> labels.add(label.path("name").asText()));
    return labels;
  }

  private static String branch(JsonNode payload) {
    String ref = payload.path("ref").asText();
    return Stream.of(
            ref.startsWith("refs/") && !ref.startsWith(BRANCH) ? "" : ref.replace(BRANCH, ""),
            payload.path("pull_request").path("base").path("ref").asText(),
            payload.path("workflow_run").path("head_branch").asText(),
            payload.path("check_suite").path("head_branch").asText(),
            payload.path("check_run").path("check_suite").path("head_branch").asText(),
            payload.path("release").path("target_commitish").asText())
        .filter(branch -> !branch.isEmpty() && !branch.equals("null"))
        .findFirst()
        .orElse("");
  }

  private static ObjectNode details(JsonNode payload, JsonNode about) {
    ObjectNode details = Json.MAPPER.createObjectNode();
    put(details, "title", about.path("title"));
    put(details, "body", about.path("body"));
    put(details, "url", about.path("html_url"));
    put(details, "head", about.path("head").path("sha"));
    for (String one : List.of("comment", "review", "release", "workflow_run", "check_run")) {
      JsonNode part = payload.path(one);
      if (part.isObject()) {
        ObjectNode shown = details.putObject(one);
        for (String field :
            List.of(
                "name", "body", "state", "conclusion", "path", "line", "html_url", "head_sha")) {
          put(shown, field, part.path(field));
        }
      }
    }
    put(details, "label", payload.path("label").path("name"));
    put(details, "assignee", payload.path("assignee").path("login"));
    put(details, "before", payload.path("before"));
    put(details, "after", payload.path("after"));
    int commits = 0;
    for (JsonNode commit : payload.path("commits")) {
      if (commits++ < MAX_COMMITS) {
        details
            .withArray("commits")
            .addObject()
            .put("id", commit.path("id").asText())
            .put("message", ShortText.marked(commit.path("message").asText(), 500));
      }
    }
    return details;
  }

  private static void put(ObjectNode into, String name, JsonNode value) {
    if (value.isValueNode() && !value.isNull()) {
      into.put(name, ShortText.marked(value.asText(), LONGEST_TEXT));
    }
  }
}
