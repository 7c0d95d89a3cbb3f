package dev.concert.gateway.member;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.openid.TokenClaims;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.registry.Registries;
import dev.concert.json.Json;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Invitation;
import dev.concert.protocol.MemberMessage.SessionShare;
import dev.concert.protocol.Role;
import dev.concert.protocol.ServerEvent.Member;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * Invites users to a tenant, and makes those members who accept. An invitation is accepted once,
 * before it expires, by who has its secret and signs in with its verified e-mail. Thread-safe.
 */
public final class Invitations {
  /** How many invitations of a tenant may wait to be accepted. */
  static final int MAX_PENDING = 1000;

  private static final String PENDING =
      "token_hash IS NOT NULL AND accepted_by IS NULL AND expires_at > ?";

  private final Registries registries;
  private final Duration validity;
  private final UniformRefusals refusals;

  public Invitations(Registries registries, Duration validity) {
    this.registries = registries;
    this.validity = validity;
    this.refusals = new UniformRefusals(registries.vertx());
  }

  /** An invitation that was just made, and its secret, which is not stored. */
  record Created(Invitation invitation, InvitationSecret secret) {}

  /**
   * Invites an e-mail. An earlier invitation of it cannot be accepted any more.
   *
   * @param sessions that the inviter may share
   */
  Future<Created> create(Identity inviter, String email, Role role, List<SessionShare> sessions) {
    InvitationSecret secret = InvitationSecret.create();
    long now = System.currentTimeMillis();
    Invitation invitation =
        new Invitation(
            UUID.randomUUID().toString(),
            email.toLowerCase(Locale.ROOT),
            role,
            sessions,
            inviter.userId(),
            now,
            now + validity.toMillis(),
            null,
            false);
    return registries
        .in(
            inviter.tenantId(),
            database ->
                database.transaction(
                    transaction -> {
                      MemberRows rows = new MemberRows(transaction);
                      return rows.rankOf(inviter)
                          .compose(
                              rank ->
                                  Members.isAbove(role, rank)
                                      ? Members.tooHigh(rank, role)
                                      : insert(rows, inviter, invitation, secret));
                    }))
        .map(_ -> new Created(invitation, secret));
  }

  private static Future<Void> insert(
      MemberRows rows, Identity inviter, Invitation invitation, InvitationSecret secret) {
    return rows.find("email", invitation.email())
        .compose(
            known ->
                known.isEmpty()
                    ? rows.run(
                        "DELETE FROM invitations WHERE email = ? AND token_hash IS NOT NULL AND"
                            + " accepted_by IS NULL",
                        invitation.email())
                    : refused("'%s' is a member already.".formatted(invitation.email())))
        .compose(_ -> hasRoom(rows))
        .compose(
            _ ->
                rows.run(
                    "INSERT INTO invitations (id, token_hash, email, role, sessions, invited_by,"
                        + " created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    invitation.invitationId(),
                    secret.hash(),
                    invitation.email(),
                    invitation.role().wireName(),
                    Json.MAPPER.valueToTree(invitation.sessions()).toString(),
                    invitation.invitedBy(),
                    invitation.createdAt(),
                    invitation.expiresAt()))
        .compose(
            _ ->
                AuditLog.record(
                    rows.transaction(),
                    inviter.userId(),
                    "member.invited",
                    invitation.invitationId(),
                    Map.of("email", invitation.email(), "role", invitation.role().wireName())));
  }

  private static Future<Void> hasRoom(MemberRows rows) {
    return rows.transaction()
        .preparedQuery("SELECT COUNT(*) AS pending FROM invitations WHERE " + PENDING)
        .execute(Tuple.of(System.currentTimeMillis()))
        .compose(
            count ->
                count.iterator().next().getInteger("pending") < MAX_PENDING
                    ? Future.succeededFuture()
                    : refused(
                        "%d invitations wait to be accepted: revoke some.".formatted(MAX_PENDING)));
  }

  /** Those that can still be accepted, newest first. */
  Future<List<Invitation>> list(String tenantId) {
    return registries.in(
        tenantId,
        database ->
            database
                .query(
                    "SELECT * FROM invitations WHERE " + PENDING + " ORDER BY created_at DESC, id",
                    Tuple.of(System.currentTimeMillis()))
                .map(
                    rows -> {
                      List<Invitation> found = new ArrayList<>();
                      rows.forEach(row -> found.add(invitation(row)));
                      return found;
                    }));
  }

  /** Nobody can accept it any more. Fails with {@code INVITATION_NOT_FOUND}. */
  Future<Void> revoke(Identity actor, String invitationId) {
    return registries.in(
        actor.tenantId(),
        database ->
            database.transaction(
                transaction ->
                    transaction
                        .preparedQuery(
                            "DELETE FROM invitations WHERE id = ? AND token_hash IS NOT NULL AND"
                                + " accepted_by IS NULL")
                        .execute(Tuple.of(invitationId))
                        .compose(
                            result ->
                                result.rowCount() == 0
                                    ? notFound()
                                    : AuditLog.record(
                                        transaction,
                                        actor.userId(),
                                        "invitation.revoked",
                                        invitationId,
                                        Map.of()))));
  }

  /** Withdraws what this member could not invite to with this role. */
  static Future<Void> withdrawAbove(MemberRows rows, String inviter, Role rank) {
    boolean mayInvite = rank.compareTo(Role.ADMIN) >= 0;
    List<String> withdrawn =
        Arrays.stream(Role.values())
            .filter(role -> !mayInvite || Members.isAbove(role, rank))
            .map(Role::wireName)
            .toList();
    return rows.run(
        "DELETE FROM invitations WHERE invited_by = ? AND accepted_by IS NULL AND role IN"
            + " (SELECT value FROM json_each(?))",
        inviter,
        Json.MAPPER.valueToTree(withdrawn).toString());
  }

  /**
   * Makes the bearer of a verified token a member of the tenant that it names. One who is a member
   * already keeps a higher role. Fails with {@code INVITATION_NOT_FOUND}, whatever does not fit,
   * and always as late.
   */
  public Future<Member> accept(TokenClaims claims, String secret) {
    if (!claims.emailVerified() || claims.email().isEmpty()) {
      return MemberRows.forbidden(
          "An invitation needs an e-mail that your identity provider has verified.");
    }
    return refusals.of(
        () ->
            registries
                .exists(claims.tenantId())
                .compose(exists -> exists ? inTenant(claims, secret) : notFound()));
  }

  private Future<Member> inTenant(TokenClaims claims, String secret) {
    return registries.in(
        claims.tenantId(),
        database ->
            database.transaction(
                transaction ->
                    accept(new MemberRows(transaction), claims, new InvitationSecret(secret))));
  }

  private static Future<Member> accept(
      MemberRows rows, TokenClaims claims, InvitationSecret secret) {
    long now = System.currentTimeMillis();
    return rows.transaction()
        .preparedQuery(
            "UPDATE invitations SET accepted_by = ?, accepted_at = ? WHERE token_hash = ? AND email"
                + " = ? AND accepted_by IS NULL AND expires_at > ? AND EXISTS (SELECT 1 FROM tenant"
                + " WHERE id = ? AND deleting = 0) RETURNING *")
        .execute(
            Tuple.of(
                claims.subject(),
                now,
                secret.hash(),
                claims.email().orElseThrow().toLowerCase(Locale.ROOT),
                now,
                claims.tenantId()))
        .compose(
            taken -> {
              RowIterator<Row> row = taken.iterator();
              return row.hasNext()
                  ? MemberAdmission.join(rows, claims, invitation(row.next()))
                  : notFound();
            });
  }

  private static Invitation invitation(Row row) {
    return new Invitation(
        row.getString("id"),
        row.getString("email"),
        Role.ofWireName(row.getString("role")).orElseThrow(),
        shares(row.getString("sessions")),
        row.getString("invited_by"),
        row.getLong("created_at"),
        row.getLong("expires_at"),
        null,
        false);
  }

  private static List<SessionShare> shares(String json) {
    try {
      return Json.MAPPER.readValue(json, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The sessions of an invitation are not JSON", e);
    }
  }

  static <T> Future<T> notFound() {
    return Future.failedFuture(
        new ConcertException(
            ErrorCode.INVITATION_NOT_FOUND,
            "There is no such invitation for you: it was accepted, revoked or has expired, or it is"
                + " for another e-mail or tenant."));
  }

  private static <T> Future<T> refused(String message) {
    return Future.failedFuture(new ConcertException(ErrorCode.INVALID_MESSAGE, message));
  }
}
