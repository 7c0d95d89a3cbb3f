package dev.concert.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bodies that drip are given up; those that come steadily are not. */
class BodyPaceTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private Socket upload(BodyPace.Limits limits, int length) throws IOException {
    return upload(limits, length, BodyHandler.create(false));
  }

  private Socket upload(BodyPace.Limits limits, int length, Handler<RoutingContext> first)
      throws IOException {
    Router router = Router.router(vertx);
    router.route().handler(new BodyPace(vertx, limits));
    router.route().handler(first);
    router.route().handler(request -> request.response().end("taken"));
    router.route().failureHandler(ProblemResponse::handleFailure);
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    Socket socket = new Socket("127.0.0.1", server.actualPort());
    socket.setSoTimeout(60_000);
    socket
        .getOutputStream()
        .write(
            "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
                .formatted(length)
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** The rest may be lost, since the server does not read what still comes. */
  private static String line(Socket socket) throws IOException {
    return new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
        .readLine();
  }

  private static String answer(Socket socket) throws IOException {
    byte[] answer = socket.getInputStream().readNBytes(600);
    return new String(answer, StandardCharsets.US_ASCII);
  }

  @Test
  void aBodyOfWhichNothingComesIsRefusedAndItsConnectionClosed() throws IOException {
    BodyPace.Limits limits =
        new BodyPace.Limits(Duration.ofMillis(200), 100, Duration.ofMinutes(1));
    try (Socket socket = upload(limits, 1000)) {
      socket.getOutputStream().write('x');
      assertThat(answer(socket)).startsWith("HTTP/1.1 408").contains("UPLOAD_TOO_SLOW");
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aBodyThatIsFastEnoughAndNeverEndsIsRefusedAtItsDeadline() throws Exception {
    BodyPace.Limits limits = new BodyPace.Limits(Duration.ofMillis(200), 1, Duration.ofMillis(500));
    try (Socket socket = upload(limits, 1 << 22)) {
      AtomicBoolean over = new AtomicBoolean();
      Thread writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      OutputStream out = socket.getOutputStream();
                      while (!over.get()) {
                        out.write(new byte[64]);
                        LockSupport.parkNanos(5_000_000);
                      }
                    } catch (IOException e) {
                      over.set(true);
                    }
                  });
      assertThat(line(socket)).isEqualTo("HTTP/1.1 408 Request Timeout");
      Await.until("the end of the connection", over::get);
      writer.join();
    }
  }

  @Test
  void aBodyThatComesWholeIsTaken() throws IOException {
    BodyPace.Limits limits =
        new BodyPace.Limits(Duration.ofSeconds(20), 100, Duration.ofMinutes(1));
    try (Socket socket = upload(limits, 3)) {
      socket.getOutputStream().write("abc".getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      assertThat(answer(socket)).startsWith("HTTP/1.1 200").contains("taken");
    }
  }

  @Test
  void aRequestThatWasAnsweredBeforeItsBodyCameIsNotAnsweredAgain() throws IOException {
    List<Throwable> unhandled = new CopyOnWriteArrayList<>();
    vertx.exceptionHandler(unhandled::add);
    BodyPace.Limits limits =
        new BodyPace.Limits(Duration.ofMillis(200), 100, Duration.ofMinutes(1));
    try (Socket socket =
        upload(limits, 1000, request -> request.response().setStatusCode(404).end("no"))) {
      String everything =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

      assertThat(everything).startsWith("HTTP/1.1 404").endsWith("no");
      assertThat(unhandled).isEmpty();
    }
  }
}
