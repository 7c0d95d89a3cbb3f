package dev.concert.automations.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.automations.delivery.GuardedPosts.Post;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.testing.TlsServer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which requests reach the servers that members name. */
class GuardedPostsTest {
  private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-03-02T00:00:00Z"));
  private final AtomicInteger status = new AtomicInteger(503);
  private final AtomicInteger requests = new AtomicInteger();

  @AfterEach
  void close() {
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private GuardedPosts posts(String target, Optional<Path> authorities) {
    DeliveryOptions options =
        new DeliveryOptions(
            Set.of(target), Duration.ofMinutes(1), authorities, "mailto:admin@example.com");
    return new GuardedPosts(
        vertx, new WebhookTargets(vertx, options.privateTargets()), options, now::get);
  }

  private SendOutcome send(GuardedPosts posts, String url) {
    Promise<SendOutcome> outcome = Promise.promise();
    vertx.runOnContext(
        _ ->
            posts
                .send(() -> Future.succeededFuture(new Post(url, Map.of(), BODY, Set.of(410))))
                .onComplete(outcome));
    return get(outcome.future());
  }

  private HttpServer server() {
    return get(
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  requests.incrementAndGet();
                  request.response().setStatusCode(status.get()).end();
                })
            .listen(0, "127.0.0.1"));
  }

  @Test
  void threeFailuresOpenTheBreakerAndOneSuccessClosesIt() {
    String target = "127.0.0.1:" + server().actualPort();
    GuardedPosts posts = posts(target, Optional.empty());
    String url = "http://" + target + "/hooks";

    for (int i = 0; i < 3; i++) {
      assertThat(send(posts, url)).isEqualTo(new SendOutcome.Failed("The server answers 503."));
    }
    assertThat(send(posts, url)).isInstanceOf(SendOutcome.Wait.class);
    assertThat(requests).hasValue(3);

    // One message tries it and fails.
    now.updateAndGet(at -> at.plusSeconds(15));
    assertThat(send(posts, url)).isInstanceOf(SendOutcome.Failed.class);
    assertThat(send(posts, url)).isInstanceOf(SendOutcome.Wait.class);
    assertThat(requests).hasValue(4);

    now.updateAndGet(at -> at.plus(Duration.ofHours(1)));
    status.set(204);
    for (int i = 0; i < 3; i++) {
      assertThat(send(posts, url)).isInstanceOf(SendOutcome.Sent.class);
    }
    assertThat(requests).hasValue(7);
  }

  @Test
  void aClockThatJumpsBackAnHourLengthensNoPauseOfTheBreaker() {
    String target = "127.0.0.1:" + server().actualPort();
    GuardedPosts posts = posts(target, Optional.empty());
    String url = "http://" + target + "/hooks";
    for (int i = 0; i < 3; i++) {
      send(posts, url);
    }
    now.updateAndGet(at -> at.minus(Duration.ofHours(1)));
    assertThat(send(posts, url))
        .isInstanceOfSatisfying(
            SendOutcome.Wait.class,
            wait -> assertThat(wait.time()).isLessThanOrEqualTo(Duration.ofSeconds(10)));
    now.updateAndGet(at -> at.plusSeconds(15));
    status.set(204);
    assertThat(send(posts, url)).isInstanceOf(SendOutcome.Sent.class);
  }

  @Test
  void onlyACertificateOfAKnownAuthorityForThisNameIsTaken(@TempDir Path folder) throws Exception {
    TlsServer server =
        TlsServer.start(vertx, folder, "localhost", "127.0.0.1").file("/hooks", "ok");
    Optional<Path> authority = Optional.of(server.certificate());
    String asAddress = server.authority().replace("localhost", "127.0.0.1");

    assertThat(send(posts(server.authority(), authority), server.url() + "/hooks"))
        .isInstanceOf(SendOutcome.Sent.class);
    for (SendOutcome refused :
        new SendOutcome[] {
          send(posts(server.authority(), Optional.empty()), server.url() + "/hooks"),
          send(posts(asAddress, authority), "https://" + asAddress + "/hooks")
        }) {
      assertThat(refused)
          .isEqualTo(
              new SendOutcome.Failed(
                  "The server's certificate is not valid, or it speaks no TLS."));
    }
  }
}
