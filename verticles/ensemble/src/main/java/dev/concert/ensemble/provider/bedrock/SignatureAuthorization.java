package dev.concert.ensemble.provider.bedrock;

import dev.concert.ensemble.provider.upstream.RequestAuthorization;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;

/**
 * Signs requests to Bedrock (Signature Version 4) with Amazon's library, or puts a Bedrock API key
 * into them.
 *
 * <p>The key is {@code ACCESS_KEY_ID:SECRET_ACCESS_KEY}, with {@code :SESSION_TOKEN} for temporary
 * credentials, or a Bedrock API key, which has no colon. Without one the credentials come from
 * Amazon's chain: variables, profiles, containers, machines. The chain may block, and long bodies
 * take time to sign, so both happen on a worker. Thread-safe.
 */
public final class SignatureAuthorization implements RequestAuthorization {
  private static final String SERVICE = "bedrock";
  private static final int FORBIDDEN = 403;
  private static final int BAD_REQUEST = 400;

  /** Smaller differences are no reason for a refusal; Amazon allows five minutes. */
  private static final Duration TOLERANCE = Duration.ofMinutes(1);

  private final Vertx vertx;
  private final String provider;
  private final String region;
  private final Supplier<Optional<String>> key;
  private final Supplier<AwsCredentialsProvider> chains;
  private final Clock clock;
  private Optional<AwsCredentialsProvider> chain = Optional.empty();
  private volatile Duration skew = Duration.ZERO;

  /**
   * @param key read for each request, because operators change it
   * @param chains creates what finds credentials without a key; both may block
   */
  public SignatureAuthorization(
      Vertx vertx,
      String provider,
      String region,
      Supplier<Optional<String>> key,
      Supplier<AwsCredentialsProvider> chains,
      Clock clock) {
    this.vertx = vertx;
    this.provider = provider;
    this.region = region;
    this.key = key;
    this.chains = chains;
    this.clock = clock;
  }

  @Override
  public Future<Map<String, String>> headers(Unsigned request) {
    Optional<String> given = key.get();
    return given
        .filter(one -> !one.contains(":"))
        .map(one -> Future.succeededFuture(Map.of("Authorization", "Bearer " + one)))
        .orElseGet(() -> vertx.executeBlocking(() -> signed(given, request), false));
  }

  private Map<String, String> signed(Optional<String> given, Unsigned request) {
    AwsCredentials credentials = given.map(this::credentials).orElseGet(this::fromChain);
    SdkHttpRequest unsigned =
        SdkHttpRequest.builder()
            .uri(request.uri())
            .method(SdkHttpMethod.POST)
            .putHeader("Content-Type", "application/json")
            .build();
    byte[] body = request.body().getBytes();
    SignedRequest signed =
        AwsV4HttpSigner.create()
            .sign(
                one ->
                    one.identity(credentials)
                        .request(unsigned)
                        .payload(() -> new ByteArrayInputStream(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.offset(clock, skew)));
    return signed.request().headers().entrySet().stream()
        .filter(header -> !header.getKey().equalsIgnoreCase("host"))
        .collect(Collectors.toMap(Map.Entry::getKey, header -> header.getValue().getFirst()));
  }

  private AwsCredentials credentials(String given) {
    String[] parts = given.strip().split(":", 3);
    if (parts[0].isBlank() || parts[1].isBlank()) {
      throw noCredentials("has a key that is not ACCESS_KEY_ID:SECRET_ACCESS_KEY");
    }
    return parts.length == 3
        ? AwsSessionCredentials.create(parts[0], parts[1], parts[2])
        : AwsBasicCredentials.create(parts[0], parts[1]);
  }

  /** One for all requests, since it keeps what it has found. */
  private synchronized AwsCredentialsProvider chain() {
    if (chain.isEmpty()) {
      chain = Optional.of(chains.get());
    }
    return chain.get();
  }

  private AwsCredentials fromChain() {
    try {
      return chain().resolveCredentials();
    } catch (SdkException missing) {
      // Without the cause, whose message may quote a file or a server.
      throw noCredentials("has no credentials: none in the environment, a profile or this machine");
    }
  }

  private ConcertException noCredentials(String what) {
    return new ConcertException(
        ErrorCode.PROVIDER_AUTH, "The provider '" + provider + "' " + what + ".");
  }

  /** A refusal by the time of the signature tells the server's time. */
  @Override
  public boolean improves(Refusal refusal) {
    if (refusal.status() != FORBIDDEN && refusal.status() != BAD_REQUEST || !isByTime(refusal)) {
      return false;
    }
    Optional<Duration> theirs =
        Optional.ofNullable(refusal.headers().get("date"))
            .flatMap(SignatureAuthorization::time)
            .map(time -> Duration.between(clock.instant(), time));
    boolean differs =
        theirs.filter(one -> one.minus(skew).abs().compareTo(TOLERANCE) > 0).isPresent();
    if (differs) {
      skew = theirs.get();
    }
    return differs;
  }

  private static boolean isByTime(Refusal refusal) {
    String type = Optional.ofNullable(refusal.headers().get("x-amzn-errortype")).orElse("");
    String said = (type + " " + refusal.body()).toLowerCase(Locale.ROOT);
    return said.contains("signature expired")
        || said.contains("signature not yet current")
        || said.contains("invalidsignatureexception")
        || said.contains("requesttimetooskewed")
        || said.contains("requestexpired");
  }

  private static Optional<Instant> time(String header) {
    try {
      return Optional.of(
          ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      // A server without a clock says nothing about ours.
      return Optional.empty();
    }
  }

  @Override
  public List<String> secrets() {
    return key.get().stream()
        .flatMap(one -> Arrays.stream(one.split(":", 3)))
        .filter(part -> !part.isBlank())
        .toList();
  }
}
