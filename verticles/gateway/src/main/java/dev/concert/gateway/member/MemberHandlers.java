package dev.concert.gateway.member;

import dev.concert.contract.ContractTable;
import dev.concert.contract.MemberOperations;
import dev.concert.gateway.apikey.ApiKeys;
import dev.concert.gateway.connection.ConnectedClients;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.Identity;
import dev.concert.protocol.MemberMessage;
import dev.concert.protocol.Permission;
import dev.concert.protocol.Role;
import dev.concert.protocol.ServerEvent.Member;
import dev.concert.protocol.ServerEvent.MemberChanged;
import dev.concert.protocol.ServerEvent.MemberList;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Answers requests about the members of the caller's tenant, and notifies those of its clients that
 * may see them.
 */
public record MemberHandlers(
    Members members,
    InvitationHandlers invitations,
    ApiKeys keys,
    OpenAccess open,
    AutomationOwners owners,
    ConnectedClients clients) {

  public void register(Handlers handlers) {
    handlers
        .serve(ContractTable.MANAGE_MEMBERS, this::manage)
        .serve(MemberOperations.LIST_MEMBERS, request -> list(request.who()))
        .serve(
            MemberOperations.SET_MEMBER_ROLE,
            request ->
                setRole(
                    request,
                    Optional.of(request.message().userId()),
                    Optional.empty(),
                    request.message().role()))
        .serve(
            MemberOperations.REMOVE_MEMBER,
            request -> remove(request, Optional.of(request.message().userId()), Optional.empty()));
    invitations.register(handlers, this);
  }

  private Future<? extends Record> manageAny(ApiRequest<ClientMessage.ManageMembers> request) {
    ClientMessage.ManageMembers message = request.message();
    Optional<String> userId = Optional.ofNullable(message.userId());
    Optional<String> email = Optional.ofNullable(message.email());
    return switch (message.action()) {
      case "list" -> list(request.who());
      case "invite" ->
          invitations.invite(
              this,
              request,
              new MemberMessage.InviteMember(message.email(), message.role(), message.sessions()));
      case "set_role" -> setRole(request, userId, email, message.role());
      case "remove" -> remove(request, userId, email);
      default -> throw new IllegalStateException("The table admits no other action");
    };
  }

  private Future<Record> manage(ApiRequest<ClientMessage.ManageMembers> request) {
    return manageAny(request).map(reply -> reply);
  }

  private Future<MemberList> list(Identity who) {
    return members.list(who.tenantId()).map(MemberList::new);
  }

  private Future<MemberChanged> setRole(
      ApiRequest<?> request, Optional<String> userId, Optional<String> email, Role role) {
    String tenantId = request.who().tenantId();
    return open.whileRolesChange(
            tenantId, () -> members.setRole(request.who(), userId, email, role))
        .map(
            member -> {
              owners.roleChanged(request.who(), member);
              return notified(request, new MemberChanged("set_role", member));
            });
  }

  private Future<MemberChanged> remove(
      ApiRequest<?> request, Optional<String> userId, Optional<String> email) {
    String tenantId = request.who().tenantId();
    return members
        .remove(request.who(), userId, email)
        .compose(
            member -> {
              open.removed(tenantId, member.userId());
              owners.removed(request.who(), member);
              return keys.revokeAllOf(tenantId, member.userId()).map(member);
            })
        .map(member -> notified(request, new MemberChanged("remove", member)));
  }

  /** A user joins the tenant, or gets another role by an invitation. */
  Future<Member> join(String tenantId, Supplier<Future<Member>> accepted) {
    return open.whileRolesChange(tenantId, accepted).onSuccess(member -> joined(tenantId, member));
  }

  private void joined(String tenantId, Member member) {
    clients.notifyOthers(audience(tenantId), Optional.empty(), new MemberChanged("join", member));
  }

  /** The event, once the other clients who may see it were notified. */
  MemberChanged notified(ApiRequest<?> request, MemberChanged event) {
    clients.notifyOthers(
        audience(request.who().tenantId()),
        request.connection(),
        new MemberChanged(event.action(), event.member()));
    return event;
  }

  private static Predicate<Identity> audience(String tenantId) {
    return who ->
        who.tenantId().equals(tenantId) && who.permissions().contains(Permission.MEMBERS_MANAGE);
  }
}
