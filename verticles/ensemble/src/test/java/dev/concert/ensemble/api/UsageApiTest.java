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
import dev.concert.ensemble.provider.chat.Upstream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a key is told of its own calls. */
class UsageApiTest {
  private static final String OTHER_KEY = "another-key-of-a-test";

  @TempDir Path folder;
  private final Upstream upstream = new Upstream();
  private RunningEnsemble ensemble;
  private EnsembleClient client;

  @BeforeEach
  void start() {
    ensemble =
        new RunningEnsemble(
            new EnsembleOptions(
                    "127.0.0.1",
                    0,
                    Optional.empty(),
                    List.of(RunningEnsemble.KEY, OTHER_KEY),
                    List.of(upstream.options()),
                    Duration.ZERO)
                .withLedger(folder.resolve("ledger.db")));
    client = ensemble.client();
    upstream.events(data(text("hi"), finish("stop"), usage(100, 40, 7), "[DONE]"));
  }

  @AfterEach
  void stop() {
    ensemble.close();
    upstream.close();
  }

  @Test
  void putsCallsTogetherByModelAndAddsTheirCostExactly() {
    client.post("/api/v1/generate", Requests.REAL);
    client.post("/api/v1/stream", Requests.REAL);
    client.post("/api/v1/generate", Requests.DEMO);

    JsonNode usage = EnsembleClient.json(client.get("/api/v1/usage").body());

    assertThat(usage.at("/groups")).hasSize(2);
    assertThat(usage.at("/groups/0/model").asText()).isEqualTo("real");
    assertThat(usage.at("/groups/0/calls").asInt()).isEqualTo(2);
    assertThat(usage.at("/groups/0/input_tokens").asInt()).isEqualTo(120);
    assertThat(usage.at("/groups/0/cached_tokens").asInt()).isEqualTo(80);
    assertThat(usage.at("/groups/0/cost").asText()).isEqualTo("0.000594");
    assertThat(usage.at("/total/calls").asInt()).isEqualTo(3);
    assertThat(usage.at("/total/cost").asText()).isEqualTo("0.000594");
  }

  @Test
  void aKeySeesNothingOfAnother() {
    client.post("/api/v1/generate", Requests.REAL);

    JsonNode usage = EnsembleClient.json(ensemble.client(OTHER_KEY).get("/api/v1/usage").body());

    assertThat(usage.at("/groups")).isEmpty();
    assertThat(usage.at("/total/cost").asText()).isEqualTo("0");
  }

  @Test
  void aTimeInWhichNothingWasIsEmpty() {
    client.post("/api/v1/generate", Requests.REAL);

    JsonNode usage =
        EnsembleClient.json(client.get("/api/v1/usage?from=2020-01-01&to=2020-02-01").body());

    assertThat(usage.at("/from").asText()).isEqualTo("2020-01-01T00:00:00Z");
    assertThat(usage.at("/total/calls").asInt()).isZero();
  }

  @Test
  void exportsEveryCallOnceOverManyPages() {
    int calls = 1_205;
    List<Integer> statuses =
        java.util.stream.IntStream.range(0, calls)
            .parallel()
            .mapToObj(i -> client.post("/api/v1/generate", Requests.DEMO).statusCode())
            .distinct()
            .toList();
    assertThat(statuses).containsExactly(200);

    HttpResponse<String> csv = client.get("/api/v1/usage/export");
    List<String> lines = csv.body().lines().toList();
    List<String> json = client.get("/api/v1/usage/export?format=jsonl").body().lines().toList();

    assertThat(csv.headers().firstValue("content-type")).contains("text/csv; charset=utf-8");
    assertThat(lines.getFirst()).startsWith("id,request_id,key_id,");
    assertThat(lines).hasSize(calls + 1).doesNotHaveDuplicates();
    assertThat(json).hasSize(calls);
    assertThat(json)
        .extracting(line -> EnsembleClient.json(line).path("id").asLong())
        .doesNotHaveDuplicates();
    assertThat(json)
        .extracting(line -> Instant.parse(EnsembleClient.json(line).path("started_at").asText()))
        .isSorted();
    assertThat(EnsembleClient.json(json.getFirst()).path("outcome").asText()).isEqualTo("end_turn");
  }

  @ParameterizedTest
  @CsvSource({
    "usage?group_by=colour, group_by: must be one of model",
    "usage?from=yesterday, from: must be a day or an instant",
    "usage?from=2026-01-02&to=2026-01-01, from: must be before",
    "usage/export?format=xlsx, format: must be one of"
  })
  void namesTheParameterThatIsWrong(String path, String sentence) {
    HttpResponse<String> answer = client.get("/api/v1/" + path);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(sentence);
  }
}
