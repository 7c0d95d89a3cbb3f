package dev.concert.protocol;

import java.util.List;
import java.util.Map;

/** Events about members, invitations, who sees a session, and the tenant itself. */
public sealed interface MemberEvent extends ServerEvent {

  record InvitationList(List<Invitation> invitations) implements MemberEvent {}

  /** To whom a session is shown. */
  record SessionMembers(String sessionId, SessionVisibility visibility, List<SessionMember> members)
      implements MemberEvent {}

  /**
   * Newest first.
   *
   * @param nextBefore where the next page begins; null after the last page
   */
  record AuditList(List<AuditRecord> entries, Long nextBefore) implements MemberEvent {}

  record TenantDeleted(String tenantId) implements MemberEvent {}

  // parts
  record SessionMember(String userId, String email, ShareAccess access) {}

  /**
   * Who did what to what.
   *
   * @param actor user id, or {@code operator} for the command line of the server
   * @param action dotted, as {@code member.removed}
   */
  record AuditRecord(
      long id, long at, String actor, String action, String subject, Map<String, String> details) {}
}
