package dev.concert.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.concert.gateway.GatewayForHttp;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Requests of which it is not certain where they end are refused, and nothing of them is done. */
class FramingCheckTest {
  @TempDir static Path data;
  private static GatewayForHttp gateway;

  @BeforeAll
  static void start() {
    gateway = GatewayForHttp.start(data);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static Socket connect(String head) throws IOException {
    Socket socket = new Socket("127.0.0.1", gateway.port());
    socket.setSoTimeout(60_000);
    socket
        .getOutputStream()
        .write(
            head.replace("HOST", "Host: 127.0.0.1:" + gateway.port())
                .replace("|", "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String answer(String head) throws IOException {
    try (Socket socket = connect(head)) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "an unknown encoding; HOST|Transfer-Encoding: xchunked||",
        "two encodings; HOST|Transfer-Encoding: gzip, chunked||",
        "an encoding twice; HOST|Transfer-Encoding: chunked|Transfer-Encoding: chunked||0||",
        "both lengths; HOST|Content-Length: 3|Transfer-Encoding: chunked||0||",
        "two lengths; HOST|Content-Length: 3|Content-Length: 4||abc",
        "two hosts; HOST|Host: elsewhere|Content-Length: 0||"
      })
  void anUploadThatMayEndInTwoPlacesIsRefusedAndItsConnectionIsClosed(String what, String headers)
      throws IOException {
    String answer = answer("PUT /api/sessions/s/file?path=a HTTP/1.1|" + headers.strip());
    assertThat(answer).as(what).matches("(?s)HTTP/1[.][01] 400.*");
    assertThat(answer.split("HTTP/1[.]")).as("one answer").hasSize(2);
  }

  @Test
  void aBodyInChunksIsTakenAsBefore() throws IOException {
    String answer =
        answer(
            "PUT /api/sessions/s/file?path=a HTTP/1.1|HOST|Transfer-Encoding: chunked|Connection:"
                + " close||3|abc|0||");
    assertThat(answer).startsWith("HTTP/1.1 404").contains("SESSION_NOT_FOUND");
  }

  @ParameterizedTest
  @CsvSource({
    "GET /api/sessions/s/files?path=%zz",
    "GET /api/sessions/s/files?%",
    "GET /api/sessions/%zz/files",
    "POST /agent/agent_s/files/%zz",
    "GET /%zz"
  })
  void aPathOrQueryThatCannotBeDecodedIsAProblemAndNoError(String line) throws IOException {
    ListAppender<ILoggingEvent> log = listen();
    try {
      assertThat(answer(line + " HTTP/1.1|HOST|Connection: close||")).startsWith("HTTP/1.1 400");
      assertThat(worse(log)).isEmpty();
    } finally {
      root().detachAppender(log);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ZZ|hello|0||", "|abc|0||", "3|abcdef|0||", "-1|a|0||", "FFFFFFFFF|a|0||"})
  void chunksThatAreNoneEndTheConnectionAndAreNoError(String chunks) throws IOException {
    ListAppender<ILoggingEvent> log = listen();
    try {
      String answer =
          answer("POST /api/sessions HTTP/1.1|HOST|Transfer-Encoding: chunked||" + chunks);
      assertThat(answer).doesNotContain("HTTP/1.1 2", "HTTP/1.1 5");
      assertThat(worse(log)).isEmpty();
    } finally {
      root().detachAppender(log);
    }
  }

  @Test
  void anUploadThatItsClientGivesUpIsNoError() throws IOException {
    ListAppender<ILoggingEvent> log = listen();
    try {
      for (int i = 0; i < 5; i++) {
        try (Socket socket =
            connect("POST /api/sessions/s/snapshots HTTP/1.1|HOST|Content-Length: 1000||{\"na")) {
          socket.setSoLinger(true, i % 2);
        } catch (SocketException e) {
          assertThat(e).hasMessageContaining("reset");
        }
      }
      assertThat(answer("GET /health HTTP/1.1|HOST|Connection: close||")).contains("HTTP/1.1 ");
      assertThat(worse(log)).isEmpty();
    } finally {
      root().detachAppender(log);
    }
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  }

  private static ListAppender<ILoggingEvent> listen() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root().addAppender(log);
    return log;
  }

  private static List<String> worse(ListAppender<ILoggingEvent> log) {
    return List.copyOf(log.list).stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }
}
