package dev.concert.gateway.dispatch;

import dev.concert.contract.BillingOperations;
import dev.concert.credit.BillingReplies.ModelUsage;
import dev.concert.credit.BillingReplies.SessionUsage;
import dev.concert.credit.BillingReplies.Usage;
import dev.concert.gateway.eventlog.SessionDatabases;
import dev.concert.gateway.registry.Cursor;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.session.Session;
import dev.concert.protocol.BillingMessage;
import dev.concert.protocol.Identity;
import dev.concert.protocol.ServerEvent.UsageUpdate;
import dev.concert.protocol.SessionMeta;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sums the usage of sessions by model. Who sees a session sees its usage. */
public record UsageHandlers(Registries registries, SessionDatabases databases, SessionScope scope) {

  public void register(Handlers handlers) {
    OperationHandler<BillingMessage.ReadUsage, Usage> ofSession =
        scope.besideSession(BillingMessage.ReadUsage::sessionId, (session, _) -> of(session));
    handlers.serve(
        BillingOperations.READ_USAGE,
        request ->
            request.message().sessionId() != null
                ? ofSession.handle(request)
                : ofAll(request.who(), request.message()));
  }

  private Future<Usage> of(Session session) {
    return usage(session.meta()).map(usage -> new Usage(List.of(usage), null));
  }

  private Future<Usage> ofAll(Identity who, BillingMessage.ReadUsage message) {
    Optional<Cursor> after = Optional.ofNullable(message.cursor()).map(Cursor::parse);
    return registries
        .list(who, true, after, message.limit())
        .compose(
            page -> {
              Future<List<SessionUsage>> read = Future.succeededFuture(new ArrayList<>());
              for (SessionMeta session : page.sessions()) {
                read = read.compose(all -> usage(session).map(one -> with(all, one)));
              }
              return read.map(all -> new Usage(all, page.nextCursor()));
            });
  }

  private static List<SessionUsage> with(List<SessionUsage> all, SessionUsage one) {
    all.add(one);
    return all;
  }

  private Future<SessionUsage> usage(SessionMeta session) {
    return databases
        .with(session.id(), store -> store.usage())
        .map(calls -> new SessionUsage(session.id(), session.name(), byModel(calls)));
  }

  private static List<ModelUsage> byModel(List<UsageUpdate> calls) {
    Map<String, ModelUsage> sums = new LinkedHashMap<>();
    for (UsageUpdate call : calls) {
      sums.merge(call.provider() + '/' + call.model(), one(call), UsageHandlers::plus);
    }
    return List.copyOf(sums.values());
  }

  private static ModelUsage one(UsageUpdate call) {
    return new ModelUsage(
        call.model(),
        call.provider(),
        1,
        call.inputTokens(),
        call.outputTokens(),
        call.cachedTokens(),
        call.cost());
  }

  private static ModelUsage plus(ModelUsage one, ModelUsage other) {
    return new ModelUsage(
        one.model(),
        one.provider(),
        one.calls() + other.calls(),
        one.inputTokens() + other.inputTokens(),
        one.outputTokens() + other.outputTokens(),
        one.cachedTokens() + other.cachedTokens(),
        sum(one.cost(), other.cost()));
  }

  /** Null, for a cost that is not known, if one of them is. */
  private static String sum(String one, String other) {
    return one == null || other == null
        ? null
        : new BigDecimal(one).add(new BigDecimal(other)).toPlainString();
  }
}
