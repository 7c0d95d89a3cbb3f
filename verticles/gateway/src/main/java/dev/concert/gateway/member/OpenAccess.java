package dev.concert.gateway.member;

import dev.concert.gateway.auth.AccessWatch;
import dev.concert.gateway.connection.Client;
import dev.concert.gateway.connection.ConnectedClients;
import dev.concert.gateway.rest.OpenEventStreams;
import dev.concert.gateway.session.Session;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.Member;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Carries a change of rights to what is open already: connections of the WebSocket go on with the
 * new role, leave the sessions that they must not see any more, or end; streams over HTTP end, and
 * whoever comes back is checked anew. Replicas check by themselves. Thread-safe.
 */
public record OpenAccess(
    AccessWatch watch,
    ConnectedClients clients,
    OpenEventStreams streams,
    SessionDirectory directory) {

  /** Does what may give a member another role, and tells what is open of it. */
  Future<Member> whileRolesChange(String tenantId, Supplier<Future<Member>> change) {
    return watch.whileRolesChange(
        tenantId, () -> change.get().onSuccess(member -> roleChanged(tenantId, member)));
  }

  /** The member has another role. */
  private void roleChanged(String tenantId, Member member) {
    endStreams(tenantId, member.userId());
    Identity now = Identity.of(member.userId(), member.email(), tenantId, member.role());
    for (Client client : clients.of(tenantId, member.userId())) {
      if (isOfKey(client)) {
        // A program connects again, and gets what its key may do now.
        client.withdraw();
      } else {
        client.changeRights(now);
        client.reply(Optional.empty(), new ServerEvent.Authenticated(now));
        client.sessions().all().forEach(session -> check(client, now, session));
      }
    }
  }

  private static boolean isOfKey(Client client) {
    return client.identity().flatMap(Identity::keyId).isPresent();
  }

  /** The user is no member any more. */
  void removed(String tenantId, String userId) {
    endStreams(tenantId, userId);
    clients.of(tenantId, userId).forEach(Client::withdraw);
  }

  private void endStreams(String tenantId, String userId) {
    streams.end(
        (reader, _) -> reader.tenantId().equals(tenantId) && reader.userId().equals(userId));
  }

  /** The session is shown to others than before. */
  void sessionChanged(Session session) {
    streams.end(
        (reader, sessionId) ->
            sessionId.equals(session.id()) && !reader.userId().equals(session.meta().createdBy()));
    for (Client client : clients.joinedTo(session.id())) {
      client.identity().ifPresent(who -> check(client, who, session));
    }
  }

  /** Nobody uses this tenant any more. */
  public void tenantGone(String tenantId) {
    streams.end((reader, _) -> reader.tenantId().equals(tenantId));
    clients.ofTenant(tenantId).forEach(Client::withdraw);
  }

  private void check(Client client, Identity who, Session session) {
    directory
        .find(who, session.id(), Permission.THREADS_READ)
        .onFailure(
            _ -> {
              client.sessions().leave(session.id());
              client.reply(Optional.empty(), new ServerEvent.SessionLeft(session.id()));
            });
  }
}
