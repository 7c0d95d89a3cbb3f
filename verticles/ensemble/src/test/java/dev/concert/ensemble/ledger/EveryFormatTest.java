package dev.concert.ensemble.ledger;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.Requests;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls by every form of the API as they lie in the books. */
class EveryFormatTest {
  private static final String VENDORS =
      "{\"model\":\"real\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @TempDir Path folder;
  private final Upstream upstream = new Upstream();
  private RunningEnsemble ensemble;

  @BeforeEach
  void start() {
    ensemble =
        new RunningEnsemble(
            new EnsembleOptions(
                    "127.0.0.1",
                    0,
                    Optional.empty(),
                    List.of(RunningEnsemble.KEY),
                    List.of(upstream.options()),
                    Duration.ZERO)
                .withLedger(folder.resolve("ledger.db")));
  }

  @AfterEach
  void stop() {
    ensemble.close();
    upstream.close();
  }

  @Test
  void everyFormIsWrittenDownBeforeTheModelIsAskedAndItsRowSettledBeforeTheClientHears() {
    List<Long> whenAsked = new ArrayList<>();
    upstream.script(
        response -> {
          whenAsked.add(writtenDown().getLast().id());
          Upstream.begin(response)
              .end(data(text("hi"), finish("stop"), usage(100, 40, 7), "[DONE]"));
        });

    for (String path : List.of("stream", "generate")) {
      ensemble.client().post("/api/v1/" + path, Requests.REAL);
      assertThat(rows().getLast()).containsEntry("outcome", "end_turn");
    }
    for (String path : List.of("chat/completions", "messages")) {
      ensemble.client().post("/v1/" + path, VENDORS);
      assertThat(rows().getLast()).containsEntry("outcome", "end_turn");
    }

    ensemble.client().post("/v1/responses", "{\"model\":\"real\",\"input\":\"hi\"}");
    assertThat(rows().getLast()).containsEntry("outcome", "end_turn");

    assertThat(whenAsked).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(rows())
        .extracting(row -> row.get("form"))
        .containsExactly("stream", "generate", "chat", "messages", "responses");
    assertThat(rows())
        .allSatisfy(
            row ->
                assertThat(row)
                    .containsEntry("input_tokens", "60")
                    .containsEntry("cached_tokens", "40")
                    .containsEntry("output_tokens", "7")
                    .containsEntry("cost", "0.000297"));
  }

  /** What a next process would find, the table being a moment behind. */
  private List<OpenedCallRow> writtenDown() {
    try (IntentLog intents = IntentLog.open(folder.resolve("ledger.db.intents"))) {
      return intents.left();
    }
  }

  @Test
  void aCallThatFailedBeforeAnythingIsSettledWithItsCodeAndCostsNothing() {
    upstream.status(400, "application/json", "{}");

    ensemble.client().post("/api/v1/generate", Requests.REAL);

    assertThat(rows().getLast())
        .containsEntry("outcome", "provider_rejected")
        .containsEntry("cost", "0")
        .containsEntry("output_tokens", "0");
  }

  @Test
  void aCallThatIsRefusedHereIsNotInTheBooks() {
    assertThat(
            ensemble
                .client()
                .post("/api/v1/generate", "{\"model\":\"none\",\"messages\":[]}")
                .statusCode())
        .isEqualTo(400);

    assertThat(rows()).isEmpty();
  }

  @Test
  void aCutAnswerIsSettledWithWhatWasHeardOfIt() {
    upstream.events(data(text("half an answer")));

    ensemble.client().post("/api/v1/stream", Requests.REAL);

    Await.until(() -> !rows().getLast().get("outcome").equals("open"));
    assertThat(rows().getLast())
        .containsEntry("outcome", "provider_failed")
        .containsEntry("output_tokens", "4")
        .containsEntry("estimated", "1");
  }

  private List<Map<String, String>> rows() {
    return LedgerRows.of(folder.resolve("ledger.db"));
  }
}
