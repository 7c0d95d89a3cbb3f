package dev.concert.gateway.tenant;

import dev.concert.contract.MemberOperations;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.gateway.member.OpenAccess;
import dev.concert.protocol.Identity;
import dev.concert.protocol.MemberEvent.TenantDeleted;
import dev.concert.protocol.MemberMessage;
import dev.concert.protocol.Role;
import io.vertx.core.Future;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the caller's tenant. An owner does that, in person, and says its id once more.
 *
 * @param everybody the identity of all clients where nobody authenticates: its tenant stays
 */
public record TenantHandlers(
    TenantDeletion deletion, OpenAccess open, Optional<Identity> everybody) {
  private static final Logger LOG = LoggerFactory.getLogger(TenantHandlers.class);

  public void register(Handlers handlers) {
    handlers.serve(MemberOperations.DELETE_TENANT, this::delete);
  }

  private Future<TenantDeleted> delete(ApiRequest<MemberMessage.DeleteTenant> request) {
    Identity who = request.who();
    if (who.role() != Role.OWNER || who.keyId().isPresent()) {
      throw new ConcertException(
          ErrorCode.FORBIDDEN, "Only an owner deletes a tenant, and no API key.");
    }
    if (everybody.isPresent()) {
      throw new ConcertException(
          ErrorCode.FORBIDDEN, "The tenant of a server without authentication stays.");
    }
    if (!request.message().confirm().equals(who.tenantId())) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE,
          "The message is invalid: 'confirm' must be the id of your tenant, '%s'."
              .formatted(who.tenantId()));
    }
    return deletion
        .order(who.tenantId())
        .map(
            _ -> {
              LOG.info("{} deletes tenant {}", who.userId(), who.tenantId());
              request.afterReply(() -> open.tenantGone(who.tenantId()));
              return new TenantDeleted(who.tenantId());
            });
  }
}
