package dev.concert.github.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.broker.GitBroker.OpenGrant;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A grant is for one repository and one branch, whatever the request says. */
class GitBrokerTest {
  private static final String OLD = "1".repeat(40);
  private static final String NEW = "2".repeat(40);
  private static final String NONE = "0".repeat(40);
  private static final String PACK = "PACK-of-the-push";
  private static final String LARGE = "ab".repeat(32);

  private final Vertx vertx = Vertx.vertx();
  private final List<String> passed = new CopyOnWriteArrayList<>();
  private HttpServer github;
  private GitBroker broker;
  private GitGrant right;
  private OpenGrant grant;
  private URI address;

  @BeforeEach
  void start() throws Exception {
    github = get(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
    URI web = URI.create("http://127.0.0.1:" + github.actualPort());
    broker = new GitBroker(vertx, OutboundProxies.NONE);
    get(broker.start("127.0.0.1"));
    right =
        new GitGrant(
            "acme/1",
            new OpenUpstream(web),
            new RepositoryName("acme", "engine"),
            "concert/issue-1",
            GitReach.NONE);
    grant = broker.open(right);
    address = URI.create(grant.url());
  }

  @AfterEach
  void stop() throws Exception {
    get(broker.stop());
    get(vertx.close());
  }

  private void answer(HttpServerRequest request) {
    if (request.path().equals("/storage")) {
      passed.add(request.uri() + " " + request.getHeader("X-Storage"));
      request.response().end("a large file");
      return;
    }
    if (request.path().endsWith("/objects/batch")) {
      request
          .response()
          .end(
              """
              {"objects": [{"oid": "%s", "size": 12, "actions": {"download": {
                "href": "http://127.0.0.1:%d/storage?sig=secret",
                "header": {"X-Storage": "secret"}, "expires_in": 60}}}]}
              """
                  .formatted(LARGE, github.actualPort()));
      return;
    }
    request
        .body()
        .onSuccess(
            body -> {
              passed.add(request.uri() + " " + body.toString(StandardCharsets.ISO_8859_1));
              request.response().end("from GitHub");
            });
  }

  @Test
  void aGrantReadsItsRepositoryAndPushesToItsBranch() throws Exception {
    assertThat(say("GET", "/acme/engine.git/info/refs?service=git-upload-pack", ""))
        .contains(" 200 ")
        .contains("from GitHub");
    String push = line(NONE + " " + NEW + " refs/heads/concert/issue-1\0report-status") + "0000";
    assertThat(say("POST", "/acme/engine.git/git-receive-pack", push + PACK)).contains(" 200 ");

    assertThat(passed)
        .containsExactly(
            "/acme/engine.git/info/refs?service=git-upload-pack ",
            "/acme/engine.git/git-receive-pack " + push + PACK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".elsewhere.example://x/acme/engine.git/info/refs?service=git-upload-pack",
        "http://elsewhere.example/acme/engine.git/info/refs?service=git-upload-pack",
        "/acme/engine.git/info/refs?service=git-upload-pack&service=git-receive-pack",
      })
  void whereARequestGoesIsMadeOfTheGrantOnly(String target) throws Exception {
    say("GET", target, "");

    assertThat(passed).containsOnly("/acme/engine.git/info/refs?service=git-upload-pack ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/acme/other.git/info/refs?service=git-upload-pack",
        "/acme/engine.git/../other.git/info/refs?service=git-upload-pack",
        "/acme/engine%2egit/info/refs?service=git-upload-pack",
        "/acme/engine.git/info/refs?service=git-upload-archive",
        "/acme/engine.git/HEAD",
      })
  void nothingElseIsReached(String target) throws Exception {
    assertThat(say("GET", target, "")).contains(" 403 ");
    assertThat(passed).isEmpty();
  }

  @Test
  void aClosedGrantIsNone() throws Exception {
    broker.close(grant);

    assertThat(say("GET", "/acme/engine.git/info/refs?service=git-upload-pack", ""))
        .contains(" 403 ");
    assertThat(passed).isEmpty();
  }

  @Test
  void aPushOfAnythingElseIsRefusedBeforeGitHubHearsOfIt() throws Exception {
    String own = OLD + " " + NEW + " refs/heads/concert/issue-1";
    List<String> hostile =
        List.of(
            line(OLD + " " + NEW + " refs/heads/main") + "0000",
            line(own) + line(OLD + " " + NEW + " refs/heads/main") + "0000",
            line(own + "\0caps") + line(OLD + " " + NEW + " refs/heads/main\0x") + "0000",
            line(OLD + " " + NONE + " refs/heads/concert/issue-1") + "0000",
            line(OLD + " " + NEW + " refs/heads/concert/issue-1/../../main") + "0000",
            line(OLD + " " + NEW + " refs/heads/concert/issue-1 refs/heads/main") + "0000",
            line("push-cert\0caps") + "0000",
            line("shallow " + OLD) + line(OLD + " " + NEW + " refs/tags/v1") + "0000",
            "0001",
            "zzzz",
            "00",
            line(own),
            line(own).repeat(1000));
    for (String push : hostile) {
      assertThat(say("POST", "/acme/engine.git/git-receive-pack", push))
          .as(push.substring(0, Math.min(120, push.length())))
          .contains(" 403 ");
    }
    assertThat(passed).isEmpty();
  }

  @Test
  void gitIsToldBesideEachBranchWhyAPushIsRefused() throws Exception {
    String push =
        line(OLD + " " + NEW + " refs/heads/main\0 report-status-v2 side-band-64k agent=git/2")
            + line(OLD + " " + NONE + " refs/heads/concert/issue-1")
            + "0000"
            + PACK;

    assertThat(say("POST", "/acme/engine.git/git-receive-pack", push))
        .contains(" 200 ", "application/x-git-receive-pack-result", "unpack ok")
        .contains(
            "ng refs/heads/main This run may push to concert/issue-1 only, and not remove it.",
            "ng refs/heads/concert/issue-1 This run may push");
    assertThat(passed).isEmpty();
  }

  @Test
  void aKeyForOneRequestIsGoodForOneAndEachPushIsToldBeforeItGoesOn() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    String once = "/acme/engine/info/refs?service=git-upload-pack";
    String key = broker.openOnce(right, _ -> Future.succeededFuture());
    assertThat(say("GET", once, "", key)).contains(" 200 ");
    assertThat(say("GET", once, "", key)).contains(" 403 ");

    String push =
        line(NONE + " " + NEW + " refs/heads/concert/issue-1\0 report-status side-band-64k")
            + "0000"
            + PACK;
    String refusing =
        broker.openOnce(
            right,
            commit -> {
              told.add(commit);
              return Future.failedFuture(
                  new ConcertException(ErrorCode.INVALID_MESSAGE, "No turn runs."));
            });
    assertThat(say("POST", "/acme/engine.git/git-receive-pack", push, refusing))
        .contains("ng refs/heads/concert/issue-1 No turn runs.");
    assertThat(told).containsExactly(NEW);
    assertThat(passed).hasSize(1);
  }

  @Test
  void whatTheRulesNameIsReadBesideTheRepositoryAndNothingOfItIsWritten() throws Exception {
    GitReach reach = new GitReach(true, Set.of(new RepositoryName("acme", "lib")));
    String key =
        broker
            .open(
                new GitGrant(
                    right.holder(), right.upstream(), right.repository(), right.branch(), reach))
            .key();
    String lib = "/acme/lib.git/info/refs?service=";
    assertThat(say("GET", lib + "git-upload-pack", "", key)).contains(" 200 ");
    assertThat(say("GET", lib + "git-receive-pack", "", key)).contains(" 403 ");
    String push = line(NONE + " " + NEW + " refs/heads/concert/issue-1") + "0000" + PACK;
    assertThat(say("POST", "/acme/lib.git/git-receive-pack", push, key)).contains(" 403 ");
    assertThat(say("GET", lib.replace("lib", "other") + "git-upload-pack", "", key))
        .contains(" 403 ");

    String batch = "/acme/engine.git/info/lfs/objects/batch";
    String wanted =
        "{\"operation\": \"download\", \"objects\": [{\"oid\": \"%s\"}]}".formatted(LARGE);
    String file = "/acme/engine.git/info/lfs/objects/" + LARGE;
    assertThat(say("POST", batch, wanted)).contains(" 403 ", "Git LFS is not served here");
    assertThat(say("GET", file, "", key)).contains(" 422 ", "Ask for the address");
    assertThat(say("POST", batch, wanted, key))
        .contains(" 200 ", "http://git.concert" + file)
        .doesNotContain("secret");
    assertThat(say("GET", file, "", key)).contains(" 200 ", "a large file");
    assertThat(say("GET", file, "")).contains(" 403 ");
    assertThat(say("GET", file.replace("engine", "lib"), "", key)).contains(" 422 ");
    assertThat(say("POST", batch, " ".repeat(2 << 20), key)).contains(" 422 ", "fewer files");
    assertThat(passed)
        .containsExactly(
            "/acme/lib.git/info/refs?service=git-upload-pack ", "/storage?sig=secret secret");
  }

  /** A line of git's protocol, with its length before it. */
  private static String line(String text) {
    return "%04x%s\n".formatted(text.length() + 5, text);
  }

  /** A request as it is written here, which no client would send; gives the whole response. */
  private String say(String method, String target, String body) throws Exception {
    return say(method, target, body, grant.key());
  }

  private String say(String method, String target, String body, String key) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", address.getPort())) {
      socket.setSoTimeout((int) TimeUnit.MINUTES.toMillis(2));
      String head =
          "%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
              .formatted(method, target, key, body.length());
      socket.getOutputStream().write((head + body).getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      try (InputStream in = socket.getInputStream()) {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      }
    }
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(2, TimeUnit.MINUTES);
  }
}
