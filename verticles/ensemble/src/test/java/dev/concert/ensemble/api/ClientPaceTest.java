package dev.concert.ensemble.api;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.delta;
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
    NetSocket client = connect("/api/v1/stream", Requests.REAL);
    Promise<Buffer> first = Promise.promise();
    client.handler(first::tryComplete);
    RunningEnsemble.await(first.future());

    client.close();

    // Sooner than the stall timeout of the model.
    assertThat(closed.await(2, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void aClientThatDoesNotReadHoldsTheProviderBack() {
    unreadIsHeldBack("/api/v1/stream", Requests.REAL, PIECE);
  }

  /** Such an answer has no blocks: only the vendor's own events pass. */
  @Test
  void aClientThatDoesNotReadASpokenAnswerHoldsTheProviderBack() {
    unreadIsHeldBack(
        "/v1/chat/completions",
        "{\"model\":\"real\",\"stream\":true,\"modalities\":[\"text\",\"audio\"],"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
        data(delta("{\"audio\":{\"data\":\"" + "x".repeat(32 * 1024) + "\"}}")));
  }

  private void unreadIsHeldBack(String path, String body, String piece) {
    AtomicLong sent = new AtomicLong();
    Promise<Void> stuck = Promise.promise();
    upstream.script(
        response -> {
          Upstream.begin(response);
          pump(response, piece, sent);
          watch(sent, stuck);
        });
    NetSocket client = connect(path, body);
    client.pause();

    RunningEnsemble.await(stuck.future());

    // Socket buffers of both connections and our write queue; the whole answer is 128 MB.
    assertThat(sent.get()).isLessThan(PIECES * (long) piece.length() / 3);
    client.close();
  }

  /** Writes as fast as it is allowed to. */
  private void pump(HttpServerResponse response, String piece, AtomicLong sent) {
    while (!response.writeQueueFull() && sent.get() < PIECES * (long) piece.length()) {
      response.write(piece);
      sent.addAndGet(piece.length());
    }
    response.drainHandler(drained -> pump(response, piece, sent));
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

  private NetSocket connect(String path, String body) {
    NetSocket socket =
        RunningEnsemble.await(
            ensemble.vertx().createNetClient().connect(ensemble.port(), "127.0.0.1"));
    socket.write(
        "POST "
            + path
            + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
            + RunningEnsemble.KEY
            + "\r\ncontent-length: "
            + body.length()
            + "\r\n\r\n"
            + body);
    return socket;
  }
}
