package dev.concert.gateway;

import static dev.concert.gateway.ApiClient.code;
import static dev.concert.gateway.ApiClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.protocol.ServerEvent;
import dev.concert.testing.Await;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that has no WebSocket: sessions and turns over HTTP alone. */
class SessionsOverHttpTest {
  @TempDir Path data;
  private RunningGateway gateway;
  private ApiClient api;

  @BeforeEach
  void start() {
    gateway = RunningGateway.start(data);
    api = new ApiClient(gateway.port);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static String instance(String session) {
    return "agent_" + session.substring(session.lastIndexOf('/') + 1);
  }

  private void awaitDelivery(int number) {
    Await.until(() -> gateway.podium.delivered.size() >= number);
  }

  private JsonNode events(String session) {
    return json(api.get(session + "/events?afterSeq=0"), 200).path("events");
  }

  private void awaitEvent(String session, String type) {
    Await.until(() -> events(session).findValuesAsText("type").contains(type));
  }

  @Test
  void aSessionIsCreatedReadListedRenamedArchivedAndDeleted() {
    HttpResponse<String> created =
        api.post("/api/sessions", "{'agentType':'echo','name':'First','metadata':{'a':1}}");

    String id = json(created, 201).path("session").path("id").asText();
    String session = "/api/sessions/" + id;
    assertThat(created.headers().firstValue("location")).contains(session);
    assertThat(json(api.get(session), 200).path("session"))
        .isEqualTo(json(created, 201).path("session"));
    assertThat(json(api.get("/api/sessions"), 200).path("sessions").findValuesAsText("id"))
        .containsExactly(id);

    json(api.send("PUT", session + "/name", "{'name':'Second'}"), 200);
    json(api.send("PUT", session + "/archived", ""), 200);
    assertThat(json(api.get("/api/sessions"), 200).path("sessions")).isEmpty();
    JsonNode all = json(api.get("/api/sessions?includeArchived=true"), 200).path("sessions");
    assertThat(all.path(0).path("name").asText()).isEqualTo("Second");
    json(api.send("DELETE", session, ""), 200);
    assertThat(code(api.get(session), 404)).isEqualTo("SESSION_NOT_FOUND");
  }

  @Test
  void aListComesInPages() {
    List<String> created = List.of(api.createSession(), api.createSession(), api.createSession());

    JsonNode first = json(api.get("/api/sessions?limit=2"), 200);
    JsonNode rest =
        json(api.get("/api/sessions?limit=2&cursor=" + first.path("nextCursor").asText()), 200);

    assertThat(first.path("sessions")).hasSize(2);
    assertThat("/api/sessions/" + rest.path("sessions").path(0).path("id").asText())
        .isEqualTo(created.getFirst());
    assertThat(rest.has("nextCursor")).isFalse();
  }

  @Test
  void aTurnIsStartedSteeredAnsweredAndEnded() {
    String session = api.createSession();

    HttpResponse<String> started = api.post(session + "/turns", "{'text':'Hello'}");
    JsonNode event = json(started, 202);
    assertThat(event.path("type").asText()).isEqualTo("turn_started");
    assertThat(started.headers().firstValue("location"))
        .contains(session + "/events?afterSeq=" + (event.path("seq").asLong() - 1));
    assertThat(code(api.post(session + "/turns", "{'text':'Again'}"), 409))
        .isEqualTo("TURN_IN_PROGRESS");
    awaitDelivery(1);
    json(api.post(session + "/turn/steer", "{'text':'Left'}"), 200);
    gateway.podium.say(
        instance(session),
        new ServerEvent.QuestionRequested(
            "q1", List.of(new ServerEvent.Question("k", "Which?", "text", null))));
    awaitEvent(session, "question_requested");
    assertThat(
            json(api.post(session + "/questions/q1", "{'answers':{'k':'v'}}"), 200)
                .path("type")
                .asText())
        .isEqualTo("approval_resolved");
    assertThat(code(api.post(session + "/questions/q1", "{'dismissed':true}"), 404))
        .isEqualTo("QUESTION_NOT_FOUND");
    gateway.podium.complete(instance(session), event.path("turnId").asText(), "Done.");
    awaitEvent(session, "turn_complete");

    JsonNode messages = json(api.get(session + "/messages"), 200).path("messages");
    assertThat(messages.findValuesAsText("role")).contains("user", "assistant");
    assertThat(code(api.send("DELETE", session + "/turn", ""), 409)).isEqualTo("NO_TURN");
  }

  @Test
  void aStopIsAnsweredWithTheEndOfTheTurn() {
    String session = api.createSession();
    String turn =
        json(api.post(session + "/turns", "{'text':'Hello'}"), 202).path("turnId").asText();
    awaitDelivery(1);
    Thread agent =
        Thread.ofVirtual()
            .start(
                () -> {
                  Await.until(() -> !gateway.podium.interrupts.isEmpty());
                  gateway.podium.complete(instance(session), turn, "");
                });

    JsonNode end = json(api.send("DELETE", session + "/turn", ""), 200);

    assertThat(end.path("type").asText()).isEqualTo("turn_complete");
    assertThat(agent.isInterrupted()).isFalse();
  }

  @Test
  void eventsComeInTheProtocolThatIsAskedFor() {
    String session = api.createSession();
    json(api.post(session + "/turns", "{'text':'Hello'}"), 202);
    awaitDelivery(1);
    gateway.podium.say(
        instance(session),
        new ServerEvent.PlanCreated("p", "Plan", List.of()),
        new ServerEvent.TextDelta("x"));
    awaitEvent(session, "text_delta");

    JsonNode second = json(api.get(session + "/events?afterSeq=0&protocol=2"), 200).path("events");

    assertThat(events(session).findValuesAsText("type")).doesNotContain("plan.created");
    assertThat(second.findValuesAsText("type")).contains("plan.created");
    assertThat(code(api.get(session + "/events?afterSeq=0&protocol=3"), 400))
        .isEqualTo("PROTOCOL_VERSION_MISMATCH");
  }
}
