package dev.concert.gateway;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.openid.TokenClaims;
import dev.concert.gateway.auth.Authentication;
import dev.concert.gateway.auth.Authenticator;
import dev.concert.gateway.member.MemberOptions;
import dev.concert.gateway.member.RegistryMemberships;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.tenant.Tenants;
import dev.concert.protocol.Identity;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Stands for an identity provider: the token {@code tenant|user|e-mail|verified} says that. It
 * shares the registries' files with the gateway, as another process would.
 */
final class TenantTokens implements Authenticator, AutoCloseable {
  private static final String ISSUER = "https://issuer.example";

  final Vertx vertx = Vertx.vertx();
  final Registries registries;

  TenantTokens(Path data) {
    registries = new Registries(vertx, data.resolve("tenants"));
  }

  /** A tenant with members of every role, whose ids are {@code owner}, {@code admin} and so on. */
  void createTenant(String tenant, String... roles) {
    RunningGateway.await(new Tenants(registries).create(tenant, tenant, "owner@" + tenant));
    RunningGateway.await(authenticate(token(tenant, "owner")));
    for (String role : roles) {
      addMember(tenant, role, role);
    }
  }

  void addMember(String tenant, String user, String role) {
    RunningGateway.await(
        registries.in(
            tenant,
            database ->
                database.update(
                    "INSERT INTO members VALUES (?, ?, ?, ?, 1)",
                    Tuple.of(user, ISSUER, user + "@" + tenant, role))));
  }

  static String token(String tenant, String user) {
    return token(tenant, user, user + "@" + tenant, true);
  }

  static String token(String tenant, String user, String email, boolean verified) {
    return "%s|%s|%s|%s".formatted(tenant, user, email, verified);
  }

  @Override
  public Optional<Identity> everybody() {
    return Optional.empty();
  }

  @Override
  public Future<Authentication> authenticate(String token) {
    return claims(token)
        .compose(new RegistryMemberships(registries, MemberOptions.DEFAULT)::identify)
        .map(Authentication::lasting);
  }

  @Override
  public Future<TokenClaims> claims(String token) {
    String[] said = token.split("\\|");
    return said.length != 4
        ? Future.failedFuture(new ConcertException(ErrorCode.AUTH_FAILED, "The token is bad."))
        : Future.succeededFuture(
            new TokenClaims(
                ISSUER,
                said[1],
                Optional.of(said[2]),
                Boolean.parseBoolean(said[3]),
                said[0],
                Optional.empty()));
  }

  @Override
  public void close() {
    RunningGateway.await(registries.close());
    RunningGateway.await(vertx.close());
  }
}
