package dev.concert.ensemble.provider;

import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.RequestReader;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.upstream.ProviderOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Providers for tests that need no connection. */
final class FakeModels {
  private FakeModels() {}

  static ProviderOptions options(String type) {
    JsonObject provider =
        new JsonObject()
            .put("name", "vendor")
            .put("type", type)
            .put("baseUrl", "http://127.0.0.1:9")
            .put(
                "models",
                new JsonArray().add(new JsonObject().put("id", "m").put("thinking", true)));
    JsonObject config =
        new JsonObject()
            .put("ensemble", new JsonObject().put("providers", new JsonArray().add(provider)));
    return EnsembleOptions.from(config, Map.of()).providers().getFirst();
  }

  static ServedModel model() {
    return options("anthropic").models().getFirst();
  }

  /** A request of a client of the native API. */
  static InferenceRequest question() {
    return RequestReader.read(
        Buffer.buffer("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"));
  }
}
