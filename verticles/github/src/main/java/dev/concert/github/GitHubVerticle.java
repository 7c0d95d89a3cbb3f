package dev.concert.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.automation.EventMessages.AskWriteAccess;
import dev.concert.automation.EventMessages.RepositoryActivity;
import dev.concert.automation.EventMessages.WriteAccess;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.bus.Accepted;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.foundation.client.EventOffers;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.foundation.jdbc.JdbcDatabases;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.foundation.lease.FileLease;
import dev.concert.foundation.lease.LeaseTerm;
import dev.concert.foundation.secret.SecretStore;
import dev.concert.github.api.AppSigner;
import dev.concert.github.api.GitHubClient;
import dev.concert.github.api.GitHubException;
import dev.concert.github.api.InstallationTokens;
import dev.concert.github.api.PauseClock;
import dev.concert.github.api.RepositoryName;
import dev.concert.github.broker.GitBroker;
import dev.concert.github.connection.GitHubConnection;
import dev.concert.github.connection.GitHubConnectionAdmin;
import dev.concert.github.connection.GitHubConnectionStore;
import dev.concert.github.delivery.FailedDeliveries;
import dev.concert.github.member.AccountStore;
import dev.concert.github.repository.RepositoryService;
import dev.concert.github.webhook.GitHubEvent;
import dev.concert.github.webhook.GitHubEventReader;
import dev.concert.github.webhook.GitHubSignature;
import dev.concert.github.webhook.RepositoryActivityReader;
import dev.concert.github.webhook.WebhookBody;
import dev.concert.github.work.TenantWork;
import dev.concert.github.work.WorkFolder;
import dev.concert.github.work.WorkServices;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work on GitHub of this node. It holds the lease of all tenants' work as long as it runs; the
 * epoch of that lease is in every change of theirs.
 */
public final class GitHubVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(GitHubVerticle.class);
  private static final int OPEN_DATABASES = 256;
  private static final int WORKERS = 8;
  private static final int LONGEST_MINUTES = 15;

  /** GitHub waits ten seconds for its answer. */
  private static final int OFFER_SECONDS = 3;

  private static final String DELIVERY_HEADER = "x-github-delivery";

  /** A delivery is a GUID. */
  private static final String DELIVERY = "[A-Za-z0-9-]{1,100}";

  /** A person takes back what they allowed the App; GitHub knows no other action of it. */
  private static final String REVOKED = "github_app_authorization";

  private static final WebhookReply UNKNOWN =
      new WebhookReply(404, "text/plain", "There is no such connection.");
  private static final WebhookReply TAKEN = new WebhookReply(202, "text/plain", "");

  /** What one node needs, once it has the lease. */
  private record Opened(LeaseTerm term, SecretStore secrets) {}

  private final GitHubOptions options;
  private final Function<Vertx, PauseClock> clocks;
  private final Map<String, Future<TenantWork>> tenants = new HashMap<>();
  private final Set<String> forgotten = ConcurrentHashMap.newKeySet();
  private Opened opened;
  private WorkServices services;
  private JdbcDatabases databases;
  private WorkerExecutor workers;
  private EventOffers offers;
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
    GitHubClient client = new GitHubClient(vertx, options.api(), clock);
    InstallationTokens tokens = new InstallationTokens(client, new AppSigner(vertx, clock), clock);
    failedDeliveries = new FailedDeliveries(client, tokens, clock);
    GitBroker broker = new GitBroker(vertx, tokens, client, options.web());
    ConcertBus bus = new ConcertBus(vertx);
    offers = new EventOffers(vertx, bus);
    workers =
        vertx.createSharedWorkerExecutor("github", WORKERS, LONGEST_MINUTES, TimeUnit.MINUTES);
    return vertx
        .executeBlocking(this::open)
        .compose(
            done -> {
              opened = done;
              databases =
                  new JdbcDatabases(vertx, this::database, TenantWork.MIGRATIONS, OPEN_DATABASES);
              services =
                  new WorkServices(
                      vertx,
                      workers,
                      bus,
                      new GatewayClient(bus),
                      client,
                      tokens,
                      broker,
                      new GitHubConnectionStore(vertx, options.folder(), done.secrets()),
                      new AccountStore(vertx, options.folder(), done.secrets()),
                      options.folder().resolve("work"),
                      options.agentType(),
                      options.page(),
                      clock);
              return bus.directory().hostOf(bus.node()).compose(broker::start);
            })
        .compose(_ -> services.connections().all())
        .compose(this::begin)
        .onSuccess(_ -> serve(bus))
        .onSuccess(_ -> failedDeliveries.start(vertx, services.connections()));
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
  private Future<Void> begin(List<GitHubConnection> all) {
    return Future.join(
            all.stream().map(GitHubConnection::tenantId).distinct().map(this::tenant).toList())
        .transform(_ -> Future.succeededFuture());
  }

  private void serve(ConcertBus bus) {
    GitHubConnectionAdmin admin =
        new GitHubConnectionAdmin(
            services.client(),
            services.tokens(),
            services.connections(),
            removed -> {
              services.tokens().forget(removed.id());
              services.accounts().forget(removed.id());
            },
            services.clock()::now);
    admin.serve(bus);
    new GitHubAccounts(options, services, admin).serve(bus);
    new RepositoryService(
            services.client(),
            services.tokens(),
            services.connections(),
            options.web(),
            tenantId -> new FencedDatabase(databases, tenantId, opened.term().epoch()))
        .serve(bus);
    bus.serve(GitHubAddresses.DELIVER_WEBHOOK, this::deliver);
    bus.serve(
        GitHubAddresses.OPEN_ORIGIN, new SessionOrigins(services, bus.node(), this::tenant)::open);
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
    Future<TenantWork> work = tenants.remove(tenantId);
    if (work != null && work.succeeded()) {
      work.result().stop();
    }
    GitHubConnectionStore connections = services.connections();
    return connections
        .ofTenant(tenantId)
        .compose(
            all ->
                Future.join(
                    all.stream()
                        .map(
                            one ->
                                services
                                    .accounts()
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
    Future<TenantWork> there = tenants.get(tenantId);
    if (there != null && !there.failed()) {
      return there;
    }
    forgotten.remove(tenantId);
    TenantWork work =
        new TenantWork(services, new FencedDatabase(databases, tenantId, opened.term().epoch()));
    Future<TenantWork> started = work.start().map(work);
    tenants.put(tenantId, started);
    return started.onFailure(
        failure -> LOG.error("The work of tenant {} cannot be opened", tenantId, failure));
  }

  private Future<WebhookReply> deliver(DeliverWebhook webhook) {
    return services
        .connections()
        .find(webhook.connectionId())
        .compose(
            found ->
                found
                    .map(connection -> deliver(connection, webhook))
                    .orElseGet(() -> Future.succeededFuture(UNKNOWN)));
  }

  /** A payload may have many megabytes, so it is read elsewhere. */
  private Future<WebhookReply> deliver(GitHubConnection connection, DeliverWebhook webhook) {
    return workers
        .executeBlocking(() -> read(connection, webhook), false)
        .compose(
            read ->
                receive(connection, webhook, read)
                    .compose(_ -> services.accounts().revoked(connection.id(), read.revokedBy()))
                    .compose(_ -> tell(read))
                    .map(read.reply()));
  }

  private Future<Void> receive(
      GitHubConnection connection, DeliverWebhook webhook, ReadDelivery read) {
    return read.event()
        .map(
            event ->
                tenant(connection.tenantId())
                    .compose(
                        work ->
                            work.receive(
                                connection, webhook.headers().get(DELIVERY_HEADER), event)))
        .orElseGet(Future::succeededFuture);
  }

  /** Automations have it before GitHub gets its answer, unless their engine is slow. */
  private Future<Void> tell(ReadDelivery read) {
    return read.happened()
        .map(
            event ->
                offers
                    .offer(AutomationAddresses.TAKE_REPOSITORY_EVENT, event)
                    .timeout(OFFER_SECONDS, TimeUnit.SECONDS)
                    .otherwiseEmpty())
        .orElseGet(Future::succeededFuture);
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
                        app ->
                            services.repository(
                                app,
                                asked.installation(),
                                new RepositoryName(asked.owner(), asked.repository())))
                    .map(repository -> repository.canWrite(asked.login()))
                    .orElseGet(() -> Future.succeededFuture(false)))
        .map(WriteAccess::new)
        .recover(failure -> Future.failedFuture(GitHubException.atEdge(failure)));
  }

  /**
   * What a delivery says, and its answer.
   *
   * @param event for the work on issues; empty where it does not concern that
   * @param happened for automations; empty where it is about no repository
   * @param revokedBy account that takes back what it allowed the App; 0 for none
   */
  private record ReadDelivery(
      WebhookReply reply,
      Optional<GitHubEvent> event,
      Optional<RepositoryActivity> happened,
      long revokedBy) {
    static ReadDelivery refused(int status, String sentence) {
      return new ReadDelivery(
          new WebhookReply(status, "text/plain", sentence), Optional.empty(), Optional.empty(), 0);
    }
  }

  private static ReadDelivery read(GitHubConnection connection, DeliverWebhook webhook) {
    Map<String, String> headers = webhook.headers();
    byte[] body;
    try {
      body = WebhookBody.of(webhook.body());
    } catch (IOException e) {
      return ReadDelivery.refused(413, "The body is larger than GitHub's are.");
    }
    if (!GitHubSignature.isRight(
        connection.secrets().getOrDefault(GitHubConnection.WEBHOOK_SECRET, ""),
        headers.getOrDefault(GitHubSignature.HEADER, ""),
        body)) {
      LOG.atInfo()
          .addKeyValue("tenantId", connection.tenantId())
          .log("A webhook of GitHub is refused: its signature is wrong");
      return ReadDelivery.refused(
          401, "The signature is wrong. Give GitHub the webhook secret of this bridge.");
    }
    if (!headers.getOrDefault(DELIVERY_HEADER, "").matches(DELIVERY)) {
      return ReadDelivery.refused(400, "The header X-GitHub-Delivery is missing.");
    }
    try {
      JsonNode payload = Json.MAPPER.readTree(body);
      String name = headers.getOrDefault("x-github-event", "");
      return new ReadDelivery(
          TAKEN,
          GitHubEventReader.read(name, payload),
          RepositoryActivityReader.read(connection, headers.get(DELIVERY_HEADER), name, payload),
          name.equals(REVOKED) ? payload.path("sender").path("id").asLong() : 0);
    } catch (IOException e) {
      return ReadDelivery.refused(
          400, "The body is not JSON. Choose the content type application/json.");
    }
  }

  @Override
  public Future<?> stop() {
    if (services == null) {
      return Future.succeededFuture();
    }
    failedDeliveries.stop(vertx);
    tenants.values().stream().filter(Future::succeeded).forEach(work -> work.result().stop());
    return services
        .broker()
        .stop()
        .eventually(databases::close)
        .eventually(services.accounts()::close)
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
