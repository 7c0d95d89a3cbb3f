package dev.concert.platform.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/** A client's place in one session. */
public final class TestClient {
  private static final Set<String> ENDS = Set.of("turn_complete", "turn_error");

  private final ProtocolClient client;
  private final String sessionId;

  /** Empty before this client has started one: then events of any turn count. */
  private volatile String latestTurn = "";

  private TestClient(ProtocolClient client, String sessionId) {
    this.client = client;
    this.sessionId = sessionId;
  }

  /** In a new session of the echo agent. */
  public static TestClient echo(ProtocolClient client) {
    return create(client, "echo");
  }

  /** In a new session. */
  public static TestClient create(ProtocolClient client, String agentType) {
    JsonNode created = client.ask("create_session", Map.of("agentType", agentType));
    assertThat(created.path("type").asText()).isEqualTo("session_created");
    return join(client, created.path("session").path("id").asText(), 0);
  }

  /** In an existing session, whose events after this one follow. */
  public static TestClient join(ProtocolClient client, String sessionId, long afterSeq) {
    TestClient user = new TestClient(client, sessionId);
    assertThat(user.ask("join_session", Map.of("afterSeq", afterSeq)).path("type").asText())
        .isEqualTo("state_snapshot");
    return user;
  }

  public String sessionId() {
    return sessionId;
  }

  public ProtocolClient client() {
    return client;
  }

  /** Sends a message for this session and gives the answer. */
  public JsonNode ask(String type, Map<String, ?> fields) {
    return client.ask(type, withSession(fields));
  }

  public JsonNode ask(String type) {
    return ask(type, Map.of());
  }

  public void send(String type, Map<String, ?> fields) {
    client.send(type, withSession(fields));
  }

  private Map<String, Object> withSession(Map<String, ?> fields) {
    Map<String, Object> all = new HashMap<>(fields);
    all.put("sessionId", sessionId);
    return all;
  }

  /** Starts a turn; gives its id. */
  public String start(String text) {
    JsonNode answer =
        ask("run_turn", Map.of("text", text, "clientTurnId", UUID.randomUUID().toString()));
    assertThat(answer.path("type").asText()).as(answer.toString()).isEqualTo("turn_started");
    latestTurn = answer.path("turnId").asText();
    return latestTurn;
  }

  /** Runs a turn to its end, allowing what it asks; gives its last event. */
  public JsonNode run(String text) {
    return finish(start(text));
  }

  /** Follows a turn to its end, allowing what it asks; gives its last event. */
  public JsonNode finish(String turnId) {
    int mark = 0;
    while (true) {
      JsonNode event =
          awaitEvent(
              "the end of " + turnId,
              mark,
              one ->
                  one.path("turnId").asText().equals(turnId)
                      && (isEnd(one) || one.path("type").asText().equals("permission_requested")));
      if (isEnd(event)) {
        return event;
      }
      mark = client.transcript().all().lastIndexOf(event) + 1;
      answer(event, Map.of("approved", true));
    }
  }

  /** The end of a turn, which asks nothing. */
  public JsonNode awaitEnd(String turnId) {
    return awaitEvent(
        "the end of " + turnId, 0, one -> isEnd(one) && one.path("turnId").asText().equals(turnId));
  }

  public static boolean isEnd(JsonNode event) {
    return ENDS.contains(event.path("type").asText());
  }

  /** Answers a question or a request for permission. */
  public JsonNode answer(JsonNode question, Map<String, ?> how) {
    Map<String, Object> fields = new HashMap<>(how);
    fields.put("questionId", question.path("questionId").asText());
    return ask("answer_question", fields);
  }

  /** The first event of this type in the turn that this client started last. Blocking. */
  public JsonNode awaitEvent(String type) {
    return awaitEvent(
        type,
        0,
        event ->
            ProtocolClient.ofType(type).test(event)
                && (latestTurn.isEmpty() || event.path("turnId").asText().equals(latestTurn)));
  }

  /** The first event of this session from a mark on that fits. Blocking. */
  public JsonNode awaitEvent(String what, int mark, Predicate<JsonNode> fits) {
    return client.await(what, mark, event -> isOurs(event) && fits.test(event));
  }

  /** Waits until the session has come to this state. */
  public void awaitState(String state) {
    awaitEvent(
        "the state " + state,
        0,
        event ->
            event.path("type").asText().equals("session_state")
                && event.path("state").asText().equals(state));
  }

  private boolean isOurs(JsonNode event) {
    return event.has("seq") && event.path("sessionId").asText().equals(sessionId);
  }

  /** What came of this session, in order. */
  public List<JsonNode> events() {
    return client.events(sessionId);
  }

  /** What came of one turn, in order. */
  public List<JsonNode> events(String turnId) {
    return events().stream().filter(event -> event.path("turnId").asText().equals(turnId)).toList();
  }
}
