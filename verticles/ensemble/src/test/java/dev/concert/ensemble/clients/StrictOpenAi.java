package dev.concert.ensemble.clients;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.ResponsesWire;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Plays OpenAI's Responses: refuses what it refuses, and counts what is in its prompt cache.
 * Source: https://platform.openai.com/docs/api-reference/responses.
 */
final class StrictOpenAi implements BiConsumer<FakeVendor.Asked, HttpServerResponse> {
  private final ResponsesWire wire = new ResponsesWire();
  private final Function<JsonNode, FakeAnswer> model;
  private final PlayedPromptCache cache = new PlayedPromptCache();

  /**
   * @param model answers a request
   */
  StrictOpenAi(Function<JsonNode, FakeAnswer> model) {
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
    FakeAnswer counted =
        model.apply(body).withUsage(cache.usage(PlayedPromptCache.openAi(body, "input")));
    if (body.path("stream").asBoolean()) {
      FakeVendor.begin(to);
      wire.events(counted).forEach(to::write);
      to.end();
    } else {
      to.putHeader("content-type", "application/json").end(wire.whole(counted));
    }
  }

  private static Optional<String> refusal(FakeVendor.Asked asked, JsonNode body) {
    if (!("Bearer " + FakeVendor.KEY).equals(asked.headers().get("authorization"))) {
      return Optional.of("Incorrect API key provided");
    }
    if (asked.body().contains("ensemble") || asked.body().contains("_ens_")) {
      return Optional.of("Unknown parameter");
    }
    for (JsonNode tool : body.path("tools")) {
      if (tool.path("type").asText().isEmpty()) {
        return Optional.of("Missing required parameter: 'tools[0].type'.");
      }
    }
    Set<String> called = new HashSet<>();
    for (JsonNode item : body.path("input")) {
      String type = item.path("type").asText();
      if (type.endsWith("_call")) {
        called.add(item.path("call_id").asText());
      } else if (type.endsWith("_call_output") && !called.contains(item.path("call_id").asText())) {
        return Optional.of("No tool call found for function call output");
      } else if (type.equals("item_reference")) {
        return Optional.of("Item not found. Items are not persisted when `store` is false.");
      }
    }
    return Optional.empty();
  }
}
