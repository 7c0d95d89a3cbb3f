package dev.concert.ensemble.compatible.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The ids of the calls of a conversation. In this API a call may have none; then its result is
 * found by its name and order.
 */
final class CallIds {
  private final List<Pending> pending = new ArrayList<>();
  private int calls;

  private record Pending(String id, String name) {}

  /** The call's own id, or one that is the same whenever the conversation is sent. */
  String ofCall(JsonNode call) {
    calls++;
    String given = call.path("id").asText("");
    String id = given.isEmpty() ? "call_" + calls : given;
    pending.add(new Pending(id, call.path("name").asText()));
    return id;
  }

  /** The id of the call that this is the result of. */
  String ofResult(JsonNode response) {
    String given = response.path("id").asText("");
    String name = response.path("name").asText();
    Pending call =
        pending.stream()
            .filter(one -> given.isEmpty() ? one.name().equals(name) : one.id().equals(given))
            .findFirst()
            .or(() -> pending.stream().findFirst())
            .orElse(new Pending(given.isEmpty() ? "call_0" : given, name));
    pending.remove(call);
    return call.id();
  }
}
