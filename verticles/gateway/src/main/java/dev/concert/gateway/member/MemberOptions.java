package dev.concert.gateway.member;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.protocol.Role;
import java.time.Duration;
import java.util.Optional;

/**
 * How users become members: section {@code gateway.members} of the configuration.
 *
 * @param newMembers the role of a user whose token names the tenant and who is no member; empty
 *     where such a user is refused
 * @param invitations how long an invitation may be accepted
 * @param mail the server that mails invitations; empty where the inviter passes the link on
 */
public record MemberOptions(
    Optional<Role> newMembers, Duration invitations, Optional<MailOptions> mail) {
  public static final MemberOptions DEFAULT =
      new MemberOptions(Optional.empty(), Duration.ofDays(7));

  private static final int MOST_DAYS = 365;

  /** Where no mail server is. */
  public MemberOptions(Optional<Role> newMembers, Duration invitations) {
    this(newMembers, invitations, Optional.empty());
  }

  public MemberOptions withMail(Optional<MailOptions> server) {
    return new MemberOptions(newMembers, invitations, server);
  }

  /**
   * @throws ConfigException that names the setting
   */
  public static MemberOptions from(ConfigReader section) {
    String policy = section.text("newMembers", "refuse");
    Optional<Role> role = Role.ofWireName(policy).filter(one -> one.compareTo(Role.ADMIN) < 0);
    if (role.isEmpty() && !policy.equals("refuse")) {
      throw section.wrong("newMembers", "must be refuse, guest, viewer or developer");
    }
    return new MemberOptions(
        role,
        Duration.ofDays(
            section.number("invitationDays", 1, MOST_DAYS, (int) DEFAULT.invitations().toDays())));
  }
}
