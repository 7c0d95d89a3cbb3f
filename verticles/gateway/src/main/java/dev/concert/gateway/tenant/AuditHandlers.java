package dev.concert.gateway.tenant;

import dev.concert.contract.MemberOperations;
import dev.concert.gateway.audit.AuditEntry;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.protocol.MemberEvent.AuditList;
import dev.concert.protocol.MemberEvent.AuditRecord;
import dev.concert.protocol.MemberMessage;
import io.vertx.core.Future;
import java.util.List;
import java.util.OptionalLong;

/** Shows the audit log of the caller's tenant, in pages. */
public record AuditHandlers(AuditLog audit) {

  public void register(Handlers handlers) {
    handlers.serve(MemberOperations.READ_AUDIT, this::read);
  }

  private Future<AuditList> read(ApiRequest<MemberMessage.ReadAudit> request) {
    MemberMessage.ReadAudit message = request.message();
    OptionalLong before =
        message.before() == null ? OptionalLong.empty() : OptionalLong.of(message.before());
    return audit
        .read(request.who().tenantId(), before, message.limit() + 1)
        .map(found -> page(found, message.limit()));
  }

  /**
   * @param found one entry more than wanted, where there are more
   */
  private static AuditList page(List<AuditEntry> found, int limit) {
    List<AuditEntry> page = found.subList(0, Math.min(limit, found.size()));
    return new AuditList(
        page.stream()
            .map(
                one ->
                    new AuditRecord(
                        one.id(),
                        one.at(),
                        one.actor(),
                        one.action(),
                        one.subject(),
                        one.details()))
            .toList(),
        found.size() > limit ? page.getLast().id() : null);
  }
}
