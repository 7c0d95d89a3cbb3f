package dev.concert.ensemble.api;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.Requests;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.provider.chat.Upstream;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that read slowly or go away. */
class ClientPaceTest {
  private static final String PIECE = data(text("x".repeat(32 * 1024)));
  private static final int PIECES = 4_000;

  private final Upstream upstream = new Upstream();
  private final RunningEnsemble ensemble =
      new RunningEnsemble(Upstream.options(upstream.url(), Duration.ofMinutes(10)));

  @AfterEach
  void stop() {
    ensemble.close();
    upstream.close();
  }

  @Test
  void aClientThatGoesAwayEndsTheCallAtTheProvider() throws InterruptedException {
    CountDownLatch closed = new CountDownLatch(1);
    upstream.script(
        response -> {
          response.closeHandler(gone -> closed.countDown());
          Upstream.begin(response).write(data(text("first")));
        });
    NetSocket client = connect();
    Promise<Buffer> first = Promise.promise();
    client.handler(first::tryComplete);
    RunningEnsemble.await(first.future());

    client.close();

    // Sooner than the stall timeout of the model.
    assertThat(closed.await(2, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void aClientThatDoesNotReadHoldsTheProviderBack() {
    AtomicLong sent = new AtomicLong();
    Promise<Void> stuck = Promise.promise();
    upstream.script(
        response -> {
          Upstream.begin(response);
          pump(response, sent);
          watch(sent, stuck);
        });
    NetSocket client = connect();
    client.pause();

    RunningEnsemble.await(stuck.future());

    // Socket buffers of both connections and our write queue; the whole answer is 128 MB.
    assertThat(sent.get()).isLessThan(PIECES * (long) PIECE.length() / 3);
    client.close();
  }

  /** Writes as fast as it is allowed to. */
  private void pump(HttpServerResponse response, AtomicLong sent) {
    while (!response.writeQueueFull() && sent.get() < PIECES * (long) PIECE.length()) {
      response.write(PIECE);
      sent.addAndGet(PIECE.length());
    }
    response.drainHandler(drained -> pump(response, sent));
  }

  /** Completes when nothing more was sent for 300 ms. */
  private void watch(AtomicLong sent, Promise<Void> stuck) {
    long before = sent.get();
    ensemble
        .vertx()
        .setTimer(
            300,
            timer -> {
              if (sent.get() == before) {
                stuck.complete();
              } else {
                watch(sent, stuck);
              }
            });
  }

  private NetSocket connect() {
    NetSocket socket =
        RunningEnsemble.await(
            ensemble.vertx().createNetClient().connect(ensemble.port(), "127.0.0.1"));
    socket.write(
        "POST /api/v1/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
            + RunningEnsemble.KEY
            + "\r\ncontent-length: "
            + Requests.REAL.length()
            + "\r\n\r\n"
            + Requests.REAL);
    return socket;
  }
}
