package dev.concert.gateway;

import static dev.concert.gateway.ApiClient.code;
import static dev.concert.gateway.ApiClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A write that is repeated with its idempotency key. */
class IdempotencyTest {
  private static final String BODY = "{'agentType':'echo','name':'One'}";

  @TempDir static Path data;
  private static RunningGateway gateway;
  private static ApiClient api;

  /** Of a tenant of its own for each test. */
  private final String tenant = "t" + UUID.randomUUID();

  @BeforeAll
  static void start() {
    gateway = RunningGateway.start(data, new Users());
    api = new ApiClient(gateway.port);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private HttpResponse<String> create(String user, String body, String key) {
    return api.post(
        "/api/sessions",
        body,
        "Authorization",
        "Bearer " + tenant + "/" + user,
        "Idempotency-Key",
        key);
  }

  private int sessions() {
    return json(api.get("/api/sessions", Users.as(tenant + "/anna")), 200).path("sessions").size();
  }

  @Test
  void aRepetitionGetsTheReplyOfTheFirst() {
    HttpResponse<String> first = create("anna", BODY, "k");
    HttpResponse<String> again = create("anna", BODY, "k");

    assertThat(json(again, 201)).isEqualTo(json(first, 201));
    assertThat(again.headers().firstValue("location"))
        .isEqualTo(first.headers().firstValue("location"));
    assertThat(again.headers().firstValue("etag")).isEqualTo(first.headers().firstValue("etag"));
    assertThat(first.headers().firstValue("idempotent-replayed")).isEmpty();
    assertThat(again.headers().firstValue("idempotent-replayed")).contains("true");
    assertThat(sessions()).isEqualTo(1);
  }

  @Test
  void manyAtOnceRunOnce() {
    List<String> ids;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<String>> all =
          IntStream.range(0, 8)
              .mapToObj(
                  _ ->
                      CompletableFuture.supplyAsync(
                          () ->
                              json(create("anna", BODY, "k"), 201)
                                  .path("session")
                                  .path("id")
                                  .asText(),
                          threads))
              .toList();
      ids = all.stream().map(CompletableFuture::join).toList();
    }

    assertThat(ids.stream().distinct()).hasSize(1);
    assertThat(sessions()).isEqualTo(1);
  }

  @Test
  void anotherRequestWithTheSameKeyIsRefused() {
    json(create("anna", BODY, "k"), 201);

    assertThat(code(create("anna", "{'agentType':'echo','name':'Two'}", "k"), 422))
        .isEqualTo("IDEMPOTENCY_KEY_REUSED");
    assertThat(sessions()).isEqualTo(1);
  }

  /** Else the secret of a link, which is shown once, could be read in the registry. */
  @Test
  void aReplyThatHoldsALinkIsNotStored() throws IOException {
    String session = json(create("anna", BODY, "s"), 201).path("session").path("id").asText();
    String link =
        json(keyed("/api/sessions/" + session + "/shares", "{}"), 201).path("path").asText();

    String secret = link.substring(link.lastIndexOf('/') + 1);
    assertThat(secret).hasSizeGreaterThan(20);
    try (Stream<Path> files = Files.list(data.resolve("tenants").resolve(tenant))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(secret);
      }
    }
  }

  private HttpResponse<String> keyed(String path, String body) {
    return api.post(
        path, body, "Authorization", "Bearer " + tenant + "/anna", "Idempotency-Key", "k" + path);
  }

  @Test
  void anotherUserMayUseTheSameKey() {
    String first = json(create("anna", BODY, "k"), 201).path("session").path("id").asText();
    String second = json(create("ben", BODY, "k"), 201).path("session").path("id").asText();

    assertThat(second).isNotEqualTo(first);
  }

  @Test
  void aRefusedWriteMayBeTriedAgainWithItsKey() {
    code(create("anna", "{'agentType':'none'}", "k"), 404);

    json(create("anna", BODY, "k"), 201);
  }

  @Test
  void aKeyThatIsNoneIsRefused() {
    assertThat(code(create("anna", BODY, "two words"), 400)).isEqualTo("INVALID_MESSAGE");
  }

  @Test
  void aTurnRunsOnceAndItsStreamCanBeHadAgain() {
    String session =
        "/api/sessions/" + json(create("anna", BODY, "s"), 201).path("session").path("id").asText();
    String[] keyed = {"Authorization", "Bearer " + tenant + "/anna", "Idempotency-Key", "turn"};

    String turn =
        json(api.post(session + "/turns", "{'text':'Hi'}", keyed), 202).path("turnId").asText();
    String again =
        json(api.post(session + "/turns", "{'text':'Hi'}", keyed), 202).path("turnId").asText();

    assertThat(again).isEqualTo(turn);
    try (SseClient stream =
        new SseClient(
            gateway.port,
            "POST",
            session + "/turns",
            "{'text':'Hi'}",
            "Authorization: Bearer " + tenant + "/anna",
            "Idempotency-Key: turn")) {
      assertThat(stream.next().orElseThrow().data().path("turnId").asText()).isEqualTo(turn);
    }
    String instance = "agent_" + session.substring("/api/sessions/".length());
    Await.until(
        () -> gateway.podium.delivered.stream().anyMatch(one -> one.instanceId().equals(instance)));
    assertThat(gateway.podium.delivered.stream().filter(one -> one.instanceId().equals(instance)))
        .hasSize(1);
  }
}
