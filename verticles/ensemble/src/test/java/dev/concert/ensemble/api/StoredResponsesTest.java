package dev.concert.ensemble.api;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.Requests;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.ledger.LedgerRows;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.testing.Await;
import io.vertx.core.http.HttpServerResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers whose clients lose their connection. */
class StoredResponsesTest {
  private static final String OTHER_KEY = "another-key-of-a-test";
  private static final String END = data(finish("stop"), usage(100, 40, 7), "[DONE]");

  @TempDir Path folder;
  private final Upstream upstream = new Upstream();
  private final CompletableFuture<HttpServerResponse> asked = new CompletableFuture<>();
  private final CompletableFuture<Void> upstreamClosed = new CompletableFuture<>();
  private RunningEnsemble ensemble;

  @BeforeEach
  void start() {
    run();
    upstream.script(
        response -> {
          response.closeHandler(closed -> upstreamClosed.complete(null));
          Upstream.begin(response).write(data(text("one ")));
          asked.complete(response);
        });
  }

  @AfterEach
  void stop() {
    ensemble.close();
    upstream.close();
  }

  @Test
  void anAnswerWhoseClientGoesAwayIsFinishedAndRetrieved() throws Exception {
    leaveAfterFirstBlock("r-1", "");
    assertThat(status("r-1").path("status").asText()).isEqualTo("streaming");
    assertThat(ensemble.client().get("/api/v1/retrieve/r-1").statusCode()).isEqualTo(202);

    endWith("two");

    awaitStatus("r-1", "completed");
    JsonNode whole = EnsembleClient.json(ensemble.client().get("/api/v1/retrieve/r-1").body());
    assertThat(whole.at("/id").asText()).isEqualTo("r-1");
    assertThat(whole.at("/blocks/0/text").asText()).isEqualTo("one two");
    assertThat(whole.at("/cost").asText()).isEqualTo("0.000297");
    assertThat(rows().getLast())
        .containsEntry("outcome", "end_turn")
        .containsEntry("cost", "0.000297");
    assertThat(status("r-1").path("completed_at").asText()).isNotEmpty();
  }

  @Test
  void nobodyButTheKeyItWasMadeForFindsAnAnswer() throws Exception {
    leaveAfterFirstBlock("r-1", "");
    EnsembleClient other = ensemble.client(OTHER_KEY);
    for (int round = 0; round < 2; round++) {
      for (String path : List.of("status/r-1", "retrieve/r-1", "stream/r-1?after=0")) {
        assertThat(other.get("/api/v1/" + path).statusCode()).as(path).isEqualTo(404);
      }
      assertThat(delete(OTHER_KEY, "r-1")).isEqualTo(404);
      // Neither while it is under way nor afterwards.
      if (round == 0) {
        endWith("two");
        awaitStatus("r-1", "completed");
      }
    }
  }

  @Test
  void aDroppedStreamIsResumedWhileItRuns() throws Exception {
    leaveAfterFirstBlock("r-1", "");
    asked.get().write(data(text("two ")));
    Await.until(() -> status("r-1").path("blocks").asInt() == 2);

    CompletableFuture<String> resumed =
        CompletableFuture.supplyAsync(
            () -> ensemble.client().get("/api/v1/stream/r-1?after=1").body());
    endWith("three");

    assertThat(resumed.get(3, TimeUnit.MINUTES))
        .doesNotContain("\"one \"")
        .contains("event: block\nid: 2\ndata: {\"type\":\"text\",\"text\":\"two \"}")
        .contains("id: 3\ndata: {\"type\":\"text\",\"text\":\"three\"}")
        .contains("event: done\n");
  }

  @Test
  void anAnswerThatHasEndedIsReplayedFromAnyBlock() throws Exception {
    HttpResponse<String> streamed = streamWhole("r-1");
    List<String> events = List.of(streamed.body().split("\n\n"));
    assertThat(events).hasSizeGreaterThanOrEqualTo(3);

    for (int after = 0; after < events.size(); after++) {
      String rest = ensemble.client().get("/api/v1/stream/r-1?after=" + after).body();
      assertThat(List.of(rest.split("\n\n"))).isEqualTo(events.subList(after, events.size()));
    }
    assertThat(
            ensemble
                .client()
                .send(get("/api/v1/stream/r-1").header("Last-Event-ID", "1").build())
                .body())
        .startsWith(events.get(1));
    assertThat(ensemble.client().get("/api/v1/stream/r-1?after=99").statusCode()).isEqualTo(400);
    assertThat(ensemble.client().get("/api/v1/stream/r-1?after=-1").statusCode()).isEqualTo(400);
  }

  @Test
  void whatIsRetrievedIsWhatWasStreamedToTheLetterAlsoAfterARestart() throws Exception {
    String done = streamWhole("r-1").body().split("event: done\ndata: ")[1].strip();

    assertThat(ensemble.client().get("/api/v1/retrieve/r-1").body()).isEqualTo(done);
    ensemble.close();
    run();
    assertThat(ensemble.client().get("/api/v1/retrieve/r-1").body()).isEqualTo(done);
  }

  @Test
  void aCancelledCallStopsItsProviderAndTellsWhoListens() throws Exception {
    CompletableFuture<HttpResponse<String>> client =
        CompletableFuture.supplyAsync(() -> ensemble.client().send(request("r-1").build()));
    asked.get(3, TimeUnit.MINUTES);
    Await.until(() -> status("r-1").path("blocks").asInt() == 1);

    assertThat(delete(RunningEnsemble.KEY, "r-1")).isEqualTo(204);

    upstreamClosed.get(3, TimeUnit.MINUTES);
    assertThat(client.get(3, TimeUnit.MINUTES).body())
        .contains("event: error")
        .contains("CALL_CANCELLED");
    assertThat(rows().getLast()).containsEntry("outcome", "call_cancelled");
    assertThat(status("r-1").path("status").asText()).isEqualTo("failed");
    assertThat(ensemble.client().get("/api/v1/retrieve/r-1").statusCode()).isEqualTo(409);
  }

  @Test
  void aClientThatSaysSoEndsItsCallByGoingAway() throws Exception {
    leaveAfterFirstBlock("r-1", "X-Ensemble-On-Disconnect: stop\r\n");

    upstreamClosed.get(3, TimeUnit.MINUTES);
    Await.until(() -> rows().getLast().get("outcome").equals("client_gone"));
    assertThat(ensemble.client().get("/api/v1/status/r-1").statusCode()).isEqualTo(404);
  }

  @Test
  void anAgentThatGoesAwayEndsItsCall() throws Exception {
    String token = ensemble.open("instance-1").token();
    leave(token, "r-1", "");

    upstreamClosed.get(3, TimeUnit.MINUTES);
  }

  private HttpResponse<String> streamWhole(String id) throws Exception {
    CompletableFuture<HttpResponse<String>> client =
        CompletableFuture.supplyAsync(() -> ensemble.client().send(request(id).build()));
    asked.get(3, TimeUnit.MINUTES);
    endWith("two");
    return client.get(3, TimeUnit.MINUTES);
  }

  private void endWith(String last) throws Exception {
    asked.get(3, TimeUnit.MINUTES).end(data(text(last)) + END);
  }

  private void leaveAfterFirstBlock(String id, String header) throws Exception {
    leave(RunningEnsemble.KEY, id, header);
  }

  /** A client that is torn away: it reads one block and closes its socket. */
  private void leave(String token, String id, String header) throws IOException {
    byte[] body = Requests.REAL.getBytes(StandardCharsets.UTF_8);
    try (Socket socket = new Socket("127.0.0.1", ensemble.port())) {
      socket.setSoTimeout(10_000);
      String head =
          "POST /api/v1/stream HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer %s\r\n"
              + "X-Request-ID: %s\r\n%sContent-Length: %d\r\n\r\n";
      socket
          .getOutputStream()
          .write(head.formatted(token, id, header, body.length).getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().write(body);
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String line = reader.readLine();
      while (line != null && !line.startsWith("data: ")) {
        line = reader.readLine();
      }
      assertThat(line).contains("one ");
    }
  }

  private HttpRequest.Builder request(String id) {
    return ensemble.client().request("/api/v1/stream", Requests.REAL).header("X-Request-ID", id);
  }

  private HttpRequest.Builder get(String path) {
    return HttpRequest.newBuilder(URI.create(ensemble.baseUrl() + path))
        .header("Authorization", "Bearer " + RunningEnsemble.KEY);
  }

  private int delete(String key, String id) {
    return ensemble
        .client()
        .send(
            HttpRequest.newBuilder(URI.create(ensemble.baseUrl() + "/api/v1/stream/" + id))
                .header("Authorization", "Bearer " + key)
                .DELETE()
                .build())
        .statusCode();
  }

  private JsonNode status(String id) {
    return EnsembleClient.json(ensemble.client().get("/api/v1/status/" + id).body());
  }

  private void awaitStatus(String id, String status) {
    Await.until(() -> status(id).path("status").asText().equals(status));
  }

  private List<Map<String, String>> rows() {
    return LedgerRows.of(folder.resolve("ledger.db"));
  }

  private void run() {
    ensemble =
        new RunningEnsemble(
            new EnsembleOptions(
                    "127.0.0.1",
                    0,
                    Optional.empty(),
                    List.of(RunningEnsemble.KEY, OTHER_KEY),
                    List.of(Upstream.options(upstream.url(), Duration.ofSeconds(20))),
                    Duration.ZERO)
                .withLedger(folder.resolve("ledger.db")));
  }
}
