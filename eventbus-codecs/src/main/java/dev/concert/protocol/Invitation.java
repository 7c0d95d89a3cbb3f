package dev.concert.protocol;

import java.util.List;

/**
 * Lets the user of an e-mail address become a member. Times are Unix milliseconds.
 *
 * @param sessions that are shared with the user who accepts it
 * @param link to accept it with, a secret; null in lists, and where it was mailed
 * @param mailed whether it was mailed
 */
public record Invitation(
    String invitationId,
    String email,
    Role role,
    List<MemberMessage.SessionShare> sessions,
    String invitedBy,
    long createdAt,
    long expiresAt,
    String link,
    boolean mailed) {

  /** Without the link. */
  @Override
  public String toString() {
    return "Invitation[" + invitationId + "]";
  }
}
