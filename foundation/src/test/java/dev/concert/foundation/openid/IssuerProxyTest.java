package dev.concert.foundation.openid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.error.ErrorCode;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.testing.PlayedProxy;
import dev.concert.testing.TestIssuer;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An issuer to which only a proxy has a way. */
class IssuerProxyTest {
  private final Vertx vertx = Vertx.vertx();
  private TestIssuer issuer;
  private PlayedProxy proxy;

  @BeforeEach
  void start() {
    issuer = TestIssuer.start(vertx);
    proxy = PlayedProxy.start(vertx);
  }

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private String keys(String host) {
    return "http://%s:%d/keys".formatted(host, URI.create(issuer.url()).getPort());
  }

  private TokenVerifier verifier(String keys, Map<String, String> environment) {
    JsonObject auth =
        new JsonObject()
            .put("issuer", issuer.url())
            .put("audience", TestIssuer.AUDIENCE)
            .put("jwksUrl", keys);
    OpenIdOptions options =
        OpenIdOptions.from(ConfigReader.of(new JsonObject().put("auth", auth), "auth"), environment)
            .orElseThrow();
    return new TokenVerifier(
        vertx, options, new IssuerClient(vertx, options, Duration.ofMinutes(1)), id -> true);
  }

  private String subject(TokenVerifier verifier) {
    return verifier
        .verify(issuer.token("ada", "acme"))
        .toCompletionStage()
        .toCompletableFuture()
        .join()
        .subject();
  }

  @Test
  void itsKeysComeThroughTheProxy() {
    String keys = keys("issuer.example");

    assertThat(subject(verifier(keys, proxy.environment("")))).isEqualTo("ada");

    assertThat(proxy.lines()).containsExactly("GET " + keys);
  }

  @Test
  void anIssuerOfTheOwnNetworkIsAskedDirectly() {
    assertThat(subject(verifier(keys("0.0.0.0"), proxy.environment("0.0.0.0")))).isEqualTo("ada");

    assertThat(proxy.lines()).isEmpty();
  }

  @Test
  @ExpectedLog(
      logger = "dev.concert.foundation.openid.IssuerKeys",
      message = "keys cannot be fetched")
  void whileTheProxyIsAwayTheIssuerCannotBeAsked() {
    TokenVerifier verifier = verifier(keys("issuer.example"), PlayedProxy.environmentOfNone());

    assertThat(TokenVerifierTest.refusal(verifier, issuer.token("ada", "acme")).code())
        .isEqualTo(ErrorCode.ISSUER_UNAVAILABLE);
  }
}
