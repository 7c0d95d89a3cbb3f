package dev.concert.ensemble.provider.vertex;

import dev.concert.ensemble.provider.oauth.FetchedToken;
import dev.concert.ensemble.provider.oauth.TokenEndpoint;
import dev.concert.ensemble.provider.oauth.TokenSource;
import dev.concert.ensemble.provider.upstream.CloudAccess;
import dev.concert.ensemble.provider.vertex.GoogleCredentials.ServiceAccount;
import dev.concert.ensemble.provider.vertex.GoogleCredentials.User;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Access tokens of Google: for the JSON key of a service account, for the file of {@code gcloud},
 * or from the metadata server of a machine in Google's cloud.
 *
 * <p>Format: https://developers.google.com/identity/protocols/oauth2/service-account and
 * https://cloud.google.com/compute/docs/access/authenticate-workloads
 */
public final class GoogleTokenSource implements TokenSource {
  private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";
  private static final int LIFE_SECONDS = 3_600;

  /** How long an operator's own access token is taken for good before it is looked at again. */
  private static final Duration ACCESS_TOKEN = Duration.ofMinutes(1);

  private static final String METADATA_PATH =
      "/computeMetadata/v1/instance/service-accounts/default/token";

  private final Vertx vertx;
  private final TokenEndpoint endpoint;
  private final String provider;
  private final CloudAccess.Google access;
  private final Supplier<Optional<String>> key;

  /**
   * @param provider the name in error messages
   * @param key the content of a credential file, or an access token; goes before the file of the
   *     configuration
   */
  public GoogleTokenSource(
      Vertx vertx,
      TokenEndpoint endpoint,
      String provider,
      CloudAccess.Google access,
      Supplier<Optional<String>> key) {
    this.vertx = vertx;
    this.endpoint = endpoint;
    this.provider = provider;
    this.access = access;
    this.key = key;
  }

  @Override
  public Future<FetchedToken> fetch() {
    Optional<String> given = key.get();
    if (given.isPresent()) {
      return of(given.get());
    }
    return access
        .credentials()
        .map(file -> vertx.fileSystem().readFile(file.toString()))
        .map(read -> read.map(Buffer::toString).recover(missing -> Future.failedFuture(unread())))
        .map(read -> read.compose(this::ofFile))
        .orElseGet(
            () ->
                endpoint.get(
                    access.metadata().resolve(METADATA_PATH), Map.of("Metadata-Flavor", "Google")));
  }

  @Override
  public Optional<String> key() {
    return key.get();
  }

  private Future<FetchedToken> of(String given) {
    return file(given.strip())
        .map(this::ofFile)
        .orElseGet(() -> Future.succeededFuture(new FetchedToken(given.strip(), ACCESS_TOKEN)));
  }

  /** Where keys have to be one word, the file's content may be in Base64. */
  private static Optional<String> file(String given) {
    if (given.startsWith("{")) {
      return Optional.of(given);
    }
    try {
      String decoded = new String(Base64.getDecoder().decode(given), StandardCharsets.UTF_8);
      return Optional.of(decoded).filter(text -> text.strip().startsWith("{"));
    } catch (IllegalArgumentException e) {
      // An access token is not in Base64.
      return Optional.empty();
    }
  }

  private Future<FetchedToken> ofFile(String json) {
    return GoogleCredentials.of(json)
        .map(
            credentials ->
                switch (credentials) {
                  case ServiceAccount account -> of(account);
                  case User user -> of(user);
                })
        .orElseGet(() -> Future.failedFuture(unread()));
  }

  private Future<FetchedToken> of(User user) {
    return endpoint.post(
        user.tokenUrl(),
        Map.of(
            "grant_type", "refresh_token",
            "client_id", user.clientId(),
            "client_secret", user.clientSecret(),
            "refresh_token", user.refreshToken()));
  }

  private Future<FetchedToken> of(ServiceAccount account) {
    return vertx
        .executeBlocking(() -> assertion(account), false)
        .compose(
            assertion ->
                endpoint.post(
                    account.tokenUrl(),
                    Map.of(
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:jwt-bearer",
                        "assertion",
                        assertion)));
  }

  private String assertion(ServiceAccount account) {
    PubSecKeyOptions privateKey =
        new PubSecKeyOptions().setAlgorithm("RS256").setBuffer(account.privateKey());
    if (!account.keyId().isEmpty()) {
      privateKey.setId(account.keyId());
    }
    JWTAuth signer;
    try {
      signer = JWTAuth.create(vertx, new JWTAuthOptions().addPubSecKey(privateKey));
    } catch (RuntimeException unusable) {
      // Without the cause, whose message may quote the key.
      throw unread();
    }
    return signer.generateToken(
        // As one text, not as the list that the library would make of it.
        new JsonObject().put("scope", SCOPE).put("aud", account.tokenUrl().toString()),
        new JWTOptions()
            .setAlgorithm("RS256")
            .setIssuer(account.email())
            .setExpiresInSeconds(LIFE_SECONDS));
  }

  private ConcertException unread() {
    return new ConcertException(
        ErrorCode.PROVIDER_AUTH,
        "The credentials of the provider '%s' are not those of a service account or of gcloud."
            .formatted(provider));
  }
}
