package dev.concert.gateway.member;

import dev.concert.foundation.openid.TokenClaims;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.protocol.Invitation;
import dev.concert.protocol.MemberMessage.SessionShare;
import dev.concert.protocol.Role;
import dev.concert.protocol.ServerEvent.Member;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.Map;
import java.util.Optional;

/** Makes the bearer of a token a member, within a transaction. */
final class MemberAdmission {
  private MemberAdmission() {}

  static Future<Member> join(MemberRows rows, TokenClaims claims, Invitation invitation) {
    return rows.find("user_id", claims.subject())
        .compose(found -> member(rows, claims, invitation, found.stream().findFirst()))
        .compose(member -> share(rows, claims, invitation).map(member))
        .compose(
            member ->
                AuditLog.record(
                        rows.transaction(),
                        claims.subject(),
                        "invitation.accepted",
                        invitation.invitationId(),
                        Map.of("role", member.role().wireName(), "email", invitation.email()))
                    .map(member));
  }

  private static Future<Member> member(
      MemberRows rows, TokenClaims claims, Invitation invitation, Optional<Member> known) {
    Role role =
        known
            .map(Member::role)
            .filter(has -> has.compareTo(invitation.role()) > 0)
            .orElse(invitation.role());
    long joinedAt = known.map(Member::joinedAt).orElse(System.currentTimeMillis());
    return rows.transaction()
        .preparedQuery(
            "INSERT INTO members (user_id, issuer, email, role, joined_at) VALUES (?, ?, ?, ?, ?)"
                + " ON CONFLICT (user_id) DO UPDATE SET role = excluded.role, email ="
                + " excluded.email WHERE issuer = excluded.issuer")
        .execute(
            Tuple.of(
                claims.subject(), claims.issuer(), invitation.email(), role.wireName(), joinedAt))
        .compose(
            result ->
                // The same id at another issuer is somebody else.
                result.rowCount() == 1 ? Future.succeededFuture() : Invitations.notFound())
        .compose(_ -> rows.run("DELETE FROM removed_members WHERE user_id = ?", claims.subject()))
        .map(new Member(claims.subject(), invitation.email(), role, joinedAt));
  }

  private static Future<Void> share(MemberRows rows, TokenClaims claims, Invitation invitation) {
    Future<Void> shared = Future.succeededFuture();
    for (SessionShare one : invitation.sessions()) {
      shared =
          shared.compose(
              _ ->
                  rows.run(
                      "INSERT OR REPLACE INTO session_members (session_id, user_id, access,"
                          + " added_by, added_at) SELECT id, ?, ?, ?, ? FROM sessions WHERE id = ?"
                          + " AND deleting = 0",
                      claims.subject(),
                      one.access().wireName(),
                      invitation.invitedBy(),
                      System.currentTimeMillis(),
                      one.sessionId()));
    }
    return shared;
  }
}
