package dev.concert.gateway;

import dev.concert.bus.ConcertBus;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.automation.AutomationHandlers;
import dev.concert.gateway.automation.AutomationNotifications;
import dev.concert.gateway.automation.InboxDeliveryHandlers;
import dev.concert.gateway.billing.CreditService;
import dev.concert.gateway.bridge.BridgeHandlers;
import dev.concert.gateway.bridge.GitHubAccountHandlers;
import dev.concert.gateway.connection.ConnectedClients;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.gateway.dispatch.SessionScope;
import dev.concert.gateway.inference.EnsembleClient;
import dev.concert.gateway.member.AutomationOwners;
import dev.concert.gateway.member.InvitationDelivery;
import dev.concert.gateway.member.InvitationHandlers;
import dev.concert.gateway.member.Invitations;
import dev.concert.gateway.member.MailedInvitations;
import dev.concert.gateway.member.MemberHandlers;
import dev.concert.gateway.member.MemberMail;
import dev.concert.gateway.member.MemberOptions;
import dev.concert.gateway.member.Members;
import dev.concert.gateway.member.OpenAccess;
import dev.concert.gateway.member.ShareHandlers;
import dev.concert.gateway.project.ProjectHandlers;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.repository.RepositoryHandlers;
import dev.concert.gateway.repository.RepositoryNotifications;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.gateway.tenant.AuditHandlers;
import dev.concert.gateway.tenant.TenantDeletion;
import dev.concert.gateway.tenant.TenantHandlers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/**
 * Puts together what serves members, invitations, shared sessions, chats, automations, repositories
 * and the end of a tenant.
 */
record TenantServices(
    Vertx vertx,
    Registries registries,
    SessionDirectory directory,
    OpenAccess open,
    ConnectedClients clients,
    Credentials credentials,
    CreditService credit,
    ConcertBus bus,
    EnsembleClient ensemble)
    implements TenantDeletion.TenantData {
  private static final long TEND_MS = 2000;

  /**
   * @param publicUrl where browsers open the page
   */
  void register(Handlers handlers, MemberOptions options, Supplier<String> publicUrl) {
    AuditLog audit = new AuditLog(registries);
    bridges().register(handlers);
    new GitHubAccountHandlers(bus, audit).register(handlers);
    automations().register(handlers);
    new InboxDeliveryHandlers(bus, audit).register(handlers);
    new MemberMail(vertx, options.mail(), credentials::member, publicUrl).serve(bus);
    new ProjectHandlers(bus).register(handlers, new SessionScope(directory));
    new AutomationNotifications(clients).listen(bus);
    new RepositoryHandlers(bus, audit).register(handlers);
    new RepositoryNotifications(clients).listen(bus);
    InvitationHandlers invitations =
        new InvitationHandlers(
            new Invitations(registries, options.invitations()),
            directory,
            options
                .mail()
                .<InvitationDelivery>map(server -> new MailedInvitations(vertx, server))
                .orElseGet(InvitationDelivery::none),
            publicUrl,
            credentials.authenticator()::claims);
    new MemberHandlers(
            new Members(registries),
            invitations,
            credentials.keys(),
            open,
            new AutomationOwners(bus),
            clients)
        .register(handlers);
    new ShareHandlers(registries, directory, open, clients, audit).register(handlers);
    new AuditHandlers(audit).register(handlers);
    TenantDeletion deletion = new TenantDeletion(vertx, registries, directory, this);
    new TenantHandlers(deletion, open, credentials.authenticator().everybody()).register(handlers);
    vertx.setPeriodic(TEND_MS, _ -> deletion.tend());
  }

  private BridgeHandlers bridges() {
    return new BridgeHandlers(bus, new AuditLog(registries));
  }

  private AutomationHandlers automations() {
    return new AutomationHandlers(bus, new AuditLog(registries), ensemble);
  }

  @Override
  public Future<Void> forget(String tenantId) {
    open.tenantGone(tenantId);
    return credentials
        .forgetTenant(tenantId)
        .compose(_ -> bridges().forgetTenant(tenantId))
        .compose(_ -> automations().forgetTenant(tenantId));
  }

  @Override
  public Future<Void> forgetUsage(String tenantId) {
    return credit.forgetUsage(tenantId);
  }

  @Override
  public Future<Void> dropLedger(String tenantId, Supplier<Future<Void>> removal) {
    return credit.drop(tenantId, removal);
  }
}
