package dev.concert.testing.github;

import dev.concert.testing.github.FakeGitHub.Delivery;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/** What the played GitHub delivered, and its routes. Guarded by its server. */
final class HookRoutes {
  private static final int MOST = 100;
  private static final Duration KEPT = Duration.ofDays(3);

  private final InstantSource clock;
  private final List<JsonObject> log = new ArrayList<>();
  private final Map<String, Delivery> deliveries = new HashMap<>();
  private ToIntFunction<Delivery> receiver = _ -> 503;
  private long lastId = 70_000;

  HookRoutes(InstantSource clock) {
    this.clock = clock;
  }

  /** Who is given what is delivered again; returns the status of the answer. */
  void receiver(ToIntFunction<Delivery> to) {
    receiver = to;
  }

  void delivered(Delivery delivery, int status, boolean isAgain) {
    String guid = delivery.headers().get("x-github-delivery");
    deliveries.put(guid, delivery);
    log.addFirst(
        new JsonObject()
            .put("id", ++lastId)
            .put("guid", guid)
            .put("delivered_at", clock.instant().toString())
            .put("redelivery", isAgain)
            .put("duration", 0.1)
            .put("status", status < 300 ? "OK" : "Invalid HTTP Response: " + status)
            .put("status_code", status)
            .put("event", delivery.headers().get("x-github-event"))
            .put("action", "created")
            .put("installation_id", FakeGitHub.INSTALLATION));
  }

  List<JsonObject> log() {
    return List.copyOf(log);
  }

  GitHubReply answer(HttpServerRequest request, String path, String base) {
    if (path.equals("/app/hook/deliveries")) {
      return list(request, base);
    }
    String[] parts = path.split("/");
    Optional<JsonObject> found =
        parts.length > 4 ? FakeRepository.byId(log, parts[4]) : Optional.empty();
    if (found.isEmpty()) {
      return GitHubReply.notFound();
    }
    if (parts.length == 5) {
      return GitHubReply.ok(found.get());
    }
    if (parts.length != 6
        || !parts[5].equals("attempts")
        || !request.method().name().equals("POST")) {
      return GitHubReply.notFound();
    }
    if (clock.instant().minus(KEPT).toString().compareTo(found.get().getString("delivered_at"))
        > 0) {
      return GitHubReply.error(422, "This delivery is too old to be redelivered.");
    }
    Delivery delivery = deliveries.get(found.get().getString("guid"));
    delivered(delivery, receiver.applyAsInt(delivery), true);
    return GitHubReply.of(202, new JsonObject());
  }

  /** The newest first; the next page begins with the delivery that the link names. */
  private GitHubReply list(HttpServerRequest request, String base) {
    int size = Integer.parseInt(Optional.ofNullable(request.getParam("per_page")).orElse("30"));
    if (size < 1 || size > MOST) {
      return GitHubReply.error(422, "Invalid request.\n\nper_page is too large.");
    }
    String cursor = Optional.ofNullable(request.getParam("cursor")).orElse("");
    int from =
        IntStream.range(0, log.size())
            .filter(at -> cursor.equals("v1_" + log.get(at).getLong("id")))
            .findFirst()
            .orElse(0);
    int to = Math.min(log.size(), from + size);
    GitHubReply page =
        new GitHubReply(
            200, new JsonArray(List.copyOf(log.subList(from, to))).encode(), Map.of(), false);
    return to == log.size()
        ? page
        : page.with(
            Map.of(
                "Link",
                "<%s/app/hook/deliveries?per_page=%d&cursor=v1_%d>; rel=\"next\""
                    .formatted(base, size, log.get(to).getLong("id"))));
  }
}
