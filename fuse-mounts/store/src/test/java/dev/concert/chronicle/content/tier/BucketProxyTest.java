package dev.concert.chronicle.content.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.objectstore.S3ObjectStore;
import dev.concert.foundation.objectstore.S3Options;
import dev.concert.testing.PlayedProxy;
import dev.concert.testing.S3Server;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket to which only a proxy has a way. */
class BucketProxyTest {
  @TempDir static Path home;
  private static Vertx vertx;
  private static S3Server server;

  @BeforeAll
  static void startServer() throws IOException {
    vertx = Vertx.vertx();
    server = S3Server.start(home);
    server.makeBucket("contents");
  }

  @AfterAll
  static void stopServer() {
    server.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static S3Options bucket(String endpoint, Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("AWS_ACCESS_KEY_ID", S3Server.KEY_ID);
    all.put("AWS_SECRET_ACCESS_KEY", S3Server.SECRET);
    JsonObject s3 = new JsonObject().put("bucket", "contents").put("endpoint", endpoint);
    return S3Options.from(
            ConfigReader.of(new JsonObject().put("s3", s3), "s3"), all, "NO_SUCH_VARIABLE")
        .orElseThrow();
  }

  private static String at(String host) {
    return "http://%s:%d".formatted(host, server.port());
  }

  private static boolean isStored(S3Options options, String key) {
    try (S3ObjectStore store = S3ObjectStore.open(options, Duration.ofMinutes(1))) {
      return await(store.put(key, new byte[100]).compose(_ -> store.has(key)));
    }
  }

  private static <T> T await(Future<T> answer) {
    return answer.toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void objectsGoThroughTheProxy() {
    PlayedProxy proxy = PlayedProxy.start(vertx);

    assertThat(isStored(bucket(at("bucket.example"), proxy.environment("")), "far")).isTrue();

    assertThat(proxy.lines()).containsOnly("CONNECT bucket.example:" + server.port());
    assertThat(proxy.passed()).extracting("proxyAuthorization").doesNotContain("null");
  }

  @Test
  void aServerOfTheOwnNetworkIsAskedDirectly() {
    PlayedProxy proxy = PlayedProxy.start(vertx);

    assertThat(isStored(bucket(at("127.0.0.1"), proxy.environment("")), "here")).isTrue();
    assertThat(isStored(bucket(at("0.0.0.0"), proxy.environment("0.0.0.0/8")), "near")).isTrue();

    assertThat(proxy.passed()).isEmpty();
  }

  @Test
  void encryptedConnectionsTakeTheProxyOfTheirVariable() {
    Map<String, String> plain = Map.of("HTTP_PROXY", "http://proxy.example:3128");
    Map<String, String> encrypted = Map.of("HTTPS_PROXY", "http://proxy.example:3128");

    assertThat(bucket("https://bucket.example", plain).proxy()).isEmpty();
    assertThat(bucket("https://bucket.example", encrypted).proxy()).isPresent();
    assertThat(bucket("http://bucket.example", encrypted).proxy()).isEmpty();
  }

  @Test
  void aProxyOfAnotherKindIsRefusedAtTheStart() {
    Map<String, String> socks = Map.of("HTTP_PROXY", "socks5://user:pass@proxy.example");

    assertThatThrownBy(() -> bucket("http://bucket.example", socks))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("HTTP_PROXY")
        .hasMessageContaining("add bucket.example to NO_PROXY")
        .hasMessageNotContaining("pass");
    assertThat(bucket("http://127.0.0.1:9000", socks).proxy()).isEmpty();
  }
}
