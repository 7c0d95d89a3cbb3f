package dev.concert.gateway;

import dev.concert.gateway.apikey.ApiKeys;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.auth.Authenticator;
import dev.concert.gateway.auth.Authenticators;
import dev.concert.gateway.auth.JwtAuthenticator;
import dev.concert.gateway.auth.OriginPolicy;
import dev.concert.gateway.auth.SessionCookie;
import dev.concert.gateway.auth.address.AuthenticationRate;
import dev.concert.gateway.member.RegistryMemberships;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.signin.PageSignIn;
import dev.concert.protocol.Identity;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The kinds of credential that the gateway knows: API keys, the cookies of the page's sign-in, and
 * access tokens.
 *
 * @param authenticator of all of them
 * @param signIn empty where the page has no client at an OpenID provider
 * @param origins the pages that may use the gateway
 * @param members of the tenants
 */
record Credentials(
    Authenticator authenticator,
    ApiKeys keys,
    Optional<PageSignIn> signIn,
    OriginPolicy origins,
    RegistryMemberships members) {

  /**
   * @param withoutIssuer knows people where no issuer is configured
   */
  static Credentials of(
      Vertx vertx,
      GatewayOptions options,
      Registries registries,
      AuthenticationRate rate,
      Authenticator withoutIssuer) {
    OriginPolicy origins =
        new OriginPolicy(options.access().origins(), options.access().tls().isPresent());
    RegistryMemberships memberships = new RegistryMemberships(registries, options.members());
    ApiKeys keys = new ApiKeys(vertx, options.data(), registries, memberships::find);
    Optional<JwtAuthenticator> tokens =
        options.auth().map(issuer -> JwtAuthenticator.of(vertx, issuer, memberships));
    Optional<PageSignIn> signIn =
        options
            .auth()
            .filter(issuer -> issuer.clientId().isPresent())
            .map(
                issuer ->
                    new PageSignIn(
                        vertx,
                        options.data(),
                        issuer,
                        origins,
                        tokens.orElseThrow(),
                        rate,
                        options.access().trustedProxies(),
                        new AuditLog(registries)));
    Map<String, Authenticator> kinds = new HashMap<>(Map.of(ApiKeys.PREFIX, keys));
    signIn.ifPresent(page -> kinds.put(SessionCookie.PREFIX, page.authenticator()));
    Authenticator people = tokens.<Authenticator>map(one -> one).orElse(withoutIssuer);
    return new Credentials(
        new Authenticators(Map.copyOf(kinds), people), keys, signIn, origins, memberships);
  }

  /**
   * The routes by which the page signs in.
   *
   * @param invitations makes the bearer of an access token a member, by the secret of an invitation
   */
  Router addRoutes(Router router, BiFunction<String, String, Future<?>> invitations) {
    signIn.ifPresentOrElse(page -> page.add(router, invitations), () -> PageSignIn.addNone(router));
    return router;
  }

  /** The user as a member of the tenant now; empty for who is none. */
  Future<Optional<Identity>> member(String tenantId, String userId) {
    Optional<Identity> everybody = authenticator.everybody();
    return everybody.isEmpty()
        ? members.find(tenantId, userId)
        : Future.succeededFuture(
            everybody.filter(
                one -> one.tenantId().equals(tenantId) && one.userId().equals(userId)));
  }

  /** No key and no page session of this tenant is left. */
  Future<Void> forgetTenant(String tenantId) {
    return keys.forgetTenant(tenantId)
        .compose(
            _ ->
                signIn.map(page -> page.forgetTenant(tenantId)).orElseGet(Future::succeededFuture));
  }

  Future<Void> close() {
    return keys.close()
        .eventually(() -> signIn.map(PageSignIn::close).orElseGet(Future::succeededFuture));
  }
}
