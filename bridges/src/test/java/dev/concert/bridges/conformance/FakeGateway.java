package dev.concert.bridges.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.automation.EventMessages.ChatEvent;
import dev.concert.automation.EventMessages.EventTaken;
import dev.concert.bridge.ClientCalls.AwaitEvents;
import dev.concert.bridge.ClientCalls.CallOperation;
import dev.concert.bridge.ClientCalls.EventPage;
import dev.concert.bridge.ClientCalls.OperationReply;
import dev.concert.bus.Addresses;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The gateway's side of the bus: its agent says each text back. A text that begins with {@code
 * hold} goes on until it is stopped or steered, {@code permit} asks for a permission, {@code long}
 * is long.
 */
final class FakeGateway {
  static final int LONG = 12_000;

  private final Vertx vertx;
  private final UnaryOperator<String> saidIn;
  final ConcertBus bus;
  private final Map<String, List<ObjectNode>> sessions = new HashMap<>();
  private final Map<String, ObjectNode> turns = new HashMap<>();
  private final Map<String, String> running = new HashMap<>();
  private final Map<String, List<String>> turnsOf = new HashMap<>();
  private final Map<String, String> tenants = new HashMap<>();
  final Set<String> removedMembers = new HashSet<>();
  final List<String> texts = new ArrayList<>();
  final List<String> steered = new ArrayList<>();
  private final List<String> models = new ArrayList<>();
  private final Map<String, ObjectNode> metadata = new HashMap<>();
  private Optional<Hold> hold = Optional.empty();
  final Map<String, String> files = new ConcurrentHashMap<>();
  private final List<ChatEvent> heard = new ArrayList<>();
  private boolean engineAway;
  private String refusedText = "";
  private boolean isHeld;
  private int failures;
  private int longestPage = Integer.MAX_VALUE;
  private long lastReadable = Long.MAX_VALUE;
  private int refusedPages;

  /**
   * A call that is never answered.
   *
   * @param isDone whether it has its effect
   */
  private record Hold(String operation, boolean isDone) {}

  FakeGateway(Vertx vertx) {
    this(vertx, UnaryOperator.identity());
  }

  /**
   * @param saidIn extracts what the person wrote from the prompt that the agent gets
   */
  FakeGateway(Vertx vertx, UnaryOperator<String> saidIn) {
    this.vertx = vertx;
    this.saidIn = saidIn;
    this.bus = new ConcertBus(vertx);
    bus.serve(Addresses.CALL_OPERATION, this::call);
    bus.serve(Addresses.AWAIT_EVENTS, this::await);
    bus.serve(AutomationAddresses.TAKE_CHAT_EVENT, this::take);
  }

  /** The engine of automations is away, or there. */
  synchronized void setEngineAway(boolean away) {
    engineAway = away;
  }

  /** The engine of automations takes no message with this text. */
  synchronized void refuseToHear(String text) {
    refusedText = text;
  }

  /** The messages of which automations heard. */
  synchronized List<ChatEvent> heard() {
    return List.copyOf(heard);
  }

  private synchronized Future<EventTaken> take(ChatEvent event) {
    if (engineAway) {
      return refused(ErrorCode.AUTOMATIONS_UNAVAILABLE);
    }
    if (event.text().equals(refusedText)) {
      return refused(ErrorCode.INVALID_MESSAGE);
    }
    return held(
        "hear",
        () -> {
          heard.add(event);
          return Future.succeededFuture(new EventTaken(1));
        });
  }

  /** The next calls fail as if the gateway were overloaded. */
  synchronized void failNext(int calls) {
    failures = calls;
  }

  /** So many events fit into a page, and it cannot say what happened after this event. */
  synchronized void limitPages(int longest, long lastReadable) {
    longestPage = longest;
    this.lastReadable = lastReadable;
  }

  /** How often it could not say what happened. */
  synchronized int refusedPages() {
    return refusedPages;
  }

  /** The next call of this operation is never answered. */
  synchronized void hold(String operation, boolean isDone) {
    hold = Optional.of(new Hold(operation, isDone));
  }

  /** Whether a call waits for an answer that does not come. */
  synchronized boolean isHeld() {
    return isHeld;
  }

  private <T> Future<T> held(String operation, Supplier<Future<T>> call) {
    Optional<Hold> held = hold.filter(one -> one.operation().equals(operation));
    if (held.isEmpty()) {
      return call.get();
    }
    hold = Optional.empty();
    if (held.get().isDone()) {
      call.get();
    }
    isHeld = true;
    return Promise.<T>promise().future();
  }

  synchronized List<String> texts() {
    return List.copyOf(texts);
  }

  /** Who of a tenant began turns, and with what. */
  synchronized List<String> turnsOf(String tenant) {
    return List.copyOf(turnsOf.getOrDefault(tenant, List.of()));
  }

  /** Whether a turn of a tenant runs. */
  synchronized boolean isRunning(String tenant) {
    return running.keySet().stream().anyMatch(session -> tenants.get(session).equals(tenant));
  }

  /** The models of the sessions, in order. */
  synchronized List<String> models() {
    return List.copyOf(models);
  }

  synchronized List<String> steered() {
    return List.copyOf(steered);
  }

  synchronized int sessions() {
    return sessions.size();
  }

  private synchronized Future<OperationReply> call(CallOperation call) {
    return held(call.operation(), () -> answer(call));
  }

  private Future<OperationReply> answer(CallOperation call) {
    if (failures > 0) {
      failures--;
      return refused(ErrorCode.PODIUM_UNAVAILABLE);
    }
    if (removedMembers.contains(call.userId())) {
      return refused(ErrorCode.AUTH_FAILED);
    }
    JsonNode request = tree(call.request());
    String session = request.path("sessionId").asText();
    if (!session.isEmpty() && !call.tenantId().equals(tenants.get(session))) {
      return refused(ErrorCode.SESSION_NOT_FOUND);
    }
    return switch (call.operation()) {
      case "create_session" -> {
        String id = "s" + (sessions.size() + 1);
        models.add(request.path("model").asText("small"));
        sessions.put(id, new ArrayList<>());
        tenants.put(id, call.tenantId());
        metadata.put(id, (ObjectNode) request.path("metadata"));
        ObjectNode reply = Json.MAPPER.createObjectNode();
        reply.putObject("session").put("id", id);
        yield replied(reply);
      }
      case "list_sessions" -> {
        ObjectNode reply = Json.MAPPER.createObjectNode();
        ArrayNode listed = reply.putArray("sessions");
        metadata.forEach(
            (id, one) -> {
              if (tenants.get(id).equals(call.tenantId())) {
                listed.addObject().put("id", id).set("metadata", one);
              }
            });
        yield replied(reply);
      }
      case "upload_file" -> {
        files.put(
            request.path("path").asText(),
            new String(
                Base64.getDecoder().decode(request.path("content").asText()),
                StandardCharsets.UTF_8));
        yield replied(Json.MAPPER.createObjectNode());
      }
      case "read_file" -> {
        String content = files.get(request.path("path").asText());
        yield content == null
            ? refused(ErrorCode.FILE_NOT_FOUND)
            : replied(
                Json.MAPPER
                    .createObjectNode()
                    .put("encoding", "utf-8")
                    .put("content", content)
                    .put("size", content.length()));
      }
      case "list_models" -> {
        ObjectNode reply = Json.MAPPER.createObjectNode().put("defaultModel", "small");
        reply.putArray("models").addObject().put("id", "small");
        reply.withArray("models").addObject().put("id", "large");
        yield replied(reply);
      }
      case "run_turn" -> runTurn(call, session, request);
      case "steer" -> {
        if (!running.containsKey(session)) {
          yield refused(ErrorCode.NO_TURN);
        }
        steered.add(saidIn.apply(request.path("text").asText()));
        say(session, "text_delta").put("text", "steered");
        end(session, "end");
        yield replied(Json.MAPPER.createObjectNode());
      }
      case "stop_turn" -> {
        if (!running.containsKey(session)) {
          yield refused(ErrorCode.NO_TURN);
        }
        end(session, "stopped");
        yield replied(Json.MAPPER.createObjectNode());
      }
      case "answer_question" -> {
        if (!running.containsKey(session)) {
          yield refused(ErrorCode.QUESTION_NOT_FOUND);
        }
        boolean approved = request.path("approved").asBoolean();
        say(session, "approval_resolved")
            .put("questionId", request.path("questionId").asText())
            .put("approved", approved);
        say(session, "text_delta").put("text", approved ? "thank you" : "a pity");
        end(session, "end");
        yield replied(Json.MAPPER.createObjectNode());
      }
      default -> refused(ErrorCode.INVALID_MESSAGE);
    };
  }

  private Future<OperationReply> runTurn(CallOperation call, String session, JsonNode request) {
    String name = request.path("clientTurnId").asText();
    if (turns.containsKey(name)) {
      return replied(turns.get(name));
    }
    if (running.containsKey(session)) {
      return refused(ErrorCode.TURN_IN_PROGRESS);
    }
    String text = saidIn.apply(request.path("text").asText());
    texts.add(text);
    turnsOf
        .computeIfAbsent(call.tenantId(), _ -> new ArrayList<>())
        .add(call.userId() + ": " + text);
    running.put(session, "turn-" + name);
    ObjectNode started = say(session, "turn_started");
    turns.put(name, started);
    if (text.startsWith("permit")) {
      say(session, "permission_requested")
          .put("questionId", "q" + turns.size())
          .put("toolName", "bash")
          .putObject("arguments")
          .put("command", "ls");
    } else if (!text.startsWith("hold")) {
      String answer =
          text.startsWith("long")
              ? "word ".repeat(LONG / 5)
              : text.startsWith("give ")
                  ? "Here it is.\n[[file: " + text.substring(5) + "]]\n"
                  : "answer to " + text;
      say(session, "text_delta").put("text", answer);
      end(session, "end");
    }
    return replied(started);
  }

  /** What the agent of the session that was made last is told besides. */
  synchronized String instructions() {
    return metadata.get("s" + sessions.size()).path("agentInstructions").asText("");
  }

  /** The agent says this in the turn that runs. */
  synchronized void speak(String text) {
    say(running.keySet().iterator().next(), "text_delta").put("text", text);
  }

  /** The agent begins to use a tool in the turn that runs. */
  synchronized void use(String tool) {
    say(running.keySet().iterator().next(), "tool_call_start").put("toolName", tool);
  }

  /** The turn that runs ends. */
  synchronized void finish() {
    end(running.keySet().iterator().next(), "end");
  }

  private ObjectNode say(String session, String type) {
    List<ObjectNode> events = sessions.get(session);
    ObjectNode event =
        Json.MAPPER
            .createObjectNode()
            .put("type", type)
            .put("sessionId", session)
            .put("turnId", running.get(session))
            .put("seq", events.size() + 1);
    events.add(event);
    return event;
  }

  private void end(String session, String reason) {
    say(session, "turn_complete").put("stopReason", reason);
    running.remove(session);
  }

  private synchronized Future<EventPage> await(AwaitEvents wanted) {
    return held("events", () -> page(wanted));
  }

  private Future<EventPage> page(AwaitEvents wanted) {
    if (wanted.afterSeq() >= lastReadable) {
      refusedPages++;
      return refused(ErrorCode.PODIUM_UNAVAILABLE);
    }
    if (removedMembers.contains(wanted.userId())
        || !wanted.tenantId().equals(tenants.get(wanted.sessionId()))) {
      return refused(ErrorCode.AUTH_FAILED);
    }
    List<String> rest =
        sessions.get(wanted.sessionId()).stream()
            .filter(event -> event.path("seq").asLong() > wanted.afterSeq())
            .map(ObjectNode::toString)
            .toList();
    List<String> page = rest.stream().limit(Math.min(wanted.limit(), longestPage)).toList();
    return page.isEmpty()
        ? vertx.timer(10, TimeUnit.MILLISECONDS).map(_ -> new EventPage(List.of(), false))
        : Future.succeededFuture(new EventPage(page, page.size() < rest.size()));
  }

  private static Future<OperationReply> replied(JsonNode reply) {
    return Future.succeededFuture(new OperationReply(reply.toString()));
  }

  private static <T> Future<T> refused(ErrorCode code) {
    return Future.failedFuture(new ConcertException(code, "Refused: " + code + "."));
  }

  private static JsonNode tree(String json) {
    try {
      return Json.MAPPER.readTree(json);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
