package dev.concert.github.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.github.GitHubOptions;
import dev.concert.github.api.ApiCaller;
import dev.concert.github.api.ForgeClient;
import dev.concert.github.api.ForgeTerms;
import dev.concert.github.api.PauseClock;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.broker.LargeFileAddresses.Address;
import dev.concert.testing.PlayedProxy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A forge to which only a proxy has a way: its API, git, and the files of Git LFS. */
class ForgeProxyTest {
  private static final String READ = "/acme/engine.git/info/refs?service=git-upload-pack";
  private static final String LARGE = "ab".repeat(32);
  private static final String LARGE_FILES = "/acme/engine.git/info/lfs/objects/";
  private static final String WANTED =
      "{\"operation\": \"download\", \"objects\": [{\"oid\": \"%s\"}]}".formatted(LARGE);
  private static final String STORAGE = "https://storage.example/large?sig=secret";

  private @TempDir Path data;
  private final Vertx vertx = Vertx.vertx();
  private HttpServer forge;
  private PlayedProxy proxy;
  private GitBroker broker;
  private String key;

  @BeforeEach
  void start() {
    forge = get(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
    proxy = PlayedProxy.start(vertx);
  }

  @AfterEach
  void stop() {
    get(vertx.close());
  }

  /** The forge keeps large files itself, at the name by which it is called. */
  private void answer(HttpServerRequest request) {
    request
        .response()
        .end(
            request.path().endsWith("/objects/batch")
                ? """
                {"objects": [{"oid": "%s", "size": 12, "actions": {"download": {
                  "href": "%s/storage"}}}]}
                """
                    .formatted(LARGE, web("forge.example"))
                : "{\"at\":\"%s\"}".formatted(request.uri()));
  }

  private URI web(String host) {
    return URI.create("http://%s:%d".formatted(host, forge.actualPort()));
  }

  private OutboundProxies proxies(Map<String, String> environment) {
    return GitHubOptions.from(new JsonObject(), data, environment).proxies();
  }

  private ForgeClient api(String host, Map<String, String> environment) {
    return new ForgeClient(
        vertx,
        new ForgeTerms("Gitea", "forges.giteaUrl", "its page"),
        web(host),
        proxies(environment),
        PauseClock.system(vertx));
  }

  private static String ask(ForgeClient api) {
    ApiCaller caller = ApiCaller.anybody("test");
    return get(
        api.get(caller, "/user")
            .map(answer -> answer.path("at").asText())
            .otherwise(Throwable::getMessage));
  }

  @Test
  void itsApiIsCalledThroughTheProxy() {
    assertThat(ask(api("forge.example", proxy.environment("")))).isEqualTo("/user");

    assertThat(proxy.lines()).containsExactly("GET " + web("forge.example") + "/user");
  }

  @Test
  void theApiOfAForgeInTheOwnNetworkIsCalledDirectly() {
    assertThat(ask(api("0.0.0.0", proxy.environment("0.0.0.0")))).isEqualTo("/user");

    assertThat(proxy.lines()).isEmpty();
  }

  @Test
  void whileTheProxyIsAwayTheForgeCannotBeReached() {
    assertThat(ask(api("forge.example", PlayedProxy.environmentOfNone())))
        .contains("Gitea cannot be reached");
  }

  /** Lets git ask for what the forge has at this host. */
  private void openBroker(String host, Map<String, String> environment) {
    broker = new GitBroker(vertx, proxies(environment));
    get(broker.start("127.0.0.1"));
    key =
        broker
            .open(
                new GitGrant(
                    "acme/1",
                    new OpenUpstream(web(host)),
                    new RepositoryName("acme", "engine"),
                    "concert/issue-1",
                    new GitReach(true, Set.of())))
            .key();
  }

  private String git(String method, String target, String content) throws Exception {
    URI url = URI.create("http://127.0.0.1:" + broker.port()).resolve(target);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(url)
                  .method(method, BodyPublishers.ofString(content))
                  .header("Authorization", "Bearer " + key)
                  .build(),
              BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  void gitAndItsLargeFilesGoThroughTheProxy() throws Exception {
    openBroker("forge.example", proxy.environment(""));

    assertThat(git("GET", READ, "")).contains(READ);
    git("POST", LARGE_FILES + "batch", WANTED);
    assertThat(git("GET", LARGE_FILES + LARGE, "")).contains("/storage");

    URI web = web("forge.example");
    assertThat(proxy.lines())
        .containsExactly(
            "GET " + web + READ, "POST " + web + LARGE_FILES + "batch", "GET " + web + "/storage");
  }

  @Test
  void gitReachesAForgeInTheOwnNetworkDirectly() throws Exception {
    openBroker("0.0.0.0", proxy.environment("0.0.0.0"));

    assertThat(git("GET", READ, "")).contains(READ);

    assertThat(proxy.lines()).isEmpty();
  }

  private Future<RequestOptions> toStorage(OutboundProxies proxies, String... addresses) {
    LargeFileHosts.AddressLookup lookup =
        host -> {
          if (addresses.length == 0) {
            throw new UnknownHostException(host);
          }
          return Arrays.stream(addresses).map(InetAddress::ofLiteral).toList();
        };
    return new LargeFileHosts(vertx, proxies, lookup)
        .request(new Address(web("forge.example"), STORAGE, Map.of(), 12));
  }

  @Test
  void onlyTheProxyLooksUpAServerOfLargeFilesThatHasNoAddressHere() {
    RequestOptions request = get(toStorage(proxies(proxy.environment(""))));

    assertThat(request.getHost()).isEqualTo("storage.example");
    assertThat(request.getServer()).as("the proxy gets the name").isNull();
    assertThat(request.getProxyOptions()).isNotNull();
    assertThat(toStorage(OutboundProxies.NONE).toCompletionStage())
        .failsWithin(Duration.ofMinutes(2))
        .withThrowableThat()
        .withMessageContaining("cannot be found by its name");
  }

  @Test
  void aServerOfLargeFilesThatIsPrivateHereIsNotAskedThroughTheProxyEither() {
    OutboundProxies proxies = proxies(proxy.environment(""));

    assertThat(get(toStorage(proxies, "192.0.43.8")).getProxyOptions()).isNotNull();
    assertThat(toStorage(proxies, "192.0.43.8", "10.0.0.1").toCompletionStage())
        .failsWithin(Duration.ofMinutes(2))
        .withThrowableThat()
        .withMessageContaining("neither its own nor on the public internet");
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
