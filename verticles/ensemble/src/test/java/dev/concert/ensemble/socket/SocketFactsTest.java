package dev.concert.ensemble.socket;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.AccessControlOptions;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.testing.Await;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who asks over a WebSocket learns what the headers of HTTP say. */
class SocketFactsTest {
  /** Ten seconds after a minute has begun. */
  private static final long NOW = 1_800_000_010_000L;

  /** Where a message says what a header of HTTP does. */
  private static final Map<String, String> FIELDS =
      Map.ofEntries(
          entry("x-request-id", "/request_id"),
          entry("x-ensemble-overhead-ms", "/overhead_ms"),
          entry("x-ensemble-routing", "/response/routing"),
          entry("x-ensemble-cost", "/response/cost"),
          entry("x-ratelimit-limit-requests", "/rate_limit/requests/limit"),
          entry("x-ratelimit-remaining-requests", "/rate_limit/requests/remaining"),
          entry("x-ratelimit-reset-requests", "/rate_limit/resets_at"),
          entry("x-ratelimit-limit-tokens", "/rate_limit/tokens/limit"),
          entry("x-ratelimit-remaining-tokens", "/rate_limit/tokens/remaining"),
          entry("x-ratelimit-reset-tokens", "/rate_limit/resets_at"));

  private static final String END = data(text("hi"), finish("stop"), usage(10, 0, 10), "[DONE]");
  private static final String BODY =
      "{\"model\":\"real\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @TempDir Path folder;
  private final Upstream upstream = new Upstream();
  private KeyStore store;
  private RunningEnsemble ensemble;
  private Optional<Wire> wire = Optional.empty();

  @BeforeEach
  void start() {
    Path keys = folder.resolve("keys.db");
    store = new KeyStore(keys, Clock.systemUTC());
    ensemble =
        new RunningEnsemble(
            new EnsembleOptions(
                    "127.0.0.1",
                    0,
                    Optional.empty(),
                    List.of(RunningEnsemble.KEY),
                    List.of(upstream.options()),
                    Duration.ZERO)
                .withControl(AccessControlOptions.NONE.withKeysFile(keys)),
            () -> NOW);
    upstream.events(END);
  }

  @AfterEach
  void stop() {
    wire.ifPresent(Wire::close);
    ensemble.close();
    store.close();
    upstream.close();
  }

  @Test
  void everyHeaderOfAnAnswerHasAField() {
    String key = key(new RateLimit(10, 100_000));
    HttpResponse<String> answer = ensemble.client(key).post("/api/v1/generate", BODY);
    Set<String> told = answer.headers().map().keySet();

    JsonNode done = connect(key).ask("one").next("done");

    assertThat(told.stream().filter(name -> name.startsWith("x-")).toList())
        .isSubsetOf(FIELDS.keySet())
        .containsAll(FIELDS.keySet());
    FIELDS.forEach(
        (header, field) -> assertThat(done.at(field).isMissingNode()).as(field).isFalse());
  }

  @Test
  void theFieldsSayWhatTheHeadersSay() {
    String key = key(new RateLimit(10, 100_000));
    Instant before = Instant.now();
    HttpResponse<String> answer = ensemble.client(key).post("/api/v1/generate", BODY);

    JsonNode done = connect(key).ask("one").next("done");

    assertThat(header(answer, "x-ratelimit-limit-requests")).isEqualTo("10");
    assertThat(header(answer, "x-ratelimit-remaining-requests")).isEqualTo("9");
    assertThat(header(answer, "x-ratelimit-reset-tokens")).matches("6[01]s");
    assertThat(done.at("/rate_limit/requests/limit").asInt()).isEqualTo(10);
    assertThat(done.at("/rate_limit/requests/remaining").asInt()).isEqualTo(8);
    assertThat(done.at("/rate_limit/tokens/limit").asInt()).isEqualTo(100_000);
    assertThat(done.at("/rate_limit/tokens/remaining").asInt()).isBetween(90_000, 99_980);
    assertThat(Instant.parse(done.at("/rate_limit/resets_at").asText()))
        .isBetween(before.plusSeconds(61), Instant.now().plusSeconds(61));
    assertThat(done.at("/response/routing/reason").asText()).isEqualTo("only_endpoint");
    assertThat(done.at("/overhead_ms").isNumber()).isTrue();
  }

  @Test
  void aKeyWithoutLimitsIsToldOfNone() {
    JsonNode done = connect(RunningEnsemble.KEY).ask("one").next("done");

    assertThat(done.has("rate_limit")).isFalse();
    assertThat(done.has("overhead_ms")).isTrue();
  }

  @Test
  void whatTheProviderTookIsNotCounted() {
    upstream.script(
        response ->
            CompletableFuture.delayedExecutor(900, TimeUnit.MILLISECONDS)
                .execute(() -> Upstream.begin(response).end(END)));

    JsonNode done = connect(RunningEnsemble.KEY).ask("one").next("done");

    assertThat(done.at("/overhead_ms").asDouble()).isBetween(0.0, 800.0);
  }

  @Test
  void aFailedCallSaysTheSameOfItself() {
    upstream.events(data(text("half")));
    JsonNode failed = connect(key(new RateLimit(10, 100_000))).ask("one").next("error");

    assertThat(failed.at("/error/code").asText()).isEqualTo("PROVIDER_FAILED");
    assertThat(failed.at("/overhead_ms").isNumber()).isTrue();
    assertThat(failed.at("/routing/endpoint").asText()).isEqualTo("scripted");
    assertThat(failed.at("/rate_limit/requests/remaining").asInt()).isEqualTo(9);
  }

  @Test
  void aCallThatWasNotMadeNamesTheTimeToWait() {
    Wire client = connect(key(new RateLimit(1, 100_000)));
    client.ask("one").next("done");

    JsonNode refused = client.ask("two").next("error");

    assertThat(refused.at("/error/retry_after_ms").asLong()).isEqualTo(61_000);
    assertThat(refused.at("/overhead_ms").isNumber()).isTrue();
    assertThat(refused.has("routing")).isFalse();
  }

  private Wire connect(String key) {
    Wire opened = new Wire(ensemble.port(), Optional.of(key));
    wire = Optional.of(opened);
    return opened;
  }

  private String key(RateLimit limit) {
    String customer = store.addCustomer("Acme", "ops@acme.example", Optional.empty()).id();
    String secret =
        store
            .addKey(customer, new KeySettings("ci", Optional.empty(), limit, Optional.empty()))
            .secret();
    Await.until(() -> ensemble.client(secret).get("/api/v1/models").statusCode() == 200);
    return secret;
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElseThrow();
  }
}
