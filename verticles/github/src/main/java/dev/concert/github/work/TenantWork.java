package dev.concert.github.work;

import dev.concert.automation.EventMessages.RepositoryActivity;
import dev.concert.error.FailureLog;
import dev.concert.error.Problem;
import dev.concert.foundation.inbox.DurableInbox;
import dev.concert.foundation.inbox.InboxEvent;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.foundation.lease.LeaseLostException;
import dev.concert.foundation.outbox.DurableOutbox;
import dev.concert.foundation.retry.Backoff;
import dev.concert.foundation.tenant.OpenTenants;
import dev.concert.github.api.ForgeException;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.webhook.ForgeEvent;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work of one tenant on forges. Events come in through its inbox, those about one issue in
 * order; comments leave through its outbox. On one context.
 */
public final class TenantWork implements OpenTenants.Work {
  /** The schema of a tenant's database, in the order of its versions. */
  public static final List<String> MIGRATIONS =
      List.of(
          FencedDatabase.SCHEMA,
          DurableInbox.SCHEMA,
          DurableOutbox.SCHEMA,
          WorkSchema.SCHEMA,
          AgentPushes.SCHEMA,
          IssueQuestions.SCHEMA,
          WorkSchema.PLANS,
          WorkSchema.REQUESTERS,
          WorkSchema.ANSWERS);

  private static final Logger LOG = LoggerFactory.getLogger(TenantWork.class);
  private static final Backoff HANDLING =
      new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1), 0.3);
  private static final int MAX_ATTEMPTS = 8;
  private static final Duration STANDING = Duration.ofMinutes(1);
  private static final int UNFINISHED = 10_000;

  /** A delivery can be sent again by hand for three days. */
  private static final Duration KEPT = Duration.ofDays(4);

  /** Shorter, so that what was told is still known. */
  private static final Duration RECENT = Duration.ofDays(3);

  private final String tenantId;
  private final WorkServices services;
  private final DurableInbox inbox;
  private final DurableOutbox outbox;
  private final IssueComments comments;
  private final WorkStore store;
  private final AgentPushes pushes;
  private final IssueQuestions questions;
  private final EventIntake intake;
  private final Map<String, Future<Void>> tails = new HashMap<>();
  private final Map<String, TaskRun> runs = new HashMap<>();
  private boolean stopped;

  /**
   * @param database with {@link #MIGRATIONS}
   */
  public TenantWork(WorkServices services, FencedDatabase database) {
    this.tenantId = database.key();
    this.services = services;
    InstantSource clock = services.clock()::now;
    this.inbox = new DurableInbox(database, clock);
    this.outbox = new DurableOutbox(database, clock);
    this.store = new WorkStore(database);
    this.pushes = new AgentPushes(database);
    this.comments = new IssueComments(tenantId, services, store, outbox);
    this.questions = new IssueQuestions(database, comments::put);
    this.intake =
        new EventIntake(
            services,
            store,
            new IssueConversation(tenantId, services, store, questions, comments::reply),
            new RuleBook(services, database, outbox, comments.delivery()),
            new WorkStart(tenantId, services, store, comments::show, this::wake),
            new WorkAdmission(tenantId));
  }

  /**
   * Opens, for one request of git, the repository that a session works on; returns its key. Empty
   * where it works on none, or only reads.
   */
  public Future<Optional<String>> openOrigin(String sessionId) {
    return store
        .openIn(sessionId)
        .compose(
            item ->
                item.isEmpty() || !item.get().plan().mayChange()
                    ? Future.succeededFuture(Optional.empty())
                    : services
                        .connections()
                        .find(item.get().connectionId())
                        .compose(
                            found ->
                                found
                                    .map(connection -> openOrigin(connection, item.get()))
                                    .orElseGet(() -> Future.succeededFuture(Optional.empty()))));
  }

  private Future<Optional<String>> openOrigin(ForgeConnection connection, WorkItem item) {
    return new OriginReach(services, store)
        .of(connection, item)
        .map(
            reach ->
                Optional.of(
                    services
                        .broker()
                        .openOnce(
                            new ItemGit(services, tenantId, connection).grant(item, reach),
                            pushes.of(item.id()))));
  }

  @Override
  public Future<Void> start() {
    return comments
        .delivery()
        .start()
        .compose(_ -> inbox.prune(KEPT))
        .compose(_ -> outbox.prune(KEPT))
        .compose(_ -> inbox.unfinished(UNFINISHED))
        .compose(events -> Future.join(events.stream().map(this::resume).toList()))
        .compose(_ -> store.recent(services.clock().now().minus(RECENT)))
        .compose(items -> Future.join(items.stream().map(this::tellEngine).toList()))
        .compose(_ -> store.unfinished())
        .map(
            items -> {
              items.forEach(item -> wake(item.id()));
              return null;
            });
  }

  /** A crash may have come between a step and its message; where it did not, nothing changes. */
  private Future<Void> tellEngine(WorkItem item) {
    return store.tasks(item.id()).compose(tasks -> comments.rules().changed(item, tasks));
  }

  /** A task goes on at the next start from where it is. */
  @Override
  public Future<Void> stop() {
    stopped = true;
    runs.values().forEach(TaskRun::halt);
    return comments.delivery().stop();
  }

  /** Something happened for which automations may wait; durable when the future succeeds. */
  public Future<Void> happened(RepositoryActivity event) {
    return comments.engine().happened(event);
  }

  /** The newest work. */
  public WorkStore store() {
    return store;
  }

  /**
   * Takes an event; durable when the future succeeds. It is handled after that. One that came
   * before is not handled again.
   *
   * @param deliveryId that the forge gave it
   */
  public Future<Void> receive(ForgeConnection connection, String deliveryId, ForgeEvent event) {
    return inbox
        .claim(connection.id(), deliveryId, event.toJson())
        .map(
            isNew -> {
              if (isNew) {
                tell(connection, deliveryId, event);
                enqueue(connection, deliveryId, event, 0);
              }
              return null;
            });
  }

  private void tell(ForgeConnection connection, String deliveryId, ForgeEvent event) {
    services.forge(connection).claimed(connection, deliveryId, event);
  }

  private Future<Void> resume(InboxEvent event) {
    return services
        .connections()
        .find(event.source())
        .compose(
            connection -> {
              if (connection.isEmpty()) {
                return inbox.fail(event.source(), event.eventId(), "The connection was removed");
              }
              ForgeEvent told = ForgeEvent.ofJson(event.body());
              if (event.attempts() == 0) {
                tell(connection.get(), event.eventId(), told);
              }
              enqueue(connection.get(), event.eventId(), told, event.attempts());
              return Future.succeededFuture();
            });
  }

  /** Handles an event after those before it about the same issue. */
  private void enqueue(
      ForgeConnection connection, String deliveryId, ForgeEvent event, int attempts) {
    String key = "%s %d %d".formatted(connection.id(), event.repositoryId(), event.number());
    Future<Void> mine =
        tails
            .getOrDefault(key, Future.succeededFuture())
            .transform(_ -> handle(connection, deliveryId, event, attempts));
    tails.put(key, mine);
    mine.onComplete(_ -> tails.remove(key, mine));
  }

  private Future<Void> handle(
      ForgeConnection connection, String deliveryId, ForgeEvent event, int attempts) {
    if (stopped) {
      return Future.succeededFuture();
    }
    return inbox
        .attempt(connection.id(), deliveryId)
        .compose(_ -> intake.handle(connection, deliveryId, event))
        .recover(failure -> forbidden(connection, event, failure))
        .compose(_ -> inbox.finish(connection.id(), deliveryId))
        .recover(failure -> failed(connection, deliveryId, event, attempts + 1, failure));
  }

  /** Who is linked to a member hears it where that member may not do what they ask for. */
  private Future<Void> forbidden(ForgeConnection connection, ForgeEvent event, Throwable failure) {
    return WorkServices.isForbidden(failure) && event.commentId() != 0
        ? comments.reply(connection, event, "⚠️ " + WorkReport.reason(failure))
        : Future.failedFuture(failure);
  }

  private Future<Void> failed(
      ForgeConnection connection,
      String deliveryId,
      ForgeEvent event,
      int attempts,
      Throwable failure) {
    if (failure instanceof LeaseLostException || stopped) {
      return Future.failedFuture(failure);
    }
    Problem problem = Problem.of(ForgeException.atEdge(failure));
    boolean isRefused = problem.code().httpStatus() < 500 && problem.code().httpStatus() != 429;
    if (!isRefused && attempts < MAX_ATTEMPTS) {
      LOG.atInfo()
          .addKeyValue("tenantId", tenantId)
          .log("An event of a forge is tried again: {}", problem.message());
      return services
          .clock()
          .pause(HANDLING.after(attempts))
          .compose(_ -> handle(connection, deliveryId, event, attempts));
    }
    return inbox
        .fail(connection.id(), deliveryId, problem.code().name())
        .onSuccess(
            _ ->
                FailureLog.write(
                    LOG.atWarn().addKeyValue("tenantId", tenantId),
                    "An event of a forge is given up",
                    failure))
        // That is not stored: the disk may be full.
        .recover(
            _ ->
                services
                    .clock()
                    .pause(STANDING)
                    .compose(_ -> handle(connection, deliveryId, event, MAX_ATTEMPTS - 1)));
  }

  /** Works on an item, unless that is done already. */
  private void wake(String itemId) {
    if (stopped || runs.containsKey(itemId)) {
      return;
    }
    store
        .find(itemId)
        .compose(item -> services.connections().find(item.orElseThrow().connectionId()))
        .onSuccess(
            connection -> {
              if (connection.isPresent() && !stopped && !runs.containsKey(itemId)) {
                begin(connection.get(), itemId);
              }
            })
        .onFailure(failure -> standStill(itemId, failure));
  }

  private void begin(ForgeConnection connection, String itemId) {
    TaskRun run =
        new TaskRun(
            new TaskContext(tenantId, services, store, pushes, questions, connection),
            comments::show,
            itemId);
    runs.put(itemId, run);
    run.run()
        .onComplete(
            done -> {
              runs.remove(itemId);
              if (done.succeeded()) {
                again(itemId);
              } else {
                standStill(itemId, done.cause());
              }
            });
  }

  /** What is stored cannot be read or written, for example since the disk is full. */
  private void standStill(String itemId, Throwable failure) {
    if (stopped || failure instanceof LeaseLostException) {
      return;
    }
    FailureLog.write(
        LOG.atWarn().addKeyValue("tenantId", tenantId),
        "Work on a forge stands still for a minute",
        failure);
    services.clock().pause(STANDING).onSuccess(_ -> wake(itemId));
  }

  /** A task may have come when the run was about to end. */
  private void again(String itemId) {
    store
        .tasks(itemId)
        .onSuccess(
            tasks -> {
              if (tasks.stream().anyMatch(task -> !task.state().isOver())) {
                wake(itemId);
              }
            })
        .onFailure(failure -> standStill(itemId, failure));
  }
}
