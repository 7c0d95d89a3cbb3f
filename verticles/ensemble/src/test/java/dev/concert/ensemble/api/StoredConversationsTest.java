package dev.concert.ensemble.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.ensemble.response.RecordedResponseStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Responses that later requests refer to, at a provider that stores nothing. */
class StoredConversationsTest {
  private static final String OTHER_KEY = "another-key-of-a-test";

  @TempDir private Path folder;
  private final Upstream upstream = new Upstream();
  private RunningEnsemble ensemble;

  @BeforeEach
  void start() {
    upstream.events(
        Upstream.data(
            Upstream.text("Yes."), Upstream.finish("stop"), Upstream.usage(10, 0, 2), "[DONE]"));
    run();
  }

  private void run() {
    EnsembleOptions options =
        new EnsembleOptions(
            "127.0.0.1",
            0,
            Optional.empty(),
            List.of(RunningEnsemble.KEY, OTHER_KEY),
            List.of(upstream.options()),
            Duration.ZERO);
    ensemble = new RunningEnsemble(options.withLedger(folder.resolve("ledger.db")));
  }

  @AfterEach
  void stop() {
    ensemble.close();
    upstream.close();
  }

  private HttpResponse<String> ask(String more) {
    String body = "{'model':'real'," + more + "}";
    return ensemble.client().post("/v1/responses", body.replace('\'', '"'));
  }

  private static String id(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return EnsembleClient.json(response.body()).path("id").asText();
  }

  private static HttpResponse<String> delete(EnsembleClient client, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(client.request(path, "").build(), (name, value) -> true)
            .DELETE()
            .build();
    return client.send(request);
  }

  @Test
  void aChainOfResponsesSurvivesARestartAndIsSentWhole() {
    String first = id(ask("'input':'one','instructions':'Be brief.'"));
    String second = id(ask("'input':'two','previous_response_id':'" + first + "'"));
    ensemble.close();
    run();

    HttpResponse<String> third = ask("'input':'three','previous_response_id':'" + second + "'");

    assertThat(id(third)).isNotEqualTo(second);
    JsonNode body = EnsembleClient.json(third.body());
    assertThat(body.path("previous_response_id").asText()).isEqualTo(second);
    assertThat(body.path("store").asBoolean()).isTrue();
    JsonNode list =
        EnsembleClient.json(
            ensemble
                .client()
                .get("/v1/responses/" + id(third) + "/input_items?order=asc&limit=3")
                .body());
    assertThat(list.path("data").toString()).contains("one", "Yes.", "two").doesNotContain("three");
    assertThat(list.path("has_more").asBoolean()).isTrue();
    assertThat(
            ensemble
                .client()
                .get("/v1/responses/" + id(third) + "/input_items?after=unknown")
                .body())
        .as("a client that pages does not begin anew")
        .contains("\"data\":[]", "\"has_more\":false");
  }

  @Test
  void aConversationThatIsReferredToIsNotLongerThanOneThatIsSent() {
    String large = "'input':'" + "x".repeat(17 * 1024 * 1024) + "'";
    String first = id(ask(large));

    HttpResponse<String> refused = ask(large + ",'previous_response_id':'" + first + "'");

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(413);
    assertThat(refused.body()).contains("over 32 MiB with everything that the request refers to");
    assertThat(upstream.bodies).hasSize(1);
    assertThat(id(ask("'input':'two','previous_response_id':'" + first + "'"))).isNotEmpty();
  }

  @Test
  void aConversationWithoutItsBeginningSaysSo() {
    String first = id(ask("'input':'one'"));
    String second = id(ask("'input':'two','previous_response_id':'" + first + "'"));
    delete(ensemble.client(), "/v1/responses/" + first);

    HttpResponse<String> refused = ask("'input':'three','previous_response_id':'" + second + "'");

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body())
        .contains("the conversation before '" + second + "' is not stored any more");
    assertThat(ensemble.client().get("/v1/responses/" + second).statusCode()).isEqualTo(200);
  }

  @Test
  void anItemThatIsNamedTooOftenIsRefused() {
    upstream.events(
        Upstream.data(
            Upstream.text("x".repeat(1024 * 1024)),
            Upstream.finish("stop"),
            Upstream.usage(10, 0, 2),
            "[DONE]"));
    JsonNode first = EnsembleClient.json(ask("'input':'one'").body());
    String item = first.path("output").path(0).path("id").asText();
    String named = "{'type':'item_reference','id':'" + item + "'}";

    HttpResponse<String> refused =
        ask("'input':[" + String.join(",", Collections.nCopies(33, named)) + "]");

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(413);
    assertThat(upstream.bodies).hasSize(1);
  }

  @Test
  void itBelongsToTheKeyThatMadeIt() {
    String first = id(ask("'input':'one'"));
    EnsembleClient other = ensemble.client(OTHER_KEY);

    assertThat(other.get("/v1/responses/" + first).statusCode()).isEqualTo(404);
    assertThat(other.get("/v1/responses/" + first + "/input_items").statusCode()).isEqualTo(404);
    assertThat(delete(other, "/v1/responses/" + first).statusCode()).isEqualTo(404);
    String body = "{\"model\":\"real\",\"input\":\"x\",\"previous_response_id\":\"" + first + "\"}";
    assertThat(other.post("/v1/responses", body).statusCode()).isEqualTo(400);
    assertThat(ensemble.client().get("/v1/responses/" + first).statusCode()).isEqualTo(200);

    assertThat(delete(ensemble.client(), "/v1/responses/" + first).statusCode()).isEqualTo(200);
    assertThat(ensemble.client().get("/v1/responses/" + first).statusCode()).isEqualTo(404);
  }

  @Test
  void whatTheClientDoesNotWantStoredIsNot() {
    String first = id(ask("'input':'one','store':false"));

    assertThat(ensemble.client().get("/v1/responses/" + first).statusCode()).isEqualTo(404);
  }

  @Test
  void aStoredItemCanBeNamedInsteadOfSent() {
    JsonNode first = EnsembleClient.json(ask("'input':'one'").body());
    String item = first.path("output").path(0).path("id").asText();

    HttpResponse<String> next =
        ask(
            "'input':[{'role':'user','content':'one'},{'type':'item_reference','id':'"
                + item
                + "'},{'role':'user','content':'two'}]");

    String items =
        ensemble.client().get("/v1/responses/" + id(next) + "/input_items?order=asc").body();
    assertThat(items).contains("Yes.").doesNotContain("item_reference");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'input':'x','previous_response_id':'resp_none' | previous_response_id",
        "'input':[{'role':'user','content':'x'},{'type':'item_reference','id':'none'}] |"
            + " input[1].id",
      })
  void whatIsNotStoredIsNamed(String more, String field) {
    HttpResponse<String> refused = ask(more);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(EnsembleClient.json(refused.body()).path("error").path("message").asText())
        .startsWith(field);
  }

  @Test
  void onlyResponsesInTheBackgroundCanBeCancelledAndThereAreNone() {
    String first = id(ask("'input':'one'"));

    assertThat(ensemble.client().post("/v1/responses/" + first + "/cancel", "{}").statusCode())
        .isEqualTo(400);
    assertThat(ensemble.client().post("/v1/responses/none/cancel", "{}").statusCode())
        .isEqualTo(404);
    assertThat(ensemble.client().get("/v1/responses/" + first + "?stream=true").statusCode())
        .isEqualTo(400);
  }

  /** A backup has the files whose names end so. */
  @Test
  void whatIsStoredIsInAFileThatABackupTakesAlsoAfterAnUpdate() throws IOException {
    String first = id(ask("'input':'one'"));
    ensemble.close();
    for (String end : List.of("", "-wal", "-shm")) {
      Path file = folder.resolve("ledger.db.responses.db" + end);
      if (Files.exists(file)) {
        Files.move(file, folder.resolve("ledger.db.responses" + end));
      }
    }
    run();

    assertThat(ensemble.client().get("/v1/responses/" + first).statusCode()).isEqualTo(200);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.filter(StoredConversationsTest::isDatabase))
          .hasSize(3)
          .allMatch(file -> file.toString().endsWith(".db"));
    }
  }

  private static boolean isDatabase(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(13), StandardCharsets.US_ASCII).equals("SQLite format");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void oldResponsesAndThoseOverTheLimitAreDeleted() {
    String first = id(ask("'input':'one'"));
    String second = id(ask("'input':'two'"));
    try (RecordedResponseStore store =
        new RecordedResponseStore(folder.resolve("ledger.db.responses.db"), false)) {
      store.forget(Instant.EPOCH, 400);
      assertThat(ensemble.client().get("/v1/responses/" + first).statusCode()).isEqualTo(404);
      store.forget(Instant.now().plusSeconds(1), Long.MAX_VALUE);
    }
    assertThat(ensemble.client().get("/v1/responses/" + second).statusCode()).isEqualTo(404);
  }
}
