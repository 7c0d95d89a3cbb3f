package dev.concert.github.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.github.api.RepositoryName;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A run writes files of Git LFS to its own repository, where the forge says, and sees no secret of
 * the forge. Format: https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md
 */
class LargeFileUploadTest {
  private static final String CONTENT = "a large file";
  private static final String NAME = "ab".repeat(32);
  private static final String OWN = "refs/heads/concert/issue-1";
  private static final String OBJECT = "/acme/engine.git/info/lfs/objects/" + NAME;
  private static final PushListener IN_A_TURN = _ -> Future.succeededFuture();
  private static final PushListener AFTER_THE_TURN =
      new PushListener() {
        @Override
        public Future<Void> begins(String commit) {
          return Future.failedFuture("not asked");
        }

        @Override
        public Future<Void> beginsFiles() {
          return Future.failedFuture(
              new ConcertException(ErrorCode.INVALID_MESSAGE, "No turn runs."));
        }
      };

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile int batchStatus = 200;
  private volatile int storageStatus = 200;
  private volatile JsonObject said;
  private HttpServer forge;
  private GitBroker broker;

  @BeforeEach
  void start() throws Exception {
    forge = get(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
    broker = new GitBroker(vertx, OutboundProxies.NONE);
    get(broker.start("127.0.0.1"));
    said = upload("http://127.0.0.1:" + forge.actualPort());
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    get(broker.stop());
    get(vertx.close());
  }

  /** What the forge answers to whoever asks where the file may be written. */
  private static JsonObject upload(String storage) {
    JsonObject header = new JsonObject().put("X-Storage", "secret-header");
    return new JsonObject()
        .put("oid", NAME)
        .put("size", CONTENT.length())
        .put("secret-field", "secret")
        .put(
            "actions",
            new JsonObject()
                .put(
                    "upload",
                    new JsonObject()
                        .put("href", storage + "/storage?sig=secret-signature")
                        .put("header", header))
                .put("verify", new JsonObject().put("href", storage + "/verify?sig=secret-too")));
  }

  private void answer(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              heard.add(
                  "%s %s %s %s %s"
                      .formatted(
                          request.method(),
                          request.uri(),
                          request.getHeader("Authorization"),
                          request.getHeader("X-Storage"),
                          body));
              boolean isBatch = request.path().endsWith("/objects/batch");
              request
                  .response()
                  .setStatusCode(isBatch ? batchStatus : storageStatus)
                  .end(
                      isBatch
                          ? new JsonObject()
                              .put("message", "The forge's words")
                              .put("objects", new JsonArray().add(said))
                              .encode()
                          : "StringToSign secret");
            });
  }

  private final class PlayedUpstream implements GitUpstream {
    @Override
    public URI web() {
      return URI.create("http://127.0.0.1:" + forge.actualPort());
    }

    @Override
    public Future<Login> login(RepositoryName repository, boolean isPush) {
      return Future.succeededFuture(new Login("x", isPush ? "write-token" : "read-token"));
    }

    @Override
    public void refused() {
      refused.incrementAndGet();
    }

    @Override
    public Future<Boolean> isAncestor(String older, String newer) {
      return Future.succeededFuture(true);
    }
  }

  private String key(boolean largeFiles, PushListener pushes) {
    return key("acme/item-1", largeFiles, pushes);
  }

  private String key(String holder, boolean largeFiles, PushListener pushes) {
    GitReach reach = new GitReach(largeFiles, Set.of(new RepositoryName("acme", "lib")));
    RepositoryName repository = new RepositoryName("acme", "engine");
    return broker.openOnce(
        new GitGrant(holder, new PlayedUpstream(), repository, "concert/issue-1", reach), pushes);
  }

  private HttpResponse<String> say(String method, String path, String body) throws Exception {
    return say(method, path, body, key(true, IN_A_TURN));
  }

  private HttpResponse<String> say(String method, String path, String body, String key)
      throws Exception {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + broker.port() + path))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Authorization", "Bearer " + key)
                .method(method, BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    assertThat(response.headers().map() + response.body()).doesNotContain("secret", "token");
    return response;
  }

  private HttpResponse<String> ask(String repository, String reference, long size, String key)
      throws Exception {
    JsonObject question =
        new JsonObject()
            .put("operation", "upload")
            .put("ref", new JsonObject().put("name", reference))
            .put(
                "objects",
                new JsonArray().add(new JsonObject().put("oid", NAME).put("size", size)));
    return say("POST", "/" + repository + ".git/info/lfs/objects/batch", question.encode(), key);
  }

  private HttpResponse<String> ask() throws Exception {
    return ask("acme/engine", OWN, CONTENT.length(), key(true, IN_A_TURN));
  }

  private static String login(String token) {
    return new GitUpstream.Login("x", token).basic();
  }

  @Test
  void aFileGoesWhereTheForgeNamedWithTheForgesHeadersAndIsVerified() throws Exception {
    HttpResponse<String> asked = ask();

    assertThat(asked.statusCode()).isEqualTo(200);
    JsonObject actions =
        new JsonObject(asked.body())
            .getJsonArray("objects")
            .getJsonObject(0)
            .getJsonObject("actions");
    assertThat(actions)
        .isEqualTo(
            new JsonObject()
                .put("upload", new JsonObject().put("href", "http://git.concert" + OBJECT))
                .put(
                    "verify",
                    new JsonObject().put("href", "http://git.concert" + OBJECT + "/verify")));
    assertThat(say("PUT", OBJECT, CONTENT).statusCode()).isEqualTo(200);
    assertThat(say("POST", OBJECT + "/verify", "{}").statusCode()).isEqualTo(200);

    assertThat(heard.getFirst())
        .startsWith("POST /acme/engine.git/info/lfs/objects/batch " + login("write-token"))
        .contains("\"ref\":{\"name\":\"" + OWN + "\"}", "\"operation\":\"upload\"");
    assertThat(heard.get(1))
        .isEqualTo(
            "PUT /storage?sig=secret-signature %s secret-header %s"
                .formatted(login("write-token"), CONTENT));
    assertThat(heard.get(2))
        .isEqualTo(
            "POST /verify?sig=secret-too %s null {\"oid\":\"%s\",\"size\":%d}"
                .formatted(login("write-token"), NAME, CONTENT.length()));
  }

  @Test
  void whatTheGrantDoesNotAllowIsRefusedBeforeTheForgeIsAsked() throws Exception {
    long size = CONTENT.length();
    assertThat(ask("acme/other", OWN, size, key(true, IN_A_TURN)).statusCode()).isEqualTo(403);
    assertThat(ask("acme/lib", OWN, size, key(true, IN_A_TURN)).body())
        .contains("writes files of Git LFS to acme/engine only");
    assertThat(ask("acme/engine", OWN, size, key(false, IN_A_TURN)).body())
        .contains("Git LFS is not served here");
    assertThat(ask("acme/engine", "refs/heads/main", size, key(true, IN_A_TURN)).body())
        .contains("may push to concert/issue-1 only");
    assertThat(ask("acme/engine", OWN, size, key(true, AFTER_THE_TURN)).body())
        .contains("No turn runs.");
    assertThat(ask("acme/engine", OWN, LargeFileQuestion.LARGEST + 1, key(true, IN_A_TURN)).body())
        .contains("\"code\":422", "at most 2 GiB")
        .doesNotContain("href");
    assertThat(say("PUT", OBJECT, CONTENT).body()).contains("Ask for the address");
    assertThat(heard).isEmpty();
  }

  @Test
  void aFileThatWasAskedForGoesNowhereElseAndIsOfItsSize() throws Exception {
    ask();
    heard.clear();

    assertThat(say("PUT", OBJECT, CONTENT + "!").body()).contains("announced with 12 bytes");
    assertThat(say("PUT", OBJECT.replace("engine", "lib"), CONTENT).statusCode()).isEqualTo(403);
    assertThat(say("PUT", OBJECT, CONTENT, key(true, AFTER_THE_TURN)).body())
        .contains("No turn runs.");
    assertThat(say("PUT", OBJECT, CONTENT, key(false, IN_A_TURN)).statusCode()).isEqualTo(403);
    assertThat(heard).isEmpty();
  }

  @Test
  void anotherTenantsWorkInARepositoryOfTheSameNameHasNoUseOfAnAddress() throws Exception {
    ask();
    heard.clear();

    String other = key("globex/item-1", true, IN_A_TURN);
    assertThat(say("PUT", OBJECT, CONTENT, other).body()).contains("Ask for the address");
    other = key("globex/item-1", true, IN_A_TURN);
    assertThat(say("GET", OBJECT, "", other).body()).contains("Ask for the address");
    assertThat(heard).isEmpty();
    assertThat(say("PUT", OBJECT, CONTENT).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:1",
        "http://localhost:1",
        "http://169.254.169.254",
        "http://10.1.2.3",
        "http://[::1]:1",
        "http://[::ffff:10.0.0.1]",
        "http://0x7f000001:1",
        "http://user@192.0.2.1",
        "file:///etc",
        "not an address ",
      })
  void anAddressThatIsNeitherTheForgesNorPublicIsNotCalled(String storage) throws Exception {
    said = upload(storage);
    ask();
    heard.clear();

    HttpResponse<String> put = say("PUT", OBJECT, CONTENT);

    assertThat(put.statusCode()).isGreaterThanOrEqualTo(422);
    assertThat(put.body())
        .containsAnyOf("public internet", "found by its name")
        .doesNotContain("169.254");
    assertThat(heard).isEmpty();
  }

  @Test
  void whatTheForgeOrItsStorageRefusesIsASentenceOrAStatusWithoutASecret() throws Exception {
    storageStatus = 401;
    ask();
    assertThat(say("PUT", OBJECT, CONTENT).statusCode()).isEqualTo(403);
    storageStatus = 507;
    assertThat(say("PUT", OBJECT, CONTENT).statusCode()).isEqualTo(507);

    batchStatus = 401;
    assertThat(ask().statusCode()).isEqualTo(403);
    assertThat(refused).hasValue(1);
    batchStatus = 200;
    said =
        new JsonObject()
            .put("oid", NAME)
            .put("error", new JsonObject().put("code", 507).put("message", "Your plan is full."));
    assertThat(ask().body()).contains("507", "Your plan is full.");
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(2, TimeUnit.MINUTES);
  }
}
