package dev.concert.ensemble.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.ensemble.response.BucketResponses;
import dev.concert.ensemble.response.RecordedResponse;
import dev.concert.ensemble.response.RecordedResponseStore;
import dev.concert.error.ConcertException;
import dev.concert.foundation.objectstore.S3ObjectStore;
import dev.concert.foundation.objectstore.S3Options;
import dev.concert.testing.Await;
import dev.concert.testing.S3Server;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes, each with its own data folder, whose stored responses are in one bucket. */
class SharedResponsesTest {
  private static final String OTHER_KEY = "another-key-of-a-test";
  private static final String PREFIX = "ensemble/responses/";

  @TempDir private static Path home;
  private static S3Server server;

  @TempDir private Path folder;
  private final Upstream upstream = new Upstream();
  private S3Options bucket;
  private RunningEnsemble one;
  private RunningEnsemble two;

  @BeforeAll
  static void startServer() throws IOException {
    server = S3Server.start(home);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static S3Options bucket(String name, int port) {
    return new S3Options(
        name,
        "us-east-1",
        Optional.of(URI.create("http://127.0.0.1:" + port)),
        Optional.of(new S3Options.Credentials(S3Server.KEY_ID, S3Server.SECRET)),
        Optional.empty());
  }

  @BeforeEach
  void start() throws IOException {
    String name = "responses-" + UUID.randomUUID();
    server.makeBucket(name);
    bucket = bucket(name, server.port());
    upstream.events(
        Upstream.data(
            Upstream.text("Yes."), Upstream.finish("stop"), Upstream.usage(10, 0, 2), "[DONE]"));
    one = node("one");
    two = node("two");
  }

  private RunningEnsemble node(String name) {
    return new RunningEnsemble(
        new EnsembleOptions(
                "127.0.0.1",
                0,
                Optional.empty(),
                List.of(RunningEnsemble.KEY, OTHER_KEY),
                List.of(upstream.options()),
                Duration.ZERO)
            .withLedger(folder.resolve(name + "-ledger.db"))
            .withBucket(bucket));
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
    upstream.close();
  }

  private static HttpResponse<String> ask(RunningEnsemble node, String more) {
    return node.client()
        .post("/v1/responses", ("{'model':'real'," + more + "}").replace('\'', '"'));
  }

  private static JsonNode asked(RunningEnsemble node, String more) {
    HttpResponse<String> answer = ask(node, more);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return EnsembleClient.json(answer.body());
  }

  private static HttpResponse<String> read(EnsembleClient client, String id) {
    return client.get("/v1/responses/" + id);
  }

  private static int delete(EnsembleClient client, String id) {
    return client
        .send(
            HttpRequest.newBuilder(
                    client.request("/v1/responses/" + id, "").build(), (name, value) -> true)
                .DELETE()
                .build())
        .statusCode();
  }

  @Test
  void aConversationGoesOnAtAnotherNodeAndBelongsToItsKeyOnBoth() {
    String first = asked(one, "'input':'one','instructions':'Be brief.'").path("id").asText();
    JsonNode second = asked(two, "'input':'two','previous_response_id':'" + first + "'");
    String third =
        asked(one, "'input':'three','previous_response_id':'" + second.path("id").asText() + "'")
            .path("id")
            .asText();
    String last = upstream.bodies.stream().reduce("", (before, now) -> now);
    assertThat(last).contains("one", "two", "three").doesNotContain("previous_response_id");

    JsonNode items =
        EnsembleClient.json(
            two.client().get("/v1/responses/" + third + "/input_items?order=asc").body());
    assertThat(items.path("data")).hasSize(5);
    String item = second.path("output").path(0).path("id").asText();
    asked(one, "'input':[{'type':'item_reference','id':'" + item + "'}]");

    for (RunningEnsemble node : List.of(one, two)) {
      EnsembleClient other = node.client(OTHER_KEY);
      assertThat(read(other, third).statusCode()).isEqualTo(404);
      assertThat(delete(other, third)).isEqualTo(404);
      assertThat(
              other
                  .post(
                      "/v1/responses",
                      "{\"model\":\"real\",\"input\":\"x\",\"previous_response_id\":\"%s\"}"
                          .formatted(first))
                  .statusCode())
          .isEqualTo(400);
    }
    assertThat(delete(two.client(), second.path("id").asText())).isEqualTo(200);
    for (RunningEnsemble node : List.of(one, two)) {
      assertThat(read(node.client(), second.path("id").asText()).statusCode()).isEqualTo(404);
      assertThat(ask(node, "'input':'x','previous_response_id':'" + third + "'").statusCode())
          .isEqualTo(400);
      assertThat(ask(node, "'input':[{'type':'item_reference','id':'" + item + "'}]").statusCode())
          .isEqualTo(400);
      assertThat(read(node.client(), third).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aResponseCanBeReadOnBothNodesFromTheMomentItsIdIsShown() throws Exception {
    BlockingQueue<HttpServerResponse> waiting = new LinkedBlockingQueue<>();
    upstream.script(
        response -> {
          Upstream.begin(response).write(Upstream.data(Upstream.text("Ye")));
          waiting.add(response);
        });
    try (HttpClient client = HttpClient.newHttpClient();
        Stream<String> lines =
            client
                .send(
                    one.client()
                        .request(
                            "/v1/responses",
                            "{\"model\":\"real\",\"input\":\"hi\",\"stream\":true}")
                        .build(),
                    HttpResponse.BodyHandlers.ofLines())
                .body()) {
      Iterator<String> line = lines.iterator();
      String created = until(line, "response.created");
      String id = EnsembleClient.json(created).path("response").path("id").asText();

      for (RunningEnsemble node : List.of(one, two)) {
        assertThat(status(node, id)).isEqualTo("in_progress");
        HttpResponse<String> early = ask(node, "'input':'x','previous_response_id':'" + id + "'");
        assertThat(early.body()).contains("still being made");
        assertThat(node.client().get("/v1/responses/" + id + "/input_items").body())
            .contains("\"hi\"");
      }

      waiting.take().end(Upstream.data(Upstream.text("s."), Upstream.finish("stop"), "[DONE]"));
      until(line, "response.completed");
      assertThat(List.of(status(one, id), status(two, id))).containsOnly("completed");
    }
  }

  /** The client is gone, and its response can be read when it is whole. */
  @Test
  void aStreamWhoseClientIsGoneIsStoredForBothNodes() throws Exception {
    BlockingQueue<HttpServerResponse> waiting = new LinkedBlockingQueue<>();
    upstream.script(
        response -> {
          Upstream.begin(response).write(Upstream.data(Upstream.text("Ye")));
          waiting.add(response);
        });
    String id;
    try (HttpClient client = HttpClient.newHttpClient()) {
      Stream<String> lines =
          client
              .send(
                  one.client()
                      .request(
                          "/v1/responses", "{\"model\":\"real\",\"input\":\"hi\",\"stream\":true}")
                      .build(),
                  HttpResponse.BodyHandlers.ofLines())
              .body();
      id =
          EnsembleClient.json(until(lines.iterator(), "response.created"))
              .path("response")
              .path("id")
              .asText();
      client.shutdownNow();
    }
    waiting.take().end(Upstream.data(Upstream.text("s."), Upstream.finish("stop"), "[DONE]"));

    Await.until(() -> status(two, id).equals("completed"));
    assertThat(read(two.client(), id).body()).contains("Yes.");
  }

  @Test
  void anAnswerOfTheNativeApiCanBeRetrievedAtTheOtherNodeByItsKey() {
    HttpResponse<String> answer =
        one.client()
            .post(
                "/api/v1/generate",
                "{\"model\":\"real\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    String id = answer.headers().firstValue("x-request-id").orElseThrow();

    Await.until(() -> two.client().get("/api/v1/retrieve/" + id).statusCode() == 200);
    assertThat(two.client().get("/api/v1/retrieve/" + id).body()).isEqualTo(answer.body());
    assertThat(two.client().get("/api/v1/status/" + id).body()).contains("completed", "scripted");
    assertThat(two.client().get("/api/v1/stream/" + id).body()).contains("event: done", "Yes.");
    assertThat(two.client(OTHER_KEY).get("/api/v1/retrieve/" + id).statusCode()).isEqualTo(404);
  }

  private static String until(Iterator<String> lines, String event) {
    while (lines.hasNext()) {
      if (lines.next().equals("event: " + event)) {
        return lines.next().substring("data: ".length());
      }
    }
    throw new AssertionError("The stream has no " + event);
  }

  private static String status(RunningEnsemble node, String id) {
    return EnsembleClient.json(read(node.client(), id).body()).path("status").asText();
  }

  @Test
  @ExpectedLog(
      logger = "dev.concert.ensemble.response.BucketResponses",
      message = "The bucket of stored responses does not answer")
  @ExpectedLog(
      logger = "dev.concert.ensemble.response.BucketResponses",
      message = "The bucket of stored responses answers again")
  void withoutItsBucketANodeAnswersAndSaysWhatItDoesNotKnowAndSendsWhatWaitsLater()
      throws IOException {
    String before = asked(one, "'input':'one'").path("id").asText();
    server.stop();

    String waits = asked(one, "'input':'two'").path("id").asText();
    assertThat(read(one.client(), waits).statusCode()).isEqualTo(200);
    // More than the breaker bears: none of them hangs.
    for (int i = 0; i < 8; i++) {
      HttpResponse<String> refused = read(two.client(), waits);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body()).contains("bucket does not answer");
      assertThat(refused.headers().firstValue("retry-after")).isPresent();
    }
    assertThat(ask(two, "'input':'x','previous_response_id':'" + before + "'").statusCode())
        .isEqualTo(503);
    assertThat(delete(one.client(), before)).isEqualTo(503);
    server.start();

    Await.until(() -> read(two.client(), waits).statusCode() == 200);
    Await.until(() -> read(one.client(), before).statusCode() == 200);
    assertThat(delete(two.client(), waits)).isEqualTo(200);
    Await.until(() -> read(one.client(), waits).statusCode() == 404);
  }

  /** Three seconds each, both at once. */
  @Test
  void aBucketThatAcceptsAndNeverAnswersHoldsNobody() throws IOException {
    Vertx vertx = Vertx.vertx();
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        RecordedResponseStore disk = new RecordedResponseStore(folder.resolve("third.db"), false)) {
      BucketResponses store =
          BucketResponses.open(vertx, bucket("silent", silent.getLocalPort()), disk);
      Caller key = new Caller.IssuedKey("key_1", "cus_1");

      Future<Void> saved = store.save(key, response("resp_1"));
      Future<?> unknown = store.find(key, "resp_2");
      RunningEnsemble.await(saved);

      assertThatThrownBy(() -> RunningEnsemble.await(unknown))
          .isInstanceOf(ConcertException.class)
          .hasMessageContaining("bucket does not answer");
      assertThat(RunningEnsemble.await(store.find(key, "resp_1"))).isPresent();
      RunningEnsemble.await(store.close());
    }
    RunningEnsemble.await(vertx.close());
  }

  @Test
  void whatIsOldOrOfARevokedKeyOrADeletedTenantGoes() throws IOException {
    Vertx vertx = Vertx.vertx();
    try (RecordedResponseStore disk =
        new RecordedResponseStore(folder.resolve("third.db"), false)) {
      BucketResponses store = BucketResponses.open(vertx, bucket, disk);
      Caller revoked = new Caller.IssuedKey("key_1", "cus_1");
      Caller stays = new Caller.IssuedKey("key_2", "cus_1");
      Caller agent = new Caller.Instance("agent_7", "tenant-1");
      for (Caller caller : List.of(revoked, stays, agent)) {
        RunningEnsemble.await(store.save(caller, response("resp_1")));
      }

      RunningEnsemble.await(store.forgetOwners("key_1"::equals));
      assertThat(exists(store, revoked)).isFalse();
      RunningEnsemble.await(store.forgetCustomer("tenant-1"));
      assertThat(exists(store, agent)).isFalse();
      assertThat(exists(store, stays)).isTrue();
      assertThat(keys()).hasSize(2);

      RunningEnsemble.await(store.forget(Instant.now().plusSeconds(60)));
      assertThat(exists(store, stays)).isFalse();
      assertThat(keys()).isEmpty();
      RunningEnsemble.await(store.close());
    }
    RunningEnsemble.await(vertx.close());
  }

  private static boolean exists(BucketResponses store, Caller caller) {
    return RunningEnsemble.await(store.find(caller, "resp_1")).isPresent()
        || RunningEnsemble.await(store.item(caller, "msg_1")).isPresent();
  }

  private static RecordedResponse response(String id) {
    var body = JsonNodeFactory.instance.objectNode().put("id", id).put("status", "completed");
    body.putArray("output").addObject().put("type", "message").put("id", "msg_1");
    return new RecordedResponse(
        Optional.empty(), List.of(), JsonNodeFactory.instance.arrayNode(), body);
  }

  private List<String> keys() {
    try (S3ObjectStore objects = S3ObjectStore.open(bucket)) {
      return RunningEnsemble.await(objects.list(PREFIX));
    }
  }
}
