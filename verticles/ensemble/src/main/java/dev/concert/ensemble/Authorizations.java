package dev.concert.ensemble;

import dev.concert.ensemble.provider.azure.EntraTokenSource;
import dev.concert.ensemble.provider.bedrock.SignatureAuthorization;
import dev.concert.ensemble.provider.oauth.TokenAuthorization;
import dev.concert.ensemble.provider.oauth.TokenEndpoint;
import dev.concert.ensemble.provider.oauth.TokenSource;
import dev.concert.ensemble.provider.upstream.CloudAccess;
import dev.concert.ensemble.provider.upstream.DialectChoice;
import dev.concert.ensemble.provider.upstream.KeyAuthorization;
import dev.concert.ensemble.provider.upstream.ProviderOptions;
import dev.concert.ensemble.provider.upstream.RequestAuthorization;
import dev.concert.ensemble.provider.vertex.GoogleTokenSource;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/** Chooses how each provider proves who calls. */
public final class Authorizations {
  private static final long NANOS = 1_000_000;

  private Authorizations() {}

  /**
   * @param key the provider's key, read for each request
   */
  public static RequestAuthorization of(
      Vertx vertx, ProviderOptions options, DialectChoice dialect, Supplier<Optional<String>> key) {
    return switch (options.cloud().orElse(null)) {
      case CloudAccess.Aws aws ->
          new SignatureAuthorization(
              vertx, options.name(), aws.region(), key, () -> chain(aws), Clock.systemUTC());
      case CloudAccess.Google google ->
          token(
              new GoogleTokenSource(vertx, endpoint(vertx, options), options.name(), google, key));
      case CloudAccess.Azure azure when azure.entra().isPresent() ->
          token(
              new EntraTokenSource(
                  endpoint(vertx, options), options.name(), azure.entra().get(), key));
      case CloudAccess.Azure azure -> new KeyAuthorization(key, dialect::headers);
      case null -> new KeyAuthorization(key, dialect::headers);
    };
  }

  private static AwsCredentialsProvider chain(CloudAccess.Aws aws) {
    DefaultCredentialsProvider.Builder chain = DefaultCredentialsProvider.builder();
    aws.profile().ifPresent(chain::profileName);
    return chain.build();
  }

  private static TokenEndpoint endpoint(Vertx vertx, ProviderOptions options) {
    return new TokenEndpoint(vertx, options.name(), options.proxies());
  }

  private static RequestAuthorization token(TokenSource source) {
    return new TokenAuthorization(source, () -> System.nanoTime() / NANOS);
  }
}
