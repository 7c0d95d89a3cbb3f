package dev.concert.automations.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridge.ClientCalls.AwaitEvents;
import dev.concert.bridge.ClientCalls.CallOperation;
import dev.concert.bridge.ClientCalls.EventPage;
import dev.concert.bridge.ClientCalls.OperationReply;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A gateway whose agents answer at once, or when the test lets them. It outlives the engine, as
 * sessions outlive a crash. Thread-safe.
 */
final class FakeGateway {
  private final Map<String, ObjectNode> sessions =
      Collections.synchronizedMap(new LinkedHashMap<>());
  private final Map<String, String> turns = new ConcurrentHashMap<>();
  private final List<String> begun = Collections.synchronizedList(new ArrayList<>());
  private final Set<String> stopped = ConcurrentHashMap.newKeySet();
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private final Set<String> hung = Collections.synchronizedSet(new HashSet<>());
  private final Map<String, String> roles = new ConcurrentHashMap<>();
  private final Set<String> strangers = ConcurrentHashMap.newKeySet();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile boolean holds;
  private volatile boolean away;
  private volatile Instant asked;
  private volatile String answer = "done";

  void serve(ConcertBus bus) {
    bus.serve(Addresses.CALL_OPERATION, this::call);
    bus.serve(Addresses.AWAIT_EVENTS, this::await);
  }

  /** What agents say from now on. */
  void answer(String text) {
    answer = text;
  }

  /** Turns go on until {@link #release}. */
  void hold() {
    holds = true;
  }

  void release() {
    holds = false;
  }

  /** Calls fail until {@link #comeBack}. */
  void goAway() {
    away = true;
  }

  void comeBack() {
    away = false;
  }

  /** Each turn asks for permission at this time, and waits. */
  void ask(Instant at) {
    asked = at;
    holds = true;
  }

  /** The next call of this operation takes effect, and its reply never comes. */
  void loseReplyOf(String operation) {
    hung.add(operation);
  }

  /** The user is no member any more. */
  void remove(String userId) {
    strangers.add(userId);
  }

  /** The user has this role; admins manage the bridges. */
  void setRole(String userId, String role) {
    roles.put(userId, role);
  }

  /** The prompts of the turns that began, in order. */
  List<String> begun() {
    synchronized (begun) {
      return List.copyOf(begun);
    }
  }

  /** Whether a caller waits for events. */
  boolean isWaitedFor() {
    return waiting.get() > 0;
  }

  /** The names of the sessions. */
  List<String> names() {
    synchronized (sessions) {
      return sessions.values().stream().map(one -> one.path("name").asText()).toList();
    }
  }

  int sessions() {
    return sessions.size();
  }

  private Future<OperationReply> call(CallOperation call) {
    if (away) {
      return Future.failedFuture(
          new ConcertException(ErrorCode.PODIUM_UNAVAILABLE, "Podium is not running."));
    }
    if (strangers.contains(call.userId())) {
      return Future.failedFuture(
          new ConcertException(ErrorCode.AUTH_FAILED, "This user is no member of the tenant."));
    }
    if (call.operation().equals("list_bridges") && !"admin".equals(roles.get(call.userId()))) {
      return Future.failedFuture(
          new ConcertException(ErrorCode.FORBIDDEN, "You may not manage bridges."));
    }
    ObjectNode reply = reply(call, (ObjectNode) tree(call.request()));
    return hung.remove(call.operation())
        ? Promise.<OperationReply>promise().future()
        : Future.succeededFuture(new OperationReply(reply.toString()));
  }

  private ObjectNode reply(CallOperation call, ObjectNode request) {
    ObjectNode reply = Json.MAPPER.createObjectNode();
    switch (call.operation()) {
      case "create_session" -> {
        String id = "s" + (sessions.size() + 1);
        request.put("id", id).put("owner", call.tenantId() + "/" + call.userId());
        sessions.put(id, request);
        reply.putObject("session").put("id", id);
      }
      case "list_sessions" -> {
        synchronized (sessions) {
          sessions.values().forEach(reply.withArray("sessions")::add);
        }
      }
      case "run_turn" -> {
        String turn = request.path("clientTurnId").asText();
        if (turns.putIfAbsent(turn, request.path("sessionId").asText()) == null) {
          begun.add(request.path("text").asText());
        }
        reply.put("turnId", turn).put("seq", 1);
      }
      case "list_members" ->
          roles.forEach(
              (user, role) ->
                  reply.withArray("members").addObject().put("userId", user).put("role", role));
      case "list_bridges" -> reply.putArray("bridges");
      case "stop_turn" -> stopped.add(request.path("sessionId").asText());
      case "get_session", "answer_question", "read_file", "get_inbox_delivery" -> {
        // Nothing is asked here.
      }
      default -> throw new IllegalStateException("Unexpected operation " + call.operation());
    }
    return reply;
  }

  private Future<EventPage> await(AwaitEvents wanted) {
    boolean isStopped = stopped.contains(wanted.sessionId());
    if (holds && !isStopped && !ended.contains(wanted.sessionId())) {
      // As a gateway does, it answers after a while.
      waiting.incrementAndGet();
      return Vertx.currentContext()
          .owner()
          .timer(20, TimeUnit.MILLISECONDS)
          .onComplete(_ -> waiting.decrementAndGet())
          .map(_ -> new EventPage(question(wanted), false));
    }
    ended.add(wanted.sessionId());
    List<String> events = new ArrayList<>();
    turns.forEach(
        (turn, session) -> {
          if (session.equals(wanted.sessionId())) {
            events.add(
                Json.MAPPER
                    .createObjectNode()
                    .put("type", "turn_complete")
                    .put("turnId", turn)
                    .put("seq", 5)
                    .put("finalText", answer)
                    .put("stopReason", isStopped ? "stopped" : "end_turn")
                    .toString());
          }
        });
    return Future.succeededFuture(new EventPage(events, false));
  }

  private List<String> question(AwaitEvents wanted) {
    if (asked == null || wanted.afterSeq() >= 3) {
      return List.of();
    }
    return turns.entrySet().stream()
        .filter(turn -> turn.getValue().equals(wanted.sessionId()))
        .map(
            turn ->
                Json.MAPPER
                    .createObjectNode()
                    .put("type", "permission_requested")
                    .put("turnId", turn.getKey())
                    .put("seq", 3)
                    .put("ts", asked.toEpochMilli())
                    .put("questionId", "q1")
                    .put("toolName", "bash")
                    .toString())
        .toList();
  }

  private static JsonNode tree(String json) {
    try {
      return Json.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
