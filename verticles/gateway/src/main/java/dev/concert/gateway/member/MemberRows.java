package dev.concert.gateway.member;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import dev.concert.protocol.Role;
import dev.concert.protocol.ServerEvent.Member;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The table {@code members} within one transaction. */
record MemberRows(SqlConnection transaction) {

  /**
   * What the actor may do now: the role in the registry, or less for a key. Fails with {@code
   * FORBIDDEN} for one who may not manage members any more.
   */
  Future<Role> rankOf(Identity actor) {
    return find("user_id", actor.userId())
        .compose(
            found -> {
              Role rank =
                  found.stream()
                      .map(Member::role)
                      .map(role -> role.compareTo(actor.role()) < 0 ? role : actor.role())
                      .findFirst()
                      .orElse(Role.GUEST);
              return Permission.MEMBERS_MANAGE.grantedTo(rank)
                  ? Future.succeededFuture(rank)
                  : forbidden("You lack the permission 'members.manage'.");
            });
  }

  /** Fails with {@code MEMBER_NOT_FOUND}, also where an e-mail names several. */
  Future<Member> require(Optional<String> userId, Optional<String> email) {
    return userId
        .map(id -> find("user_id", id))
        .orElseGet(() -> find("email", email.orElseThrow().toLowerCase(Locale.ROOT)))
        .compose(
            found ->
                found.size() == 1
                    ? Future.succeededFuture(found.getFirst())
                    : Future.failedFuture(
                        new ConcertException(
                            ErrorCode.MEMBER_NOT_FOUND,
                            found.isEmpty()
                                ? "No member of this tenant has this %s."
                                    .formatted(userId.isPresent() ? "id" : "e-mail")
                                : "Several members have this e-mail: use 'userId'.")));
  }

  /**
   * @param column a name of this class, never from outside
   */
  Future<List<Member>> find(String column, String value) {
    return transaction
        .preparedQuery("SELECT * FROM members WHERE " + column + " = ?")
        .execute(Tuple.of(value))
        .map(MemberRows::members);
  }

  /** Fails with {@code LAST_OWNER} where the tenant has no owner but this one. */
  Future<Void> keepsAnOwner(Member without) {
    if (without.role() != Role.OWNER) {
      return Future.succeededFuture();
    }
    return transaction
        .preparedQuery("SELECT 1 FROM members WHERE role = 'owner' AND user_id <> ? LIMIT 1")
        .execute(Tuple.of(without.userId()))
        .compose(
            others ->
                others.size() > 0
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new ConcertException(
                            ErrorCode.LAST_OWNER,
                            "A tenant needs an owner, and this is the last.")));
  }

  /** Runs one statement. */
  Future<Void> run(String sql, Object... parameters) {
    return transaction.preparedQuery(sql).execute(Tuple.from(List.of(parameters))).mapEmpty();
  }

  static List<Member> members(RowSet<Row> rows) {
    List<Member> members = new ArrayList<>();
    for (Row row : rows) {
      members.add(
          new Member(
              row.getString("user_id"),
              row.getString("email"),
              Role.ofWireName(row.getString("role")).orElseThrow(),
              row.getLong("joined_at")));
    }
    return members;
  }

  static <T> Future<T> forbidden(String message) {
    return Future.failedFuture(new ConcertException(ErrorCode.FORBIDDEN, message));
  }
}
