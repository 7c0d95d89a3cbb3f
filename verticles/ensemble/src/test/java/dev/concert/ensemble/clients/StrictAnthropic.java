package dev.concert.ensemble.clients;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.testing.vendor.AnthropicWire;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Plays Anthropic: refuses what it refuses, and counts what is in its prompt cache. Sources:
 * https://platform.claude.com/docs/en/api/messages and .../build-with-claude/prompt-caching.
 */
final class StrictAnthropic implements BiConsumer<FakeVendor.Asked, HttpServerResponse> {
  private static final Set<String> FIELDS =
      Set.of(
          "model",
          "max_tokens",
          "messages",
          "system",
          "tools",
          "tool_choice",
          "metadata",
          "stream",
          "temperature",
          "top_p",
          "top_k",
          "stop_sequences",
          "thinking",
          "output_config",
          "context_management",
          "cache_control",
          "service_tier");

  private static final int MOST_MARKS = 4;

  private final AnthropicWire wire = new AnthropicWire();
  private final Function<JsonNode, FakeAnswer> model;
  private final PlayedPromptCache cache = new PlayedPromptCache();

  /**
   * @param model answers a request
   */
  StrictAnthropic(Function<JsonNode, FakeAnswer> model) {
    this.model = model;
  }

  /** The tokens of all answers. */
  PlayedPromptCache.Total total() {
    return cache.total();
  }

  @Override
  public void accept(FakeVendor.Asked asked, HttpServerResponse to) {
    JsonNode body = EnsembleClient.json(asked.body());
    Optional<String> refusal = refusal(asked, body);
    if (refusal.isPresent()) {
      to.setStatusCode(400)
          .putHeader("content-type", "application/json")
          .end(wire.error(400, refusal.get()));
      return;
    }
    FakeAnswer answer = model.apply(body);
    FakeAnswer counted = answer.withUsage(cache.usage(PlayedPromptCache.anthropic(body)));
    if (body.path("stream").asBoolean()) {
      FakeVendor.begin(to);
      wire.events(counted).forEach(to::write);
      to.end();
    } else {
      to.putHeader("content-type", "application/json").end(wire.whole(counted));
    }
  }

  /** A tool call, and the answer once its result is there. */
  static Function<JsonNode, FakeAnswer> callThenAnswer(FakeAnswer call, FakeAnswer answer) {
    return body -> body.path("messages").toString().contains("tool_result") ? answer : call;
  }

  private static Optional<String> refusal(FakeVendor.Asked asked, JsonNode body) {
    String betas = String.valueOf(asked.headers().get("anthropic-beta"));
    if (!FakeVendor.KEY.equals(asked.headers().get("x-api-key"))
        || asked.headers().contains("authorization")) {
      return Optional.of("wrong credentials");
    }
    if (!"2023-06-01".equals(asked.headers().get("anthropic-version"))) {
      return Optional.of("anthropic-version: header is required");
    }
    for (var field : body.properties()) {
      if (!FIELDS.contains(field.getKey())) {
        return Optional.of(field.getKey() + ": Extra inputs are not permitted");
      }
    }
    if (body.has("context_management") && !betas.contains("context-management-")) {
      return Optional.of("context_management: Extra inputs are not permitted");
    }
    if (asked.body().contains("\"defer_loading\":") && !betas.contains("advanced-tool-use-")) {
      return Optional.of("tools.0.custom.defer_loading: Extra inputs are not permitted");
    }
    if (asked.body().contains("ensemble")) {
      return Optional.of("Extra inputs are not permitted");
    }
    if (count(asked.body(), "\"cache_control\":") > MOST_MARKS) {
      return Optional.of("A maximum of 4 blocks with cache_control may be provided");
    }
    return messages(body.path("messages"));
  }

  private static Optional<String> messages(JsonNode messages) {
    Set<String> called = new HashSet<>();
    for (int i = 0; i < messages.size(); i++) {
      JsonNode message = messages.path(i);
      String role = message.path("role").asText();
      if (!List.of("user", "assistant", "system").contains(role)
          || (i == 0 && role.equals("system"))) {
        return Optional.of("messages." + i + ".role: Input should be 'user' or 'assistant'");
      }
      if (message.path("content").isEmpty() && message.path("content").asText().isEmpty()) {
        return Optional.of("messages." + i + ": all messages must have non-empty content");
      }
      for (JsonNode block : message.path("content")) {
        String id = block.path("id").asText() + block.path("tool_use_id").asText();
        switch (block.path("type").asText()) {
          case "tool_use" -> called.add(id);
          case "tool_result" -> {
            if (!called.contains(id)) {
              return Optional.of("unexpected tool_use_id found in tool_result blocks: " + id);
            }
          }
          case "thinking" -> {
            if (block.path("signature").asText().isEmpty()) {
              return Optional.of("Invalid signature in thinking block");
            }
          }
          case "text" -> {
            if (block.path("text").asText().isBlank()) {
              return Optional.of("text content blocks must be non-empty");
            }
          }
          default -> {
            // Not checked.
          }
        }
      }
    }
    return Optional.empty();
  }

  private static int count(String text, String part) {
    return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
  }
}
