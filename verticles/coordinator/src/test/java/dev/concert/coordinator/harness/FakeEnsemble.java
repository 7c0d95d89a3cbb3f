package dev.concert.coordinator.harness;

import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.inference.InferenceMessages.Access;
import io.vertx.core.Future;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Plays Ensemble: gives out tokens, and takes them back. */
public final class FakeEnsemble {
  private final Map<String, String> tokens = new ConcurrentHashMap<>();

  FakeEnsemble(ConcertBus bus) {
    bus.serve(
        Addresses.OPEN_ACCESS,
        request -> {
          String token = "ens_" + UUID.randomUUID().toString().replace("-", "");
          tokens.put(request.instanceId(), token);
          return Future.succeededFuture(new Access("http://127.0.0.1:1", token, "demo"));
        });
    bus.serve(
        Addresses.CLOSE_ACCESS,
        request -> {
          tokens.remove(request.instanceId());
          return Future.succeededFuture(Accepted.ACCEPTED);
        });
  }

  /** The token of an instance, or "" when it has none. */
  public String token(String instanceId) {
    return tokens.getOrDefault(instanceId, "");
  }
}
