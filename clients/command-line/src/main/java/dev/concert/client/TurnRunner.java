package dev.concert.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Runs one turn over a connection and shows it. */
public final class TurnRunner {
  private static final int MAX_FILES_SHOWN = 20;

  /**
   * Names requests whose refusal changes nothing: a question that somebody else answered first, a
   * turn that ended before it was stopped, a file that has no history.
   */
  private static final String ASIDE = "aside";

  private final GatewaySocket socket;
  private final TurnView view;
  private final Approver approver;
  private volatile String sessionId;
  private volatile boolean stopped;
  private boolean refused;

  public TurnRunner(GatewaySocket socket, TurnView view, Approver approver) {
    this.socket = socket;
    this.view = view;
    this.approver = approver;
  }

  /**
   * Runs the turn to its end. Blocking.
   *
   * @throws ClientException when the server refuses it
   */
  public TurnOutcome run(TurnRequest request) throws InterruptedException {
    awaitGreeting();
    String session = request.session().isPresent() ? request.session().get() : create(request);
    view.session(session);
    join(session);
    sessionId = session;
    socket.send(
        GatewaySocket.message("run_turn")
            .put("requestId", "turn")
            .put("sessionId", session)
            .put("clientTurnId", UUID.randomUUID().toString())
            .put("text", request.text()));
    if (stopped) {
      stop();
    }
    return follow(session);
  }

  /** Asks the server to stop the turn; {@link #run} then returns. Any thread. */
  public void stop() {
    stopped = true;
    if (sessionId != null) {
      try {
        socket.send(
            GatewaySocket.message("stop_turn").put("requestId", ASIDE).put("sessionId", sessionId));
      } catch (ClientException closed) {
        // The person who runs the turn sees the same.
      }
    }
  }

  private void awaitGreeting() throws InterruptedException {
    JsonNode welcome = next("welcome");
    if (welcome.path("requiresAuth").asBoolean() && !socket.hasToken()) {
      throw new ClientException(
          "This server wants to know who you are. Create an API key on its page, and set"
              + " CONCERT_KEY or use --key-file.");
    }
    next("authenticated");
  }

  private String create(TurnRequest request) throws InterruptedException {
    ObjectNode create =
        GatewaySocket.message("create_session")
            .put("agentType", request.agent())
            .put("name", request.name());
    request.model().ifPresent(model -> create.put("model", model));
    socket.send(create);
    return next("session_created").path("session").path("id").asText();
  }

  private void join(String session) throws InterruptedException {
    socket.send(GatewaySocket.message("join_session").put("sessionId", session));
    next("state_snapshot");
  }

  /** The next frame of this type; the ones before it belong to nobody. */
  private JsonNode next(String type) throws InterruptedException {
    while (true) {
      JsonNode frame = socket.receive().json();
      refuseErrors(frame);
      if (frame.path("type").asText().equals(type)) {
        return frame;
      }
    }
  }

  private static boolean isRefusedAside(JsonNode frame) {
    return frame.path("type").asText().equals("error")
        && frame.path("requestId").asText().equals(ASIDE);
  }

  private static void refuseErrors(JsonNode frame) {
    if (frame.path("type").asText().equals("error")) {
      throw new ClientException(frame.path("message").asText());
    }
  }

  private TurnOutcome follow(String session) throws InterruptedException {
    Map<String, String> changed = new LinkedHashMap<>();
    String turnId = null;
    while (true) {
      GatewaySocket.Frame frame = socket.receive();
      JsonNode event = frame.json();
      if (!isRefusedAside(event)) {
        refuseErrors(event);
      }
      if (!event.has("seq")) {
        continue;
      }
      view.event(frame);
      switch (event.path("type").asText()) {
        case "turn_started" -> {
          if (event.path("requestId").asText().equals("turn")) {
            turnId = event.path("turnId").asText();
          }
        }
        case "file_changed" ->
            changed.put(event.path("path").asText(), event.path("change").asText());
        case "permission_requested", "question_requested" -> answer(session, event);
        case "turn_complete", "turn_error" -> {
          if (event.path("turnId").asText().equals(turnId)) {
            view.files(histories(session, changed));
            view.ended(event);
            return outcome(event);
          }
        }
        default -> {
          // Shown, and nothing else to do.
        }
      }
    }
  }

  private void answer(String session, JsonNode request) {
    ObjectNode answer =
        GatewaySocket.message("answer_question")
            .put("requestId", ASIDE)
            .put("sessionId", session)
            .put("questionId", request.path("questionId").asText());
    approver.answer(request, answer);
    refused |= answer.has("approved") && !answer.path("approved").asBoolean();
    socket.send(answer);
  }

  private TurnOutcome outcome(JsonNode end) {
    if (stopped) {
      return TurnOutcome.STOPPED;
    }
    if (end.path("type").asText().equals("turn_error")) {
      return TurnOutcome.FAILED;
    }
    if (!end.path("stopReason").asText().equals("end")) {
      return TurnOutcome.CUT;
    }
    return refused ? TurnOutcome.REFUSED : TurnOutcome.ANSWERED;
  }

  private List<TurnView.ChangedFile> histories(String session, Map<String, String> changed)
      throws InterruptedException {
    List<TurnView.ChangedFile> files = new ArrayList<>();
    for (Map.Entry<String, String> one : changed.entrySet()) {
      if (files.size() == MAX_FILES_SHOWN) {
        break;
      }
      socket.send(
          GatewaySocket.message("file_history")
              .put("requestId", ASIDE)
              .put("sessionId", session)
              .put("path", one.getKey()));
      files.add(new TurnView.ChangedFile(one.getKey(), one.getValue(), iterations(history())));
    }
    return files;
  }

  private JsonNode history() throws InterruptedException {
    while (true) {
      JsonNode frame = socket.receive().json();
      if (frame.path("type").asText().equals("file_history") || isRefusedAside(frame)) {
        return frame;
      }
      refuseErrors(frame);
    }
  }

  private static List<TurnView.Iteration> iterations(JsonNode history) {
    List<TurnView.Iteration> iterations = new ArrayList<>();
    for (JsonNode one : history.path("iterations")) {
      iterations.add(
          new TurnView.Iteration(
              one.path("iteration").asLong(),
              one.path("size").asLong(),
              one.path("hash").asText()));
    }
    return iterations;
  }
}
