package dev.concert.ensemble.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.testing.Await;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies that clients are still sending, and may never end. */
class RequestBodyHandlerTest {
  private static final int LIMIT = 1024 * 1024;

  private final Vertx vertx = Vertx.vertx();
  private final List<Socket> clients = new ArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() {
    Router router = Router.router(vertx);
    router
        .route()
        .handler(new RequestBodyHandler(vertx, LIMIT, new BodyRoom(3 * LIMIT)))
        .handler(
            context ->
                context.end("%d bytes".formatted(RequestBodyHandler.body(context).length())));
    router.route().failureHandler(new ErrorHandler());
    server =
        RunningEnsemble.await(
            vertx
                .createHttpServer(HttpServerConfig.at("127.0.0.1", 0))
                .requestHandler(router)
                .listen());
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
    RunningEnsemble.await(vertx.close());
  }

  /** A client that announces a body and sends only its beginning. */
  private Socket client(int announced, int sent) throws IOException {
    Socket client = new Socket("127.0.0.1", server.actualPort());
    clients.add(client);
    client.setSoTimeout(20_000);
    String head = "POST / HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n";
    client.getOutputStream().write(head.formatted(announced).getBytes(US_ASCII));
    client.getOutputStream().write(new byte[sent]);
    return client;
  }

  /** The next answer: its status line, its headers and its body. */
  private static String answer(Socket client) throws IOException {
    StringBuilder text = new StringBuilder();
    byte[] piece = new byte[4_096];
    while (!text.toString().matches("(?s).*\r\n\r\n.+")) {
      int read = client.getInputStream().read(piece);
      assertThat(read).as("after %s", text).isPositive();
      text.append(new String(piece, 0, read, US_ASCII));
    }
    return text.toString();
  }

  private static boolean isAnswered(Socket client) {
    try {
      return client.getInputStream().available() > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aBodyThatStopsMakesRoomForOneThatGoesOn() throws IOException {
    for (int i = 0; i < 3; i++) {
      client(LIMIT, LIMIT - 1);
    }

    assertThat(answer(client(LIMIT, LIMIT))).contains("1048576 bytes");

    Await.until(
        "one of those that stopped is answered",
        () -> clients.subList(0, 3).stream().anyMatch(RequestBodyHandlerTest::isAnswered));
    assertThat(
            answer(
                clients.subList(0, 3).stream()
                    .filter(RequestBodyHandlerTest::isAnswered)
                    .findFirst()
                    .orElseThrow()))
        .contains(" 503 ")
        .containsIgnoringCase("retry-after: 1");
  }

  @Test
  void whateverNumberOfBodiesStopsTheNextIsTaken() throws IOException {
    for (int i = 0; i < 20; i++) {
      client(LIMIT, LIMIT - 1);
      assertThat(answer(client(LIMIT, LIMIT))).contains("1048576 bytes");
    }
  }

  @Test
  void aSmallBodyNeverMakesRoom() throws IOException {
    Socket slow = client(BodyRoom.SMALL, BodyRoom.SMALL - 1);
    for (int i = 0; i < 5; i++) {
      client(LIMIT, LIMIT - 1);
    }
    assertThat(answer(client(LIMIT, LIMIT))).contains("1048576 bytes");

    slow.getOutputStream().write(0);
    assertThat(answer(slow)).contains("65536 bytes");
  }

  @Test
  void bodiesThatAreWholeOrRefusedHoldNothing() throws IOException {
    Socket open = client(LIMIT, LIMIT - 1);
    for (int i = 0; i < 5; i++) {
      assertThat(answer(client(LIMIT, LIMIT))).contains("1048576 bytes");
      assertThat(answer(client(LIMIT + 1, 0))).contains(" 413 ");
      assertThat(answer(chunked())).contains(" 413 ");
    }

    open.getOutputStream().write(0);
    assertThat(answer(open)).contains("1048576 bytes");
  }

  /** A body without an announced length and without an end. */
  private Socket chunked() throws IOException {
    Socket client = new Socket("127.0.0.1", server.actualPort());
    clients.add(client);
    client.setSoTimeout(20_000);
    client
        .getOutputStream()
        .write(
            "POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"
                .getBytes(US_ASCII));
    for (int sent = 0; sent <= LIMIT; sent += 65_536) {
      client.getOutputStream().write("10000\r\n".getBytes(US_ASCII));
      client.getOutputStream().write(new byte[65_536]);
      client.getOutputStream().write("\r\n".getBytes(US_ASCII));
    }
    return client;
  }
}
