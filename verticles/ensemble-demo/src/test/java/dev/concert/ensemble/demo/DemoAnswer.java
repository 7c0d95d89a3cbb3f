package dev.concert.ensemble.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.BlockCollector;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.RequestReader;
import dev.concert.ensemble.provider.ProviderOutcome;
import dev.concert.json.Json;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * An answer of the demo model.
 *
 * @param pieces as they streamed
 * @param blocks the whole answer, as a client sends it back
 */
record DemoAnswer(List<JsonNode> pieces, List<JsonNode> blocks, ProviderOutcome outcome) {

  /** Asks the model, as Ensemble does. */
  static DemoAnswer to(Vertx vertx, ObjectNode body) {
    InferenceRequest request = RequestReader.read(body);
    DemoProvider provider = new DemoProvider(vertx, Duration.ZERO);
    List<JsonNode> pieces = new ArrayList<>();
    BlockCollector whole = new BlockCollector();
    CompletableFuture<ProviderOutcome> end = new CompletableFuture<>();
    vertx.runOnContext(
        now ->
            provider
                .start(
                    provider.models().getFirst(),
                    request,
                    block -> {
                      pieces.add(json(block));
                      whole.add(block);
                    })
                .outcome()
                .onSuccess(end::complete)
                .onFailure(end::completeExceptionally));
    ProviderOutcome outcome = end.orTimeout(60, TimeUnit.SECONDS).join();
    return new DemoAnswer(pieces, whole.blocks().stream().map(DemoAnswer::json).toList(), outcome);
  }

  List<String> types() {
    return pieces.stream().map(piece -> piece.path("type").asText()).toList();
  }

  /** All its text. */
  String text() {
    return blocks.stream()
        .filter(block -> block.path("type").asText().equals("text"))
        .map(block -> block.path("text").asText())
        .reduce("", String::concat);
  }

  private static JsonNode json(Block block) {
    return Json.MAPPER.valueToTree(block);
  }
}
