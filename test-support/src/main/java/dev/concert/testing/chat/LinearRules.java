package dev.concert.testing.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** What Linear refuses in the inputs of its mutations. */
final class LinearRules {
  private static final Map<String, Set<String>> INPUTS =
      Map.of(
          "AgentActivity",
          Set.of(
              "agentSessionId",
              "content",
              "contextualMetadata",
              "ephemeral",
              "id",
              "signal",
              "signalMetadata"),
          "AgentSession",
          Set.of(
              "addedExternalUrls",
              "dismissedAt",
              "externalLink",
              "externalUrls",
              "plan",
              "removedExternalUrls",
              "userState"),
          "Issue",
          Set.of("stateId", "delegateId", "assigneeId", "title", "description"));

  private static final Map<String, Set<String>> CONTENTS =
      Map.of(
          "thought", Set.of("body"),
          "elicitation", Set.of("body"),
          "response", Set.of("body"),
          "error", Set.of("body"),
          "action", Set.of("action", "parameter"));

  private LinearRules() {}

  static Optional<JsonObject> activity(JsonObject input) {
    Optional<JsonObject> unknown = unknown("AgentActivityCreateInput", "AgentActivity", input);
    if (unknown.isPresent()) {
      return unknown;
    }
    JsonObject content = input.getJsonObject("content", new JsonObject());
    String type = content.getString("type", "");
    boolean isComplete =
        CONTENTS.containsKey(type)
            && CONTENTS.get(type).stream().allMatch(one -> content.getValue(one) instanceof String)
            && !content.getString("body", "x").isEmpty();
    boolean mayPass = type.equals("thought") || type.equals("action");
    boolean isAsking = type.equals("elicitation");
    String signal = input.getString("signal");
    return !isComplete
            || input.getBoolean("ephemeral", false) && !mayPass
            || signal != null && !(isAsking && hasMetadata(signal, input))
            || !isId(input.getString("id"))
        ? Optional.of(
            FakeLinear.error("Argument Validation Error", "invalid input", "INVALID_INPUT", 400))
        : Optional.empty();
  }

  private static boolean hasMetadata(String signal, JsonObject input) {
    JsonObject metadata = input.getJsonObject("signalMetadata", new JsonObject());
    return switch (signal) {
      case "select" -> !metadata.getJsonArray("options", new JsonArray()).isEmpty();
      case "auth" -> metadata.getString("url", "").startsWith("http");
      default -> false;
    };
  }

  private static boolean isId(String id) {
    try {
      return id == null || UUID.fromString(id).version() == 4;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static Optional<JsonObject> update(String type, JsonObject input) {
    return unknown(type + "UpdateInput", type, input);
  }

  private static Optional<JsonObject> unknown(String name, String type, JsonObject input) {
    Set<String> unknown = new TreeSet<>(input.fieldNames());
    unknown.removeAll(INPUTS.get(type));
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of(
            FakeLinear.error(
                "Variable \"$input\" got invalid value; Field \"%s\" is not defined by type \"%s\"."
                    .formatted(unknown.iterator().next(), name),
                "graphql error",
                "BAD_USER_INPUT",
                400));
  }
}
