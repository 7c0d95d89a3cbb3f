package dev.concert.ensemble.ledger;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.testing.Await;
import io.vertx.core.http.HttpServerResponse;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} in the middle of a hundred streams. */
class KilledEnsembleTest {
  private static final int CALLS = 100;
  private static final int DONE_AT_LEAST = 30;
  private static final Pattern PROMPT = Pattern.compile("secret-prompt-(r-\\d+)");

  @TempDir Path folder;
  private final Upstream upstream = new Upstream();
  private final ScheduledExecutorService pace = Executors.newScheduledThreadPool(1);
  private final Random random = new Random(1);

  /** By request id. */
  private final Set<String> asked = ConcurrentHashMap.newKeySet();

  private final Set<String> finished = ConcurrentHashMap.newKeySet();

  /** What clients were told, by request id. */
  private final Map<String, JsonNode> done = new ConcurrentHashMap<>();

  @AfterEach
  void stop() {
    pace.shutdownNow();
    upstream.close();
  }

  @Test
  void booksAndKeptAnswersAgreeWithWhatTheProviderSaw() throws Exception {
    upstream.script(this::play);
    Path ledger = folder.resolve("ledger.db");
    String log;
    try (EnsembleProcess first =
            EnsembleProcess.start(upstream.url(), ledger, folder.resolve("first.log"));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      EnsembleClient client = new EnsembleClient(first.baseUrl(), RunningEnsemble.KEY);
      for (int call = 0; call < CALLS; call++) {
        String id = "r-" + call;
        clients.execute(() -> ask(client, id));
      }
      Await.until(() -> done.size() >= DONE_AT_LEAST);
      first.kill();
      log = first.log();
    }

    try (EnsembleProcess second =
        EnsembleProcess.start(upstream.url(), ledger, folder.resolve("second.log"))) {
      EnsembleClient client = new EnsembleClient(second.baseUrl(), RunningEnsemble.KEY);
      Map<String, Map<String, String>> rows =
          LedgerRows.of(ledger).stream()
              .collect(Collectors.toMap(row -> row.get("request_id"), Function.identity()));

      assertThat(done).hasSizeLessThan(CALLS);
      assertThat(rows.keySet()).containsAll(asked);
      rows.forEach((id, row) -> check(client, id, row));
      done.keySet().forEach(id -> assertThat(rows.get(id)).containsEntry("outcome", "end_turn"));
      log += second.log();
    }
    assertThat(log)
        .contains("call=r-")
        .doesNotContain("secret-prompt")
        .doesNotContain("secret-answer")
        .doesNotContain(Upstream.KEY)
        .doesNotContain(RunningEnsemble.KEY);
  }

  /** Another connection has the table: what is written down beside it is all there is. */
  @Test
  void whoWasAskedWhileTheTableCouldNotBeWrittenIsInTheBooks() throws Exception {
    upstream.script(this::play);
    Path ledger = folder.resolve("ledger.db");
    try (EnsembleProcess first =
            EnsembleProcess.start(upstream.url(), ledger, folder.resolve("first.log"));
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + ledger);
        Statement statement = other.createStatement();
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      EnsembleClient client = new EnsembleClient(first.baseUrl(), RunningEnsemble.KEY);
      statement.execute("BEGIN IMMEDIATE");
      for (int call = 0; call < 20; call++) {
        String id = "r-" + call;
        clients.execute(() -> ask(client, id));
      }
      // After five seconds of waiting for the table the rest would be refused.
      Await.until(() -> asked.size() >= 5);
      first.kill();
      assertThat(LedgerRows.of(ledger)).as("what is in the table").isEmpty();
      statement.execute("ROLLBACK");
    }

    try (EnsembleProcess second =
        EnsembleProcess.start(upstream.url(), ledger, folder.resolve("second.log"))) {
      EnsembleClient client = new EnsembleClient(second.baseUrl(), RunningEnsemble.KEY);
      List<Map<String, String>> rows = LedgerRows.of(ledger);

      assertThat(rows)
          .extracting(row -> row.get("request_id"))
          .doesNotHaveDuplicates()
          .containsAll(asked);
      rows.forEach(row -> check(client, row.get("request_id"), row));
    }
  }

  private void check(EnsembleClient client, String id, Map<String, String> row) {
    HttpResponse<String> kept = client.get("/api/v1/retrieve/" + id);
    if (row.get("outcome").equals("end_turn")) {
      // The provider had ended before the books say so; the client may not have heard of it.
      assertThat(finished).contains(id);
      assertThat(row).containsEntry("cost", "0.000297").containsEntry("estimated", "0");
      assertThat(kept.statusCode()).isEqualTo(200);
      assertThat(EnsembleClient.json(kept.body()).at("/blocks/0/text").asText())
          .isEqualTo("secret-answer-one secret-answer-two");
      if (done.containsKey(id)) {
        assertThat(EnsembleClient.json(kept.body())).isEqualTo(done.get(id));
      }
    } else {
      assertThat(row).containsEntry("outcome", "interrupted").containsEntry("estimated", "1");
      assertThat(kept.statusCode()).isEqualTo(502);
      assertThat(kept.body()).contains("CALL_INTERRUPTED");
    }
  }

  /** One piece at once, another after a while, and the end after another while. */
  private void play(HttpServerResponse response) {
    Matcher prompt = PROMPT.matcher(upstream.bodies.remove());
    assertThat(prompt.find()).isTrue();
    String id = prompt.group(1);
    asked.add(id);
    Upstream.begin(response).write(data(text("secret-answer-one ")));
    pace.schedule(
        () -> {
          response.write(data(text("secret-answer-two")));
          pace.schedule(
              () -> {
                finished.add(id);
                response.end(data(finish("stop"), usage(100, 40, 7), "[DONE]"));
              },
              random.nextInt(1_500),
              TimeUnit.MILLISECONDS);
        },
        random.nextInt(1_500),
        TimeUnit.MILLISECONDS);
  }

  private void ask(EnsembleClient client, String id) {
    String body =
        "{\"model\":\"real\",\"messages\":[{\"role\":\"user\",\"content\":\"secret-prompt-%s\"}]}"
            .formatted(id);
    HttpRequest request = client.request("/api/v1/stream", body).header("X-Request-ID", id).build();
    try {
      String[] parts = client.send(request).body().split("event: done\ndata: ");
      if (parts.length == 2) {
        done.put(id, EnsembleClient.json(parts[1]));
      }
    } catch (RuntimeException killed) {
      // Whoever was not answered when the process was killed.
    }
  }
}
