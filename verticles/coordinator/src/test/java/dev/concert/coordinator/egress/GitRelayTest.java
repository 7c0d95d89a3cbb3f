package dev.concert.coordinator.egress;

import static dev.concert.coordinator.egress.NetworkHarness.await;
import static dev.concert.coordinator.egress.SocketClient.exchange;
import static dev.concert.coordinator.egress.policy.SomePolicy.allowing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.coordinator.egress.GitDoor.GitWay;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Git's own name, which only the proxy of a sandbox knows. */
@Timeout(120)
class GitRelayTest {
  private @TempDir Path folder;
  private NetworkHarness network;
  private HttpServer broker;

  @BeforeEach
  void start() {
    network = new NetworkHarness(folder);
    broker =
        await(
            network
                .vertx()
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .body()
                            .onSuccess(
                                body ->
                                    request
                                        .response()
                                        .end(
                                            "%s %s %s %s"
                                                .formatted(
                                                    request.method(),
                                                    request.uri(),
                                                    request.headers().getAll("Authorization"),
                                                    body))))
                .listen(0, "127.0.0.1"));
  }

  @AfterEach
  void close() {
    network.close();
  }

  private static String post(String url) {
    return """
    POST %s HTTP/1.1\r
    Host: git.concert\r
    Authorization: Basic c2VjcmV0\r
    Content-Length: 2\r
    Connection: close\r
    \r
    hi\
    """
        .formatted(url);
  }

  @Test
  void gitIsPassedOnWithTheKeyOfTheSessionWhateverThePolicyAndTheAgentSay() throws Exception {
    network.git(
        () -> Future.succeededFuture(new GitWay("127.0.0.1", broker.actualPort(), "the-key")));
    network.ownPort(broker.actualPort());
    Path socket = network.proxy(allowing("nothing.test:80"));

    assertThat(exchange(socket, post("http://git.concert/a/b.git/git-upload-pack?c=d")))
        .startsWith("HTTP/1.1 200")
        .contains("POST /a/b.git/git-upload-pack?c=d [Bearer the-key] hi");
    network.awaitEvent("closed git.concert:80");
    assertThat(exchange(socket, post("http://git.concert:%d/a".formatted(broker.actualPort()))))
        .contains("403", "Git is at http://git.concert only, without a port.");
    assertThat(exchange(socket, "CONNECT git.concert:443 HTTP/1.1\r\nConnection: close\r\n\r\n"))
        .contains("403", "Git is at http://git.concert only");
  }

  @Test
  void aSessionWithoutARepositoryAndABrokerThatIsGoneAreAnsweredWithASentence() throws Exception {
    network.git(
        () ->
            Future.failedFuture(
                new ConcertException(ErrorCode.FORBIDDEN, "This session has no repository.")));
    Path socket = network.proxy(allowing("nothing.test:80"));
    assertThat(exchange(socket, post("http://git.concert/a/b.git/info/refs")))
        .startsWith("HTTP/1.1 403")
        .contains("text/plain", "This session has no repository.");

    int closed = network.closedPort();
    network.git(() -> Future.succeededFuture(new GitWay("127.0.0.1", closed, "k")));
    assertThat(exchange(socket, post("http://git.concert/a/b.git/info/refs")))
        .startsWith("HTTP/1.1 502")
        .contains("git.concert:80 cannot be reached");
  }
}
