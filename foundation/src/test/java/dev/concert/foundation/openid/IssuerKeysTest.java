package dev.concert.foundation.openid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.testing.Await;
import dev.concert.testing.TestIssuer;
import dev.concert.testing.TestIssuer.Behavior;
import dev.concert.testing.TestIssuer.Key;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An issuer that changes its keys, is down, slow or wrong, and what becomes of its tokens. */
class IssuerKeysTest {
  private final Vertx vertx = Vertx.vertx();
  private volatile Instant now = Instant.now();
  private TestIssuer issuer;
  private TokenVerifier verifier;

  @BeforeEach
  void start() {
    issuer = TestIssuer.start(vertx);
    OpenIdOptions options = OpenIdOptions.of(URI.create(issuer.url()), TestIssuer.AUDIENCE);
    InstantSource clock = () -> now;
    IssuerClient client = new IssuerClient(vertx, options, Duration.ofSeconds(2));
    verifier =
        new TokenVerifier(
            options, new IssuerKeys(vertx, client, options.algorithms(), clock), id -> true, clock);
  }

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void wait(Duration time) {
    now = now.plus(time);
  }

  private TokenClaims verify(String token) {
    return verifier.verify(token).toCompletionStage().toCompletableFuture().join();
  }

  private AsyncResult<TokenClaims> ended(String token) {
    return verifier
        .verify(token)
        .<AsyncResult<TokenClaims>>transform(Future::succeededFuture)
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  private ErrorCode refusal(String token) {
    return TokenVerifierTest.refusal(verifier, token).code();
  }

  private String forged(int number) {
    return TestIssuer.token(
        issuer.claims("eve", "acme"), new Key("forged-" + number, FORGER.pair()));
  }

  private static final Key FORGER = Key.rsa("forger");

  @Test
  void aStormOfUnknownKeysIsOneFetch() {
    verify(issuer.token("ada", "acme"));
    assertThat(issuer.keyFetches()).isEqualTo(1);

    List<Future<TokenClaims>> storm =
        IntStream.range(0, 200).mapToObj(number -> verifier.verify(forged(number))).toList();
    Future.join(storm).otherwiseEmpty().toCompletionStage().toCompletableFuture().join();

    assertThat(storm)
        .allSatisfy(
            one ->
                assertThat(((ConcertException) one.cause()).code())
                    .isEqualTo(ErrorCode.AUTH_FAILED));
    assertThat(issuer.keyFetches()).isEqualTo(2);
    assertThat(refusal(forged(1000))).isEqualTo(ErrorCode.AUTH_FAILED);
    assertThat(issuer.keyFetches()).as("within the pause").isEqualTo(2);
    wait(IssuerKeys.MISS_PAUSE.plusSeconds(1));
    assertThat(refusal(forged(1001))).isEqualTo(ErrorCode.AUTH_FAILED);
    assertThat(issuer.keyFetches()).as("after the pause").isEqualTo(3);
    verify(issuer.token("ada", "acme"));
  }

  @Test
  void aNewKeyIsFetchedWhenTheFirstTokenNamesIt() {
    String before = issuer.token("ada", "acme");
    verify(before);

    issuer.rotate();

    assertThat(verify(issuer.token("ada", "acme")).subject()).isEqualTo("ada");
    assertThat(issuer.keyFetches()).isEqualTo(2);
    assertThat(refusal(before)).as("of a key that is withdrawn").isEqualTo(ErrorCode.AUTH_FAILED);
  }

  @Test
  void aWithdrawnKeyIsForgottenAlthoughNoTokenNamesANewOne() {
    String before = issuer.token("ada", "acme");
    verify(before);
    issuer.rotate();

    wait(IssuerKeys.MAX_AGE.plusSeconds(1));

    assertThat(verify(before).subject()).as("while the new keys come").isEqualTo("ada");
    Await.until(() -> issuer.keyFetches() == 2);
    Await.until(() -> ended(before).failed());
  }

  @ExpectedLog(
      logger = "dev.concert.foundation.openid.IssuerKeys",
      message = "keys cannot be fetched; those known so far stay in force: ")
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"RIGHT", "SLOW"})
  void anIssuerThatIsWrongLeavesTheKnownKeysInForce(Behavior behavior) {
    Await.until(
        "the first keys",
        () -> {
          wait(Duration.ofSeconds(1));
          return ended(issuer.token("ada", "acme")).succeeded();
        });
    issuer.behave(behavior);

    assertThat(refusal(forged(0))).isEqualTo(ErrorCode.ISSUER_UNAVAILABLE);
    wait(IssuerKeys.MAX_AGE.plusSeconds(1));
    assertThat(verify(issuer.token("bob", "acme")).subject()).isEqualTo("bob");

    issuer.behave(Behavior.RIGHT);
    Await.until(
        "the keys of an issuer that answers again",
        () -> {
          wait(Duration.ofMinutes(2));
          return refusal(forged(1)) == ErrorCode.AUTH_FAILED;
        });
  }

  @ExpectedLog(
      logger = "dev.concert.foundation.openid.IssuerKeys",
      message = "keys cannot be fetched: ")
  @Test
  void anIssuerThatIsDownAtTheStartIsAskedAgainAfterAPause() {
    issuer.stop();

    ConcertException refusal = TokenVerifierTest.refusal(verifier, issuer.token("ada", "acme"));

    assertThat(refusal.code()).isEqualTo(ErrorCode.ISSUER_UNAVAILABLE);
    assertThat(refusal.retryAfterMs()).isPositive();
    issuer.restart();
    assertThat(refusal(issuer.token("ada", "acme")))
        .as("within the pause")
        .isEqualTo(ErrorCode.ISSUER_UNAVAILABLE);
    assertThat(issuer.keyFetches()).isZero();
    wait(Duration.ofSeconds(2));
    assertThat(verify(issuer.token("ada", "acme")).subject()).isEqualTo("ada");
  }

  @Test
  void aVerifiedTokenIsNotVerifiedAgainUntilItEnds() {
    JsonObject claims = issuer.claims("ada", "acme");
    claims.put("exp", now.getEpochSecond() + 60);
    String token = issuer.token(claims);
    TokenClaims first = verify(token);

    assertThat(verify(token)).isSameAs(first);
    wait(Duration.ofSeconds(120));
    assertThat(refusal(token)).isEqualTo(ErrorCode.AUTH_FAILED);
  }
}
