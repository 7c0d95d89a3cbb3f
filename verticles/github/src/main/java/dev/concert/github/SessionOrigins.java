package dev.concert.github;

import dev.concert.bridge.GitOriginMessages.OpenOrigin;
import dev.concert.bridge.GitOriginMessages.OriginOpened;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.github.work.TenantWork;
import dev.concert.github.work.WorkServices;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;

/**
 * Opens the repositories of sessions to the git of their agents. The coordinator says whose agent
 * asks; an agent cannot.
 *
 * @param node this node
 * @param tenants gives the work of a tenant
 */
record SessionOrigins(
    WorkServices services, String node, Function<String, Future<TenantWork>> tenants) {

  /** Opens one for one request of git. */
  Future<OriginOpened> open(OpenOrigin wanted) {
    return services
        .connections()
        .ofTenant(wanted.tenantId())
        .compose(
            apps ->
                apps.isEmpty()
                    ? Future.succeededFuture(Optional.<String>empty())
                    : tenants
                        .apply(wanted.tenantId())
                        .compose(work -> work.openOrigin(wanted.sessionId())))
        .map(
            key ->
                new OriginOpened(
                    node,
                    services.broker().port(),
                    key.orElseThrow(
                        () ->
                            new ConcertException(
                                ErrorCode.FORBIDDEN,
                                "This session works on no issue that is open, so it has"
                                    + " no repository here."))));
  }
}
