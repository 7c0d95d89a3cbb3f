package dev.concert.foundation.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridge.ClientCalls.AwaitEvents;
import dev.concert.bridge.ClientCalls.CallOperation;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.json.Json;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** Asks the gateway in the name of members. Non-blocking. */
public final class GatewayClient {
  /** A turn that is stopped may have an agent to take down. */
  private static final Duration TIMEOUT = Duration.ofSeconds(95);

  private static final Duration WAIT = Duration.ofSeconds(20);
  private static final int PAGE = 500;

  private final ConcertBus bus;
  private final Runnable verify;

  public GatewayClient(ConcertBus bus) {
    this(bus, () -> {});
  }

  /**
   * @param verify throws where the caller may have no effect any more; asked before each call
   */
  public GatewayClient(ConcertBus bus, Runnable verify) {
    this.bus = bus;
    this.verify = verify;
  }

  /** An empty request. */
  public static ObjectNode request() {
    return Json.MAPPER.createObjectNode();
  }

  /**
   * Calls an operation.
   *
   * @return its reply; fails as the operation does
   */
  public Future<JsonNode> call(
      String tenantId, String userId, String operation, ObjectNode request) {
    try {
      verify.run();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
    return bus.request(
            Addresses.CALL_OPERATION,
            new CallOperation(tenantId, userId, operation, request.toString()),
            TIMEOUT)
        .map(reply -> tree(reply.reply()));
  }

  /**
   * Events of a session, in their order.
   *
   * @param hasMore whether more are there already
   */
  public record SessionEvents(List<JsonNode> events, boolean hasMore) {}

  /** The next events of a session; none after a while in which nothing happens. */
  public Future<SessionEvents> events(
      String tenantId, String userId, String sessionId, long afterSeq) {
    return bus.request(
            Addresses.AWAIT_EVENTS,
            new AwaitEvents(tenantId, userId, sessionId, afterSeq, PAGE, WAIT.toMillis()),
            WAIT.plusSeconds(20))
        .map(
            page ->
                new SessionEvents(
                    page.events().stream().map(GatewayClient::tree).toList(), page.hasMore()));
  }

  private static JsonNode tree(String json) {
    try {
      return Json.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The gateway's reply is not JSON", e);
    }
  }
}
