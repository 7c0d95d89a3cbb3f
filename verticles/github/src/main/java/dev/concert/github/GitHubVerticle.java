package dev.concert.github;

import dev.concert.automation.EventMessages.AskWriteAccess;
import dev.concert.automation.EventMessages.WriteAccess;
import dev.concert.bus.Accepted;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.error.FailureLog;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.foundation.jdbc.JdbcDatabases;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.foundation.lease.FileLease;
import dev.concert.foundation.lease.LeaseTerm;
import dev.concert.foundation.secret.SecretStore;
import dev.concert.foundation.tenant.OpenTenants;
import dev.concert.github.api.AppSigner;
import dev.concert.github.api.ForgeClient;
import dev.concert.github.api.ForgeException;
import dev.concert.github.api.ForgeTerms;
import dev.concert.github.api.InstallationTokens;
import dev.concert.github.api.PauseClock;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.broker.GitBroker;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.connection.ForgeConnectionStore;
import dev.concert.github.delivery.FailedDeliveries;
import dev.concert.github.forge.Forge;
import dev.concert.github.forge.ForgeConnectionAdmin;
import dev.concert.github.forge.Forges;
import dev.concert.github.gitea.GiteaForge;
import dev.concert.github.gitlab.GitLabForge;
import dev.concert.github.hub.GitHubForge;
import dev.concert.github.member.AccountStore;
import dev.concert.github.news.NewsPublisher;
import dev.concert.github.repository.RepositoryService;
import dev.concert.github.repository.ServedRepositories;
import dev.concert.github.work.BranchPublication;
import dev.concert.github.work.TenantWork;
import dev.concert.github.work.WorkFolder;
import dev.concert.github.work.WorkServices;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work on forges of this node: GitHub, GitLab, Gitea. It holds the lease of all tenants' work
 * as long as it runs; the epoch of that lease is in every change of theirs.
 */
public final class GitHubVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(GitHubVerticle.class);
  private static final int OPEN_DATABASES = 256;
  private static final int WORKERS = 8;
  private static final int LONGEST_MINUTES = 15;

  /** What one node needs, once it has the lease. */
  private record Opened(LeaseTerm term, SecretStore secrets) {}

  private final GitHubOptions options;
  private final Function<Vertx, PauseClock> clocks;
  private final OpenTenants<TenantWork> tenants = new OpenTenants<>();
  private final Set<String> forgotten = ConcurrentHashMap.newKeySet();
  private Opened opened;
  private WorkServices services;
  private JdbcDatabases databases;
  private WorkerExecutor workers;
  private ForgeClient client;
  private InstallationTokens tokens;
  private AccountStore accounts;
  private FailedDeliveries failedDeliveries;

  public GitHubVerticle(GitHubOptions options) {
    this(options, PauseClock::system);
  }

  /**
   * @param clocks of tokens, limits and retries
   */
  public GitHubVerticle(GitHubOptions options, Function<Vertx, PauseClock> clocks) {
    this.options = options;
    this.clocks = clocks;
  }

  @Override
  public Future<?> start() {
    PauseClock clock = clocks.apply(vertx);
    client = new ForgeClient(vertx, ForgeTerms.GITHUB, options.api(), options.proxies(), clock);
    tokens = new InstallationTokens(client, new AppSigner(vertx, clock), clock);
    failedDeliveries = new FailedDeliveries(client, tokens, clock);
    GitBroker broker = new GitBroker(vertx, options.proxies());
    ConcertBus bus = new ConcertBus(vertx);
    workers =
        vertx.createSharedWorkerExecutor("github", WORKERS, LONGEST_MINUTES, TimeUnit.MINUTES);
    return vertx
        .executeBlocking(this::open)
        .compose(
            done -> {
              opened = done;
              accounts = new AccountStore(vertx, options.folder(), done.secrets());
              databases =
                  new JdbcDatabases(vertx, this::database, TenantWork.MIGRATIONS, OPEN_DATABASES);
              services =
                  new WorkServices(
                      vertx,
                      workers,
                      bus,
                      new GatewayClient(bus),
                      forges(bus, clock),
                      broker,
                      new ForgeConnectionStore(vertx, options.folder(), done.secrets()),
                      options.folder().resolve("work"),
                      options.agentType(),
                      options.page(),
                      options.web(),
                      clock);
              return bus.directory().hostOf(bus.node()).compose(broker::start);
            })
        .compose(_ -> services.connections().all())
        .compose(this::begin)
        .onSuccess(_ -> serve(bus))
        .onSuccess(_ -> failedDeliveries.start(vertx, services.connections()));
  }

  private Forges forges(ConcertBus bus, PauseClock clock) {
    List<Forge> all = new ArrayList<>();
    all.add(
        new GitHubForge(
            client, tokens, accounts, new NewsPublisher(bus), options.web(), clock::now));
    all.add(new GitLabForge(vertx, options.gitlab(), options.proxies(), clock));
    options.gitea().ifPresent(web -> all.add(new GiteaForge(vertx, web, options.proxies(), clock)));
    return new Forges(all);
  }

  private Opened open() throws IOException {
    LeaseTerm term =
        new FileLease(options.folder())
            .tryAcquire("github")
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "Another process does the work on GitHub of this folder"));
    try {
      return new Opened(term, options.secrets().open());
    } catch (RuntimeException e) {
      term.close();
      throw e;
    }
  }

  /** Each tenant goes on by itself: that one of them cannot be opened concerns no other. */
  private Future<Void> begin(List<ForgeConnection> all) {
    return Future.join(
            all.stream().map(ForgeConnection::tenantId).distinct().map(this::tenant).toList())
        .transform(_ -> Future.succeededFuture());
  }

  private void serve(ConcertBus bus) {
    ForgeConnectionAdmin admin =
        new ForgeConnectionAdmin(
            services.forges(), services.connections(), removed -> accounts.forget(removed.id()));
    admin.serve(bus);
    new GitHubAccounts(options, services, client, accounts, admin).serve(bus);
    new RepositoryService(
            client,
            tokens,
            services.connections(),
            services.forges(),
            tenantId -> new FencedDatabase(databases, tenantId, opened.term().epoch()))
        .serve(bus);
    bus.serve(GitHubAddresses.DELIVER_WEBHOOK, new WebhookEntry(services, this::tenant)::deliver);
    bus.serve(
        GitHubAddresses.OPEN_ORIGIN, new SessionOrigins(services, bus.node(), this::tenant)::open);
    new BranchPublication(services, new ServedRepositories(client, tokens, services.connections()))
        .serve(bus);
    bus.serve(GitHubAddresses.ASK_WRITE_ACCESS, this::writeAccess);
    bus.serve(GitHubAddresses.FORGET_TENANT, wanted -> forget(wanted.tenantId()));
  }

  /** A run that ends late does not make the file of a deleted tenant again. */
  private Path database(String tenantId) {
    if (forgotten.contains(tenantId)) {
      throw new IllegalStateException("The tenant is deleted");
    }
    return options.tenant(tenantId);
  }

  /** The files of the tenant are its gateway's: they are closed here, and removed there. */
  private Future<Accepted> forget(String tenantId) {
    forgotten.add(tenantId);
    ForgeConnectionStore connections = services.connections();
    return tenants
        .stop(tenantId)
        .compose(_ -> connections.ofTenant(tenantId))
        .compose(
            all ->
                Future.join(
                    all.stream()
                        .map(
                            one ->
                                accounts
                                    .forget(one.id())
                                    .compose(_ -> connections.remove(tenantId, one.id())))
                        .toList()))
        .compose(_ -> databases.close(tenantId))
        .compose(
            _ ->
                workers.executeBlocking(
                    () -> {
                      new WorkFolder(services.folder().resolve(tenantId)).delete();
                      return null;
                    },
                    false))
        .map(new Accepted());
  }

  /** The work of a tenant; what an earlier process left is going on in it. */
  private Future<TenantWork> tenant(String tenantId) {
    return tenants.find(tenantId).orElseGet(() -> open(tenantId));
  }

  private Future<TenantWork> open(String tenantId) {
    forgotten.remove(tenantId);
    FencedDatabase database = new FencedDatabase(databases, tenantId, opened.term().epoch());
    return tenants
        .open(tenantId, new TenantWork(services, database))
        .onFailure(
            failure ->
                FailureLog.write(
                    LOG.atError(),
                    "The work of tenant %s cannot be opened".formatted(tenantId),
                    failure));
  }

  private Future<WriteAccess> writeAccess(AskWriteAccess asked) {
    return services
        .connections()
        .find(asked.connectionId())
        .compose(
            found ->
                found
                    .filter(app -> app.tenantId().equals(asked.tenantId()))
                    .map(
                        app -> {
                          RepositoryName name =
                              new RepositoryName(asked.owner(), asked.repository());
                          Forge forge = services.forges().of(app);
                          return forge
                              .installation(app, asked.installation(), name)
                              .compose(
                                  installation ->
                                      forge
                                          .repository(app, installation, name)
                                          .canWrite(asked.login()));
                        })
                    .orElseGet(() -> Future.succeededFuture(false)))
        .map(WriteAccess::new)
        .recover(failure -> Future.failedFuture(ForgeException.atEdge(failure)));
  }

  @Override
  public Future<?> stop() {
    if (services == null) {
      return Future.succeededFuture();
    }
    failedDeliveries.stop(vertx);
    Future<Void> ended = tenants.stopAll();
    return services
        .broker()
        .stop()
        .eventually(() -> ended)
        .eventually(databases::close)
        .eventually(accounts::close)
        .eventually(services.connections()::close)
        .eventually(workers::close)
        .eventually(
            () ->
                vertx.executeBlocking(
                    () -> {
                      opened.term().close();
                      return null;
                    }));
  }
}
