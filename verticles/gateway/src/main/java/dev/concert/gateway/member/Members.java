package dev.concert.gateway.member;

import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.registry.Registries;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Role;
import dev.concert.protocol.ServerEvent.Member;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lists the members of a tenant, changes their roles and removes them. Nobody gives a role above
 * their own, or acts on who has one; the last owner stays. Each change is one transaction with its
 * entry in the audit log. Thread-safe.
 */
public record Members(Registries registries) {

  /** Owners first, then by the time at which they joined. */
  public Future<List<Member>> list(String tenantId) {
    return registries.in(
        tenantId,
        database ->
            database
                .query("SELECT * FROM members ORDER BY joined_at, user_id", Tuple.tuple())
                .map(MemberRows::members)
                .map(
                    members ->
                        members.stream()
                            .sorted((one, other) -> other.role().compareTo(one.role()))
                            .toList()));
  }

  /**
   * @param userId of the member; or the {@code email}
   * @return the member as they are now
   */
  Future<Member> setRole(
      Identity actor, Optional<String> userId, Optional<String> email, Role role) {
    return in(
        actor,
        rows ->
            rows.rankOf(actor)
                .compose(
                    rank ->
                        rows.require(userId, email)
                            .compose(member -> setRole(rows, actor, rank, member, role))));
  }

  private static Future<Member> setRole(
      MemberRows rows, Identity actor, Role rank, Member member, Role role) {
    if (isAbove(member.role(), rank) || isAbove(role, rank)) {
      return tooHigh(rank, isAbove(role, rank) ? role : member.role());
    }
    if (member.role() == role) {
      return Future.succeededFuture(member);
    }
    return rows.keepsAnOwner(member)
        .compose(
            _ ->
                rows.run(
                    "UPDATE members SET role = ? WHERE user_id = ?",
                    role.wireName(),
                    member.userId()))
        .compose(_ -> withdrawInvitations(rows, member.userId(), role))
        .compose(
            _ ->
                AuditLog.record(
                    rows.transaction(),
                    actor.userId(),
                    "member.role_changed",
                    member.userId(),
                    Map.of("from", member.role().wireName(), "to", role.wireName())))
        .map(new Member(member.userId(), member.email(), role, member.joinedAt()));
  }

  /**
   * Removes a member with everything that was shared with them. The remover gets their private
   * sessions, which nobody could see otherwise.
   *
   * @return the member as they were
   */
  Future<Member> remove(Identity actor, Optional<String> userId, Optional<String> email) {
    return in(
        actor,
        rows ->
            rows.rankOf(actor)
                .compose(
                    rank ->
                        rows.require(userId, email)
                            .compose(
                                member ->
                                    isAbove(member.role(), rank)
                                        ? tooHigh(rank, member.role())
                                        : rows.keepsAnOwner(member)
                                            .compose(_ -> remove(rows, actor, member)))));
  }

  private static Future<Member> remove(MemberRows rows, Identity actor, Member member) {
    long now = System.currentTimeMillis();
    String gone = member.userId();
    return rows.run("DELETE FROM members WHERE user_id = ?", gone)
        .compose(_ -> rows.run("DELETE FROM session_members WHERE user_id = ?", gone))
        .compose(
            _ ->
                rows.run(
                    "INSERT OR IGNORE INTO session_members (session_id, user_id, access, added_by,"
                        + " added_at) SELECT id, ?, 'write', ?, ? FROM sessions WHERE created_by ="
                        + " ? AND visibility = 'private'",
                    actor.userId(),
                    actor.userId(),
                    now,
                    gone))
        .compose(_ -> rows.run("INSERT OR REPLACE INTO removed_members VALUES (?, ?)", gone, now))
        .compose(_ -> withdrawInvitations(rows, gone, Role.GUEST))
        .compose(
            _ ->
                AuditLog.record(
                    rows.transaction(),
                    actor.userId(),
                    "member.removed",
                    gone,
                    Map.of("role", member.role().wireName(), "email", member.email())))
        .map(member);
  }

  /** Nobody is invited any more in the name of who could not invite them now. */
  private static Future<Void> withdrawInvitations(MemberRows rows, String inviter, Role rank) {
    return Invitations.withdrawAbove(rows, inviter, rank);
  }

  static boolean isAbove(Role role, Role rank) {
    return role.compareTo(rank) > 0;
  }

  static <T> Future<T> tooHigh(Role rank, Role role) {
    return MemberRows.forbidden(
        "As %s you decide about no %s.".formatted(rank.wireName(), role.wireName()));
  }

  private <T> Future<T> in(Identity actor, Function<MemberRows, Future<T>> work) {
    return registries.in(
        actor.tenantId(),
        database -> database.transaction(transaction -> work.apply(new MemberRows(transaction))));
  }
}
