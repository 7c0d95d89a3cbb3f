package dev.concert.gateway.registry;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.json.Json;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import dev.concert.protocol.SessionMeta;
import dev.concert.protocol.SessionVisibility;
import dev.concert.protocol.ShareAccess;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Decides who may see a session, and do what in it. This is the only place that does.
 *
 * <p>Its creator sees a session, and who it is shared with; where it is visible to the tenant, also
 * every member from viewer on. What one may do there follows from the role, and from the share: it
 * gives a guest or viewer what the role does not, and where only a share shows the session, the
 * session can be written to only with a share to write. A key that is limited to sessions sees no
 * others. Thread-safe.
 */
public record SessionAccess(SessionShares shares) {

  /**
   * Whether this caller may do that in this session. Fails with {@code SESSION_NOT_FOUND} where the
   * session does not exist for the caller, and with {@code FORBIDDEN} where it does.
   */
  public Future<Void> check(Identity who, SessionMeta session, Permission needed) {
    if (!isInReach(who, session)) {
      return Future.failedFuture(notFound(session.id()));
    }
    if (isShown(who, session) && who.permissions().contains(needed)) {
      return Future.succeededFuture();
    }
    return shares
        .find(session.tenantId(), session.id(), who.userId())
        .compose(
            share ->
                !maySee(who, session, share)
                    ? Future.failedFuture(notFound(session.id()))
                    : may(who, session, share, needed)
                        ? Future.succeededFuture()
                        : Future.failedFuture(forbidden(needed)));
  }

  /** Whether members see this session now, as far as it can be told from what they are. */
  public Future<Predicate<Identity>> audience(SessionMeta session) {
    return shares.of(session.tenantId(), session.id()).map(shared -> audience(session, shared));
  }

  private static Predicate<Identity> audience(
      SessionMeta session, Map<String, ShareAccess> shared) {
    return who -> maySee(who, session, Optional.ofNullable(shared.get(who.userId())));
  }

  /** Whether a session could give this caller a permission that the role does not have. */
  public static boolean couldBeGiven(Identity who, Permission needed) {
    return !needed.grantedTo(who.role()) && ShareAccess.WRITE.gives(needed);
  }

  static boolean maySee(Identity who, SessionMeta session, Optional<ShareAccess> share) {
    return isInReach(who, session) && (share.isPresent() || isShown(who, session));
  }

  private static boolean may(
      Identity who, SessionMeta session, Optional<ShareAccess> share, Permission needed) {
    boolean byRole = who.permissions().contains(needed);
    boolean byShare = share.filter(access -> access.gives(needed)).isPresent();
    boolean isWhole = isShown(who, session) || share.equals(Optional.of(ShareAccess.WRITE));
    return byRole ? byShare || isWhole : byShare && couldBeGiven(who, needed);
  }

  private static boolean isInReach(Identity who, SessionMeta session) {
    return who.tenantId().equals(session.tenantId())
        && who.onlySessions().map(only -> only.contains(session.id())).orElse(true);
  }

  /** Whether the caller sees the session without a share. */
  private static boolean isShown(Identity who, SessionMeta session) {
    return seesTenant(who)
        && (session.visibility() == SessionVisibility.TENANT
            || session.createdBy().equals(who.userId()));
  }

  private static boolean seesTenant(Identity who) {
    return Permission.THREADS_READ.grantedTo(who.role());
  }

  /** The same decision as a condition on the rows of {@code sessions}. */
  static Condition condition(Identity who) {
    String shared = "id IN (SELECT session_id FROM session_members WHERE user_id = ?)";
    String visible =
        seesTenant(who) ? "(visibility = 'tenant' OR created_by = ? OR " + shared + ")" : shared;
    Tuple parameters =
        seesTenant(who) ? Tuple.of(who.userId(), who.userId()) : Tuple.of(who.userId());
    return who.onlySessions()
        .map(
            only ->
                new Condition(
                    visible + " AND id IN (SELECT value FROM json_each(?))",
                    parameters.addString(Json.MAPPER.valueToTree(only).toString())))
        .orElse(new Condition(visible, parameters));
  }

  /** A part of a statement with its parameters. */
  record Condition(String sql, Tuple parameters) {}

  /** The failure for a session that does not exist, or not for the caller. */
  public static ConcertException notFound(String sessionId) {
    return new ConcertException(
        ErrorCode.SESSION_NOT_FOUND, "There is no session " + sessionId + ".");
  }

  private static ConcertException forbidden(Permission missing) {
    return new ConcertException(
        ErrorCode.FORBIDDEN,
        "You lack the permission '" + missing.wireName() + "' in this session.");
  }
}
