package dev.concert.protocol;

import dev.concert.text.OneLine;
import java.util.List;
import java.util.Optional;

/**
 * Requests about the members of a tenant, who its sessions are shared with, and its audit log. A
 * field that may be left out is null where the table has no default.
 */
public interface MemberMessage extends ClientMessage {

  record ListMembers() implements MemberMessage {}

  /**
   * @param role never above the inviter's own
   * @param sessions that are shared with whoever accepts; null for none
   */
  record InviteMember(String email, Role role, List<SessionShare> sessions)
      implements MemberMessage {
    public Optional<String> fault() {
      return faultOfEmail(email).or(() -> SessionShare.faultOf(sessions));
    }
  }

  record SetMemberRole(String userId, Role role) implements MemberMessage {}

  record RemoveMember(String userId) implements MemberMessage {}

  record ListInvitations() implements MemberMessage {}

  record RevokeInvitation(String invitationId) implements MemberMessage {}

  /**
   * Makes the bearer of a token a member. It needs no authentication before, since its sender is no
   * member yet.
   *
   * @param invitation the secret at the end of the invitation's link
   * @param token as in {@code authenticate}
   */
  record AcceptInvitation(String invitation, String token) implements MemberMessage {
    /** Without the secrets. */
    @Override
    public String toString() {
      return "AcceptInvitation[]";
    }
  }

  /** Shares a session with a member; sharing it again changes the access. */
  record ShareSession(String sessionId, String userId, ShareAccess access)
      implements MemberMessage, ForSession {}

  record UnshareSession(String sessionId, String userId) implements MemberMessage, ForSession {}

  record ListSessionMembers(String sessionId) implements MemberMessage, ForSession {}

  record SetSessionVisibility(String sessionId, String visibility)
      implements MemberMessage, ForSession {}

  /**
   * @param before the reply's {@code nextBefore} of the page before; null for the newest entries
   */
  record ReadAudit(Long before, int limit) implements MemberMessage {}

  /**
   * Deletes the caller's tenant with everything in it.
   *
   * @param confirm the tenant's id, so that nobody does this by mistake
   */
  record DeleteTenant(String confirm) implements MemberMessage {}

  /** A session that an invitation shares. */
  record SessionShare(String sessionId, ShareAccess access) {
    private static final int MAX_ID = 128;

    private static Optional<String> faultOf(List<SessionShare> shares) {
      return shares == null || shares.stream().allMatch(SessionShare::isWhole)
          ? Optional.empty()
          : Optional.of("'sessions' must have objects with 'sessionId' and 'access'");
    }

    private static boolean isWhole(SessionShare share) {
      return share != null
          && share.access() != null
          && share.sessionId() != null
          && !share.sessionId().isEmpty()
          && share.sessionId().length() <= MAX_ID;
    }
  }

  /** What is wrong with this e-mail address, if anything: who reads mail there says the rest. */
  static Optional<String> faultOfEmail(String email) {
    int at = email.indexOf('@');
    boolean fits =
        at > 0
            && at == email.lastIndexOf('@')
            && at < email.length() - 1
            && OneLine.isOne(email)
            && email.chars().allMatch(one -> one > ' ' && "<>,;:\"()[]\\".indexOf(one) < 0);
    return fits ? Optional.empty() : Optional.of("'email' must be an e-mail address");
  }
}
