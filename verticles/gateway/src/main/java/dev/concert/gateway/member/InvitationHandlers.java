package dev.concert.gateway.member;

import dev.concert.contract.MemberOperations;
import dev.concert.foundation.openid.TokenClaims;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Invitation;
import dev.concert.protocol.MemberEvent.InvitationList;
import dev.concert.protocol.MemberMessage;
import dev.concert.protocol.MemberMessage.SessionShare;
import dev.concert.protocol.ServerEvent.Authenticated;
import dev.concert.protocol.ServerEvent.Member;
import dev.concert.protocol.ServerEvent.MemberChanged;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Answers requests about invitations. */
public final class InvitationHandlers {
  private final Invitations invitations;
  private final SessionDirectory directory;
  private final InvitationDelivery delivery;
  private final Supplier<String> publicUrl;
  private final Function<String, Future<TokenClaims>> tokens;

  /**
   * @param publicUrl where browsers open the page, without a slash at its end
   * @param tokens verifies a token; fails with {@code AUTH_FAILED}
   */
  public InvitationHandlers(
      Invitations invitations,
      SessionDirectory directory,
      InvitationDelivery delivery,
      Supplier<String> publicUrl,
      Function<String, Future<TokenClaims>> tokens) {
    this.invitations = invitations;
    this.directory = directory;
    this.delivery = delivery;
    this.publicUrl = publicUrl;
    this.tokens = tokens;
  }

  void register(Handlers handlers, MemberHandlers members) {
    handlers
        .serve(
            MemberOperations.INVITE_MEMBER, request -> invite(members, request, request.message()))
        .serve(MemberOperations.LIST_INVITATIONS, request -> list(request.who()))
        .serve(
            MemberOperations.REVOKE_INVITATION,
            request ->
                invitations
                    .revoke(request.who(), request.message().invitationId())
                    .compose(_ -> list(request.who())))
        .serve(MemberOperations.ACCEPT_INVITATION, request -> accept(members, request));
  }

  private Future<InvitationList> list(Identity who) {
    return invitations.list(who.tenantId()).map(InvitationList::new);
  }

  Future<MemberChanged> invite(
      MemberHandlers members, ApiRequest<?> request, MemberMessage.InviteMember message) {
    List<SessionShare> sessions = message.sessions() == null ? List.of() : message.sessions();
    return mayShare(request.who(), sessions)
        .compose(_ -> invitations.create(request.who(), message.email(), message.role(), sessions))
        .compose(this::deliver)
        .map(
            invitation ->
                members.notified(
                    request,
                    new MemberChanged(
                        "invite",
                        new Member(null, invitation.email(), invitation.role(), 0),
                        invitation)));
  }

  private Future<Void> mayShare(Identity who, List<SessionShare> sessions) {
    return Future.all(
            sessions.stream()
                .map(one -> ShareHandlers.managed(directory, who, one.sessionId()))
                .toList())
        .mapEmpty();
  }

  /** The invitation as the inviter sees it: with its link where it was not mailed. */
  private Future<Invitation> deliver(Invitations.Created created) {
    // Behind the '#', so that no server on the way writes the secret to its log.
    String link = publicUrl.get() + "/#invitation=" + created.secret().text();
    Invitation one = created.invitation();
    return delivery
        .send(one, link)
        .map(
            sent ->
                new Invitation(
                    one.invitationId(),
                    one.email(),
                    one.role(),
                    one.sessions(),
                    one.invitedBy(),
                    one.createdAt(),
                    one.expiresAt(),
                    sent ? null : link,
                    sent));
  }

  private Future<Authenticated> accept(
      MemberHandlers members, ApiRequest<MemberMessage.AcceptInvitation> request) {
    return tokens
        .apply(request.message().token())
        .compose(
            claims ->
                members
                    .join(
                        claims.tenantId(),
                        () -> invitations.accept(claims, request.message().invitation()))
                    .map(
                        member ->
                            new Authenticated(
                                Identity.of(
                                    member.userId(),
                                    member.email(),
                                    claims.tenantId(),
                                    member.role()))));
  }
}
