package dev.concert.gateway.files;

import dev.concert.bus.Addresses;
import dev.concert.contract.ContractTable;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.gateway.dispatch.SessionScope;
import dev.concert.gateway.rest.EntityTag;
import dev.concert.gateway.session.Session;
import dev.concert.workspace.RetentionMessages.ReadRetention;
import dev.concert.workspace.RetentionMessages.Retention;
import dev.concert.workspace.RetentionMessages.SetRetention;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Reads, sets and clears the policy that says which iterations of a workspace are kept. */
record RetentionHandlers(WorkspaceClient chronicle, SessionScope scope) {
  private static final String SERVERS_POLICY = "";

  void register(Handlers handlers) {
    handlers
        .serve(
            ContractTable.READ_RETENTION,
            scope.besideSession(
                (session, _) ->
                    chronicle.request(
                        Addresses.READ_RETENTION, new ReadRetention(session.workspaceId()))))
        .serve(
            ContractTable.SET_RETENTION,
            scope.besideSession(
                (session, request) ->
                    set(
                        session,
                        request,
                        request.message().policy(),
                        request.message().excluded())))
        .serve(
            ContractTable.CLEAR_RETENTION,
            scope.besideSession((session, request) -> set(session, request, SERVERS_POLICY, null)));
  }

  private Future<Retention> set(
      Session session, ApiRequest<?> request, String policy, List<String> excluded) {
    return expected(session, request)
        .compose(
            expected ->
                chronicle.request(
                    Addresses.SET_RETENTION,
                    new SetRetention(
                        session.workspaceId(), policy, excluded, expected.orElse(null))));
  }

  /** What has the version that the caller named. Chronicle compares it again when it writes. */
  private Future<Optional<Retention>> expected(Session session, ApiRequest<?> request) {
    return request.wantedVersions().isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : chronicle
            .request(Addresses.READ_RETENTION, new ReadRetention(session.workspaceId()))
            .map(
                now -> {
                  request.verifyVersion(() -> EntityTag.of(now));
                  return Optional.of(now);
                });
  }
}
