package dev.concert.ensemble.provider.azure;

import dev.concert.ensemble.provider.oauth.FetchedToken;
import dev.concert.ensemble.provider.oauth.TokenEndpoint;
import dev.concert.ensemble.provider.oauth.TokenSource;
import dev.concert.ensemble.provider.upstream.CloudAccess.EntraApplication;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tokens of an application of Microsoft Entra ID, by its secret.
 *
 * <p>Format: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
public record EntraTokenSource(
    TokenEndpoint endpoint,
    String provider,
    EntraApplication application,
    Supplier<Optional<String>> secret)
    implements TokenSource {

  @Override
  public Optional<String> key() {
    return secret.get();
  }

  @Override
  public Future<FetchedToken> fetch() {
    return secret
        .get()
        .map(known -> endpoint.post(url(), form(known)))
        .orElseGet(
            () ->
                Future.failedFuture(
                    new ConcertException(
                        ErrorCode.PROVIDER_AUTH,
                        "The provider '" + provider + "' has no secret for its application.")));
  }

  private URI url() {
    return URI.create(
        application.authority().toString().replaceAll("/+$", "")
            + "/"
            + application.tenant()
            + "/oauth2/v2.0/token");
  }

  private Map<String, String> form(String known) {
    return Map.of(
        "grant_type",
        "client_credentials",
        "client_id",
        application.client(),
        "client_secret",
        known,
        "scope",
        application.scope());
  }
}
