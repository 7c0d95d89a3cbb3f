package dev.concert.github.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.automation.EventMessages.EventTaken;
import dev.concert.automation.EventMessages.RepositoryActivity;
import dev.concert.bridge.ClientCalls.AwaitEvents;
import dev.concert.bridge.ClientCalls.CallOperation;
import dev.concert.bridge.ClientCalls.EventPage;
import dev.concert.bridge.ClientCalls.OpenSessionTransfer;
import dev.concert.bridge.ClientCalls.OperationReply;
import dev.concert.bus.Addresses;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.json.Json;
import dev.concert.workspace.WorkspaceMessages.TransferOpened;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/**
 * The rest of Concert on the bus: sessions, whose agent is a function that changes real files, and
 * their workspaces.
 */
final class PlayedConcert implements AutoCloseable {
  /** What the agent says when it holds its turn until it is steered or stopped. */
  static final String HOLD = "hold";

  private final Vertx vertx;
  private final PlayedWorkspaces workspaces;
  private final PlayedChecks checks;
  private final List<JsonNode> created = new ArrayList<>();
  private final Map<String, List<ObjectNode>> sessions = new HashMap<>();
  private final Map<String, JsonNode> made = new HashMap<>();
  private final Map<String, ObjectNode> turns = new HashMap<>();
  private final Map<String, String> running = new HashMap<>();
  private final List<RepositoryActivity> heard = new ArrayList<>();
  private boolean engineIsAway;
  private final List<String> prompts = new ArrayList<>();
  private final List<String> steered = new ArrayList<>();
  private final List<JsonNode> answers = new ArrayList<>();
  private final List<String> callers = new ArrayList<>();
  private final Set<String> viewers = new HashSet<>();
  private final Set<String> removed = new HashSet<>();
  private BiFunction<Path, String, String> agent = (_, _) -> "I did nothing.";
  private int calls;
  private int lastCall = Integer.MAX_VALUE;

  PlayedConcert(Vertx vertx, Path folder) {
    this.vertx = vertx;
    this.workspaces = new PlayedWorkspaces(vertx, folder);
    ConcertBus bus = new ConcertBus(vertx);
    this.checks = new PlayedChecks(vertx, bus, folder);
    bus.serve(Addresses.CALL_OPERATION, call -> answered(() -> call(call)));
    bus.serve(Addresses.AWAIT_EVENTS, this::await);
    bus.serve(AutomationAddresses.TAKE_REPOSITORY_EVENT, this::take);
    bus.serve(Addresses.OPEN_SESSION_TRANSFER, wanted -> answered(() -> open(wanted)));
  }

  /** The events of which automations heard. */
  synchronized List<RepositoryActivity> heard() {
    return List.copyOf(heard);
  }

  /** Whether the automation engine takes nothing. */
  synchronized void engineIsAway(boolean away) {
    engineIsAway = away;
  }

  private synchronized Future<EventTaken> take(RepositoryActivity event) {
    if (engineIsAway) {
      return Future.failedFuture(
          new ConcertException(ErrorCode.AUTOMATIONS_UNAVAILABLE, "The engine is away."));
    }
    heard.add(event);
    return Future.succeededFuture(new EventTaken(1));
  }

  /** Who called what, such as {@code run_turn admin}. */
  synchronized List<String> callers() {
    return List.copyOf(callers);
  }

  /** A member may only look from now on. */
  synchronized void demote(String userId) {
    viewers.add(userId);
  }

  /** A member is none any more. */
  synchronized void remove(String userId) {
    removed.add(userId);
  }

  /** What an agent does with a workspace and a prompt, and what it says. */
  synchronized void agent(BiFunction<Path, String, String> does) {
    agent = does;
  }

  /** After so many calls more, what is asked is done, and the answers are lost. */
  synchronized void loseAnswersAfter(int more) {
    lastCall = calls + more;
  }

  synchronized void answerAgain() {
    lastCall = Integer.MAX_VALUE;
  }

  synchronized boolean losesAnswers() {
    return calls >= lastCall;
  }

  synchronized int calls() {
    return calls;
  }

  synchronized List<String> prompts() {
    return List.copyOf(prompts);
  }

  synchronized List<String> steered() {
    return List.copyOf(steered);
  }

  synchronized List<JsonNode> answers() {
    return List.copyOf(answers);
  }

  /** The requests for sessions. */
  synchronized List<JsonNode> created() {
    return List.copyOf(created);
  }

  /** The commands that checked something. */
  List<String> commands() {
    return checks.commands();
  }

  synchronized int sessions() {
    return sessions.size();
  }

  Path workspace(String session) {
    return workspaces.folder(session);
  }

  private interface Answer<T> {
    Future<T> get();
  }

  private synchronized <T> Future<T> answered(Answer<T> answer) {
    if (calls >= lastCall) {
      // Dead: not even done.
      return Promise.<T>promise().future();
    }
    calls++;
    Future<T> done = answer.get();
    return calls >= lastCall ? Promise.<T>promise().future() : done;
  }

  private Future<TransferOpened> open(OpenSessionTransfer wanted) {
    callers.add(wanted.transfer() + " " + wanted.userId());
    return removed.contains(wanted.userId())
        ? refused(ErrorCode.AUTH_FAILED)
        : sessions.containsKey(wanted.sessionId())
            ? workspaces.open(wanted.sessionId(), wanted.transfer())
            : refused(ErrorCode.SESSION_NOT_FOUND);
  }

  private Future<OperationReply> call(CallOperation call) {
    callers.add(call.operation() + " " + call.userId());
    if (removed.contains(call.userId())) {
      return refused(ErrorCode.AUTH_FAILED);
    }
    if (viewers.contains(call.userId()) && !call.operation().startsWith("list_")) {
      return refused(ErrorCode.FORBIDDEN);
    }
    JsonNode request = tree(call.request());
    String session = request.path("sessionId").asText();
    ObjectNode reply = Json.MAPPER.createObjectNode();
    switch (call.operation()) {
      case "create_session" -> {
        String id = "s" + (sessions.size() + 1);
        sessions.put(id, new ArrayList<>());
        made.put(id, request.path("metadata"));
        created.add(request);
        reply.putObject("session").put("id", id);
      }
      case "list_sessions" ->
          made.forEach(
              (id, metadata) ->
                  reply.withArray("sessions").addObject().put("id", id).set("metadata", metadata));
      case "run_turn" -> {
        return runTurn(session, request);
      }
      case "steer" -> {
        if (!running.containsKey(session)) {
          return refused(ErrorCode.NO_TURN);
        }
        steered.add(request.path("text").asText());
        end(session, agent.apply(workspaces.folder(session), request.path("text").asText()));
      }
      case "stop_turn" -> {
        if (!running.containsKey(session)) {
          return refused(ErrorCode.NO_TURN);
        }
        say(session, "turn_complete").put("stopReason", "stopped");
        running.remove(session);
      }
      case "answer_question" -> {
        answers.add(request);
        if (running.containsKey(session)) {
          say(session, "approval_resolved")
              .put("questionId", request.path("questionId").asText())
              .put("approved", request.path("approved").asBoolean());
        }
      }
      case "list_models" -> {
        reply.put("defaultModel", "small");
        reply.withArray("models").addObject().put("id", "small");
        reply.withArray("models").addObject().put("id", "large");
      }
      default -> {
        return refused(ErrorCode.INVALID_MESSAGE);
      }
    }
    return replied(reply);
  }

  private Future<OperationReply> runTurn(String session, JsonNode request) {
    String name = request.path("clientTurnId").asText();
    if (turns.containsKey(name)) {
      return replied(turns.get(name));
    }
    if (running.containsKey(session)) {
      return refused(ErrorCode.TURN_IN_PROGRESS);
    }
    String text = request.path("text").asText();
    prompts.add(text);
    running.put(session, "turn-" + name);
    ObjectNode started = say(session, "turn_started");
    turns.put(name, started);
    String said = agent.apply(workspaces.folder(session), text);
    if (!said.equals(HOLD)) {
      end(session, said);
    }
    return replied(started);
  }

  /** The agent asks for a permission in the turn that it holds. */
  synchronized void askPermission(String session) {
    say(session, "permission_requested").put("questionId", "q1").put("toolName", "bash");
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

  private void end(String session, String said) {
    if (said.startsWith("error:")) {
      say(session, "turn_error").put("message", said.substring(6)).put("retryable", true);
    } else {
      say(session, "turn_complete").put("stopReason", "end").put("finalText", said);
    }
    running.remove(session);
  }

  private synchronized Future<EventPage> await(AwaitEvents wanted) {
    if (losesAnswers()) {
      return Promise.<EventPage>promise().future();
    }
    if (removed.contains(wanted.userId())) {
      return refused(ErrorCode.AUTH_FAILED);
    }
    List<String> page =
        sessions.get(wanted.sessionId()).stream()
            .filter(event -> event.path("seq").asLong() > wanted.afterSeq())
            .map(ObjectNode::toString)
            .toList();
    return page.isEmpty()
        ? vertx.timer(10, TimeUnit.MILLISECONDS).map(_ -> new EventPage(List.of(), false))
        : Future.succeededFuture(new EventPage(page, false));
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

  /** The line of an event, for failures. */
  @Override
  public synchronized String toString() {
    return new JsonObject().put("sessions", sessions.toString()).encode();
  }

  @Override
  public void close() {
    workspaces.close();
  }
}
