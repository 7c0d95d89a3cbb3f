package dev.concert.ensemble.admission;

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
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that another process makes and takes away, at two running nodes with one keys file. */
class KeysAtOnceTest {
  private static final int TIMES = 20;
  private static final String MODELS = "/api/v1/models";
  private static final String STREAM =
      "{\"model\":\"real\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @TempDir Path folder;
  private final Upstream upstream = new Upstream();
  private KeyStore otherProcess;
  private RunningEnsemble first;
  private RunningEnsemble second;
  private String customer;

  @BeforeEach
  void start() {
    first = node();
    second = node();
    otherProcess = new KeyStore(folder.resolve("keys.db"), Clock.systemUTC());
    customer = otherProcess.addCustomer("Acme", "ops@acme.example", Optional.empty()).id();
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    otherProcess.close();
    upstream.close();
  }

  private RunningEnsemble node() {
    return new RunningEnsemble(
        new EnsembleOptions(
                "127.0.0.1",
                0,
                Optional.empty(),
                List.of(),
                List.of(Upstream.options(upstream.url(), Duration.ofMinutes(5))),
                Duration.ZERO)
            .withControl(AccessControlOptions.NONE.withKeysFile(folder.resolve("keys.db"))));
  }

  private CreatedKey created(Optional<Instant> end) {
    return otherProcess.addKey(
        customer, new KeySettings("ci", Optional.empty(), RateLimit.NONE, Optional.empty(), end));
  }

  private List<Integer> statuses(CreatedKey key) {
    return Stream.of(first, second)
        .map(node -> node.client(key.secret()).get(MODELS).statusCode())
        .toList();
  }

  @Test
  void aKeyWorksFromTheMomentItIsShownAndNotAfterItsRevocation() {
    for (int i = 0; i < TIMES; i++) {
      CreatedKey key = created(Optional.empty());
      assertThat(statuses(key)).containsOnly(200);

      otherProcess.set(key.key().id(), ApiKey.Status.REVOKED);
      assertThat(statuses(key)).containsOnly(401);
    }
  }

  @Test
  void aWebSocketOpensWithAKeyFromTheMomentItIsShown() {
    CreatedKey key = created(Optional.empty());
    WebSocketClient client = first.vertx().createWebSocketClient();

    boolean open =
        RunningEnsemble.await(
            client
                .connect(
                    new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(first.port())
                        .setURI("/api/v1/ws")
                        .addHeader("Authorization", "Bearer " + key.secret()))
                .map(socket -> !socket.isClosed()));

    assertThat(open).isTrue();
  }

  @Test
  void aKeyIsRefusedWhenItsTimeIsOver() {
    Instant now = Instant.now();

    assertThat(statuses(created(Optional.of(now.plusSeconds(3_600))))).containsOnly(200);
    assertThat(statuses(created(Optional.of(now.minusSeconds(1))))).containsOnly(401);
  }

  @Test
  void theOpenStreamOfAKeyEndsWithTheKeysTime() {
    upstream.script(response -> Upstream.begin(response).write(Upstream.data(Upstream.text("on"))));
    CreatedKey key = created(Optional.empty());
    List<String> lines = new CopyOnWriteArrayList<>();
    CompletableFuture<Void> over = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              first.client(key.secret()).streamLines(STREAM, lines::add);
              over.complete(null);
            });
    Await.until(() -> lines.toString().contains("on"));

    otherProcess.configure(
        key.key().id(),
        was ->
            new KeySettings(
                was.name(),
                was.allowedModels(),
                was.limit(),
                was.budget(),
                Optional.of(Instant.now().minusSeconds(1))));

    over.join();
    assertThat(lines.toString()).contains("AUTH_FAILED");
  }
}
