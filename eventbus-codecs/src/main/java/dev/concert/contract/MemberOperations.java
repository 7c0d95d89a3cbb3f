package dev.concert.contract;

import static dev.concert.contract.ApiOperation.message;
import static dev.concert.contract.ApiOperation.route;
import static dev.concert.contract.Field.array;
import static dev.concert.contract.Field.choice;
import static dev.concert.contract.Field.integer;
import static dev.concert.contract.Field.string;
import static dev.concert.contract.HttpRoute.Method.DELETE;
import static dev.concert.contract.HttpRoute.Method.GET;
import static dev.concert.contract.HttpRoute.Method.POST;
import static dev.concert.contract.HttpRoute.Method.PUT;
import static dev.concert.protocol.Permission.AUDIT_READ;
import static dev.concert.protocol.Permission.BILLING_MANAGE;
import static dev.concert.protocol.Permission.MEMBERS_MANAGE;
import static dev.concert.protocol.Permission.THREADS_READ;
import static dev.concert.protocol.Permission.THREADS_WRITE;

import dev.concert.protocol.MemberEvent;
import dev.concert.protocol.MemberMessage;
import dev.concert.protocol.Role;
import dev.concert.protocol.ServerEvent;
import java.time.Duration;
import java.util.Arrays;

/**
 * Rows about members, invitations, shared sessions, the audit log, and the end of a tenant. On the
 * WebSocket, version 1 has {@code manage_members} for members, which stands in {@link
 * ContractTable}.
 */
public final class MemberOperations {
  private static final int ID = 128;
  private static final int SECRET = 128;
  private static final int TOKEN = 16 * 1024;
  private static final int EMAIL = 320;
  private static final int SESSIONS = 100;

  /** The sessions of a tenant are many, and each has to end first. */
  private static final Duration REMOVAL = Duration.ofSeconds(90);

  private static final Field SESSION = string("sessionId", ID);
  private static final Field USER = string("userId", ID);
  private static final Field ROLE =
      choice("role", Arrays.stream(Role.values()).map(Role::wireName).toArray(String[]::new));

  public static final ApiOperation<MemberMessage.ListMembers, ServerEvent.MemberList> LIST_MEMBERS =
      route(
              "list_members",
              MemberMessage.ListMembers.class,
              ServerEvent.MemberList.class,
              GET,
              "/api/members")
          .needs(MEMBERS_MANAGE);

  public static final ApiOperation<MemberMessage.SetMemberRole, ServerEvent.MemberChanged>
      SET_MEMBER_ROLE =
          route(
                  "set_member_role",
                  MemberMessage.SetMemberRole.class,
                  ServerEvent.MemberChanged.class,
                  PUT,
                  "/api/members/{userId}")
              .needs(MEMBERS_MANAGE)
              .takes(USER, ROLE);

  public static final ApiOperation<MemberMessage.RemoveMember, ServerEvent.MemberChanged>
      REMOVE_MEMBER =
          route(
                  "remove_member",
                  MemberMessage.RemoveMember.class,
                  ServerEvent.MemberChanged.class,
                  DELETE,
                  "/api/members/{userId}")
              .needs(MEMBERS_MANAGE)
              .takes(USER);

  public static final ApiOperation<MemberMessage.InviteMember, ServerEvent.MemberChanged>
      INVITE_MEMBER =
          message(
                  "invite_member",
                  MemberMessage.InviteMember.class,
                  ServerEvent.MemberChanged.class)
              .since(2)
              .needs(MEMBERS_MANAGE)
              .takes(string("email", EMAIL), ROLE, array("sessions", SESSIONS).optional())
              .where(MemberMessage.InviteMember::fault)
              .alsoAt(POST, "/api/invitations")
              .withStatus(201);

  public static final ApiOperation<MemberMessage.ListInvitations, MemberEvent.InvitationList>
      LIST_INVITATIONS =
          message(
                  "list_invitations",
                  MemberMessage.ListInvitations.class,
                  MemberEvent.InvitationList.class)
              .since(2)
              .needs(MEMBERS_MANAGE)
              .alsoAt(GET, "/api/invitations");

  public static final ApiOperation<MemberMessage.RevokeInvitation, MemberEvent.InvitationList>
      REVOKE_INVITATION =
          message(
                  "revoke_invitation",
                  MemberMessage.RevokeInvitation.class,
                  MemberEvent.InvitationList.class)
              .since(2)
              .needs(MEMBERS_MANAGE)
              .takes(string("invitationId", ID))
              .alsoAt(DELETE, "/api/invitations/{invitationId}");

  public static final ApiOperation<MemberMessage.AcceptInvitation, ServerEvent.Authenticated>
      ACCEPT_INVITATION =
          message(
                  "accept_invitation",
                  MemberMessage.AcceptInvitation.class,
                  ServerEvent.Authenticated.class)
              .since(2)
              .takes(string("invitation", SECRET), string("token", TOKEN))
              .alsoAt(POST, "/api/accept-invitation");

  public static final ApiOperation<MemberMessage.ShareSession, MemberEvent.SessionMembers>
      SHARE_SESSION =
          message(
                  "share_session",
                  MemberMessage.ShareSession.class,
                  MemberEvent.SessionMembers.class)
              .since(2)
              .needs(THREADS_WRITE)
              .takes(SESSION, USER, choice("access", "read", "write"))
              .alsoAt(PUT, "/api/sessions/{sessionId}/members/{userId}");

  public static final ApiOperation<MemberMessage.UnshareSession, MemberEvent.SessionMembers>
      UNSHARE_SESSION =
          message(
                  "unshare_session",
                  MemberMessage.UnshareSession.class,
                  MemberEvent.SessionMembers.class)
              .since(2)
              .needs(THREADS_WRITE)
              .takes(SESSION, USER)
              .alsoAt(DELETE, "/api/sessions/{sessionId}/members/{userId}");

  public static final ApiOperation<MemberMessage.ListSessionMembers, MemberEvent.SessionMembers>
      LIST_SESSION_MEMBERS =
          message(
                  "list_session_members",
                  MemberMessage.ListSessionMembers.class,
                  MemberEvent.SessionMembers.class)
              .since(2)
              .needs(THREADS_READ)
              .takes(SESSION)
              .alsoAt(GET, "/api/sessions/{sessionId}/members");

  public static final ApiOperation<MemberMessage.SetSessionVisibility, ServerEvent.SessionUpdated>
      SET_SESSION_VISIBILITY =
          message(
                  "set_session_visibility",
                  MemberMessage.SetSessionVisibility.class,
                  ServerEvent.SessionUpdated.class)
              .since(2)
              .needs(THREADS_WRITE)
              .takes(SESSION, choice("visibility", "private", "tenant"))
              .alsoAt(PUT, "/api/sessions/{sessionId}/visibility");

  public static final ApiOperation<MemberMessage.ReadAudit, MemberEvent.AuditList> READ_AUDIT =
      message("read_audit", MemberMessage.ReadAudit.class, MemberEvent.AuditList.class)
          .since(2)
          .needs(AUDIT_READ)
          .takes(
              integer("before", 1, Long.MAX_VALUE).optional(), integer("limit", 1, 500).orElse(100))
          .alsoAt(GET, "/api/audit");

  public static final ApiOperation<MemberMessage.DeleteTenant, MemberEvent.TenantDeleted>
      DELETE_TENANT =
          message(
                  "delete_tenant",
                  MemberMessage.DeleteTenant.class,
                  MemberEvent.TenantDeleted.class)
              .since(2)
              .needs(BILLING_MANAGE)
              .takes(string("confirm", ID))
              .within(REMOVAL)
              .alsoAt(DELETE, "/api/tenant");

  private MemberOperations() {}
}
