package dev.concert.ensemble.admission;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.AccessControlOptions;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.key.ApiKey;
import dev.concert.ensemble.key.CreatedKey;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.testing.Await;
import dev.concert.testing.Fastest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stream that is open when its key is taken away. */
class RevokedStreamTest {
  private static final String STREAM =
      "{\"model\":\"real\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @TempDir Path folder;
  private final Upstream upstream = new Upstream();
  private KeyStore store;
  private RunningEnsemble ensemble;
  private String customer;

  @BeforeEach
  void start() {
    store = new KeyStore(folder.resolve("keys.db"), Clock.systemUTC());
    customer = store.addCustomer("Acme", "ops@acme.example", Optional.empty()).id();
    upstream.script(response -> Upstream.begin(response).write(data(text("begun"))));
    ensemble =
        new RunningEnsemble(
            new EnsembleOptions(
                    "127.0.0.1",
                    0,
                    Optional.empty(),
                    List.of(),
                    List.of(Upstream.options(upstream.url(), Duration.ofMinutes(5))),
                    Duration.ZERO)
                .withControl(AccessControlOptions.NONE.withKeysFile(folder.resolve("keys.db"))));
  }

  @AfterEach
  void stop() {
    ensemble.close();
    store.close();
    upstream.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = ApiKey.Status.class,
      names = {"REVOKED", "DISABLED"})
  void itEndsWithinASecondAndThoseOfOthersGoOn(ApiKey.Status status) {
    Open other = open();

    Fastest.isWithin(
        Duration.ofSeconds(1),
        _ -> {
          Open taken = open();
          return Fastest.time(
              () -> {
                store.set(taken.key().key().id(), status);
                taken.over().join();
                assertThat(taken.lines().toString()).contains("begun", "AUTH_FAILED");
              });
        });

    assertThat(other.over()).isNotDone();
  }

  private record Open(CreatedKey key, List<String> lines, CompletableFuture<Void> over) {}

  private Open open() {
    CreatedKey key =
        store.addKey(
            customer, new KeySettings("ci", Optional.empty(), RateLimit.NONE, Optional.empty()));
    Await.until(() -> ensemble.client(key.secret()).get("/api/v1/models").statusCode() == 200);
    List<String> lines = new CopyOnWriteArrayList<>();
    CompletableFuture<Void> over = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                ensemble.client(key.secret()).streamLines(STREAM, lines::add);
              } catch (RuntimeException broken) {
                lines.add("broken: " + broken);
              }
              over.complete(null);
            });
    Await.until(() -> lines.toString().contains("begun"));
    return new Open(key, lines, over);
  }
}
