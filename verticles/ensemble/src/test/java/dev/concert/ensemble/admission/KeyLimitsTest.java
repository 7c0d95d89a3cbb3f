package dev.concert.ensemble.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.Requests;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.AccessControlOptions;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.key.ApiKey;
import dev.concert.ensemble.key.CreatedKey;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.testing.Await;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys with limits as their holders meet them, by whichever API. */
class KeyLimitsTest {
  private static final String CHAT =
      "{\"model\":\"demo\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @TempDir Path folder;
  private KeyStore store;
  private RunningEnsemble ensemble;
  private String customer;

  @BeforeEach
  void start() {
    store = new KeyStore(folder.resolve("keys.db"), Clock.systemUTC());
    customer = store.addCustomer("Acme", "ops@acme.example", Optional.empty()).id();
    ensemble =
        new RunningEnsemble(
            EnsembleOptions.embedded(Map.of())
                .withControl(AccessControlOptions.NONE.withKeysFile(folder.resolve("keys.db"))));
  }

  @AfterEach
  void stop() {
    ensemble.close();
    store.close();
  }

  @Test
  void aKeyIsRefusedOverItsRequestsByEveryApiAndToldHowLongToWait() {
    EnsembleClient client = holder(key(Set.of(), new RateLimit(2, 100_000)));

    HttpResponse<String> first = client.post("/api/v1/generate", Requests.DEMO);
    HttpResponse<String> second = client.post("/v1/chat/completions", CHAT);
    HttpResponse<String> third = client.post("/v1/messages", CHAT);
    HttpResponse<String> fourth = client.post("/api/v1/stream", Requests.DEMO);

    assertThat(first.headers().firstValue("x-ratelimit-remaining-requests")).contains("1");
    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(third.statusCode()).isEqualTo(429);
    assertThat(fourth.statusCode()).isEqualTo(429);
    assertThat(fourth.headers().firstValueAsLong("retry-after").orElse(0)).isBetween(1L, 61L);
  }

  @Test
  void aCallLargerThanTheWholeMinuteIsNotToldToWait() {
    HttpResponse<String> answer =
        holder(key(Set.of(), new RateLimit(10, 500))).post("/api/v1/generate", Requests.DEMO);

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("retry-after")).isEmpty();
    assertThat(answer.body()).contains("more than this key may use in a minute");
  }

  @Test
  void tokensThatWereSetAsideButNotUsedCanBeUsedByTheNext() {
    EnsembleClient client = holder(key(Set.of(), new RateLimit(10, 2_000)));

    for (int call = 0; call < 4; call++) {
      // Each sets over 1000 aside, and uses a few.
      assertThat(client.post("/api/v1/generate", Requests.DEMO).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aModelThatIsNotAllowedIsRefused() {
    HttpResponse<String> answer =
        holder(key(Set.of("other"), RateLimit.NONE)).post("/api/v1/generate", Requests.DEMO);

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("may not use the model 'demo'");
  }

  @Test
  void aRevokedKeyIsLockedOut() {
    CreatedKey key = key(Set.of(), RateLimit.NONE);
    EnsembleClient client = holder(key);

    store.set(key.key().id(), ApiKey.Status.REVOKED);

    Await.until(() -> client.get("/api/v1/models").statusCode() == 401);
  }

  private CreatedKey key(Set<String> models, RateLimit limit) {
    return store.addKey(
        customer,
        new KeySettings(
            "ci",
            models.isEmpty() ? Optional.empty() : Optional.of(models),
            limit,
            Optional.empty()));
  }

  private EnsembleClient holder(CreatedKey key) {
    EnsembleClient client = ensemble.client(key.secret());
    Await.until(() -> client.get("/api/v1/models").statusCode() == 200);
    return client;
  }
}
