package dev.concert.github.work;

import dev.concert.error.Problem;
import dev.concert.foundation.inbox.DurableInbox;
import dev.concert.foundation.inbox.InboxEvent;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.foundation.lease.LeaseLostException;
import dev.concert.foundation.outbox.DurableOutbox;
import dev.concert.foundation.outbox.OutboxDelivery;
import dev.concert.foundation.retry.Backoff;
import dev.concert.github.api.GitHubException;
import dev.concert.github.connection.GitHubConnection;
import dev.concert.github.news.NewsPublisher;
import dev.concert.github.webhook.GitHubEvent;
import dev.concert.github.work.CommentSender.CommentPlace;
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
 * The work of one tenant on GitHub. Events come in through its inbox, those about one issue in
 * order; comments leave through its outbox. On one context.
 */
public final class TenantWork {
  /** The schema of a tenant's database, in the order of its versions. */
  public static final List<String> MIGRATIONS =
      List.of(
          FencedDatabase.SCHEMA,
          DurableInbox.SCHEMA,
          DurableOutbox.SCHEMA,
          WorkSchema.SCHEMA,
          AgentPushes.SCHEMA,
          IssueQuestions.SCHEMA,
          WorkSchema.PLANS);

  private static final Logger LOG = LoggerFactory.getLogger(TenantWork.class);
  private static final Backoff SENDING =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(10), 0.3);
  private static final Backoff HANDLING =
      new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1), 0.3);
  private static final int MAX_ATTEMPTS = 8;
  private static final int UNFINISHED = 10_000;

  /** A delivery can be sent again by hand for three days. */
  private static final Duration KEPT = Duration.ofDays(4);

  private final String tenantId;
  private final WorkServices services;
  private final DurableInbox inbox;
  private final DurableOutbox outbox;
  private final OutboxDelivery delivery;
  private final WorkStore store;
  private final AgentPushes pushes;
  private final IssueQuestions questions;
  private final IssueConversation conversation;
  private final EventIntake intake;
  private final NewsPublisher news;
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
    this.delivery =
        new OutboxDelivery(services.vertx(), outbox, new CommentSender(this::place), SENDING);
    this.questions = new IssueQuestions(database, this::put);
    this.conversation = new IssueConversation(tenantId, services, store, questions, this::reply);
    this.news = new NewsPublisher(services.bus());
    this.intake =
        new EventIntake(
            services,
            store,
            new RuleBook(services, database, outbox, delivery),
            new WorkStart(tenantId, services, store, this::show, this::wake),
            new WorkAdmission(tenantId));
  }

  private Future<Optional<CommentPlace>> place(String connectionId, WorkComment comment) {
    return store
        .nameOf(connectionId, comment.repositoryId())
        .compose(
            name ->
                services
                    .connections()
                    .find(connectionId)
                    .map(
                        found ->
                            found.map(
                                connection ->
                                    new CommentPlace(
                                        services.repository(
                                            connection,
                                            comment.installation(),
                                            name.orElseGet(comment::repositoryName)),
                                        connection.bot()))));
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
                        .map(found -> found.map(connection -> openOrigin(connection, item.get()))));
  }

  private String openOrigin(GitHubConnection connection, WorkItem item) {
    return services
        .broker()
        .openOnce(ItemGit.grant(connection, item), commit -> pushes.record(item.id(), commit));
  }

  /** Goes on with what an earlier process left. */
  public Future<Void> start() {
    return delivery
        .start()
        .compose(_ -> inbox.prune(KEPT))
        .compose(_ -> outbox.prune(KEPT))
        .compose(_ -> inbox.unfinished(UNFINISHED))
        .compose(events -> Future.join(events.stream().map(this::resume).toList()))
        .compose(_ -> store.unfinished())
        .map(
            items -> {
              items.forEach(item -> wake(item.id()));
              return null;
            });
  }

  /** Begins nothing new. */
  public void stop() {
    stopped = true;
    delivery.stop();
    runs.values().forEach(TaskRun::halt);
  }

  /** The newest work. */
  public WorkStore store() {
    return store;
  }

  /**
   * Takes an event; durable when the future succeeds. It is handled after that. One that came
   * before is not handled again.
   *
   * @param deliveryId that GitHub gave it
   */
  public Future<Void> receive(GitHubConnection connection, String deliveryId, GitHubEvent event) {
    return inbox
        .claim(connection.id(), deliveryId, event.toJson())
        .map(
            isNew -> {
              if (isNew) {
                news.tell(connection, deliveryId, event);
                enqueue(connection, deliveryId, event, 0);
              }
              return null;
            });
  }

  private Future<Void> resume(InboxEvent event) {
    return services
        .connections()
        .find(event.source())
        .compose(
            connection -> {
              if (connection.isEmpty()) {
                return inbox.fail(event.source(), event.eventId(), "The App was removed");
              }
              GitHubEvent told = GitHubEvent.ofJson(event.body());
              if (event.attempts() == 0) {
                news.tell(connection.get(), event.eventId(), told);
              }
              enqueue(connection.get(), event.eventId(), told, event.attempts());
              return Future.succeededFuture();
            });
  }

  /** Handles an event after those before it about the same issue. */
  private void enqueue(
      GitHubConnection connection, String deliveryId, GitHubEvent event, int attempts) {
    String key = "%s %d %d".formatted(connection.id(), event.repositoryId(), event.number());
    Future<Void> mine =
        tails
            .getOrDefault(key, Future.succeededFuture())
            .transform(_ -> handle(connection, deliveryId, event, attempts));
    tails.put(key, mine);
    mine.onComplete(_ -> tails.remove(key, mine));
  }

  private Future<Void> handle(
      GitHubConnection connection, String deliveryId, GitHubEvent event, int attempts) {
    if (stopped) {
      return Future.succeededFuture();
    }
    return inbox
        .attempt(connection.id(), deliveryId)
        .compose(_ -> conversation.take(connection, event))
        .compose(
            isAnswered ->
                isAnswered
                    ? Future.succeededFuture()
                    : intake.handle(connection, deliveryId, event))
        .compose(_ -> inbox.finish(connection.id(), deliveryId))
        .recover(failure -> failed(connection, deliveryId, event, attempts + 1, failure));
  }

  private Future<Void> failed(
      GitHubConnection connection,
      String deliveryId,
      GitHubEvent event,
      int attempts,
      Throwable failure) {
    if (failure instanceof LeaseLostException || stopped) {
      return Future.failedFuture(failure);
    }
    Problem problem = Problem.of(GitHubException.atEdge(failure));
    boolean isRefused = problem.code().httpStatus() < 500 && problem.code().httpStatus() != 429;
    if (!isRefused && attempts < MAX_ATTEMPTS) {
      LOG.atInfo()
          .addKeyValue("tenantId", tenantId)
          .log("An event of GitHub is tried again: {}", problem.message());
      return services
          .clock()
          .pause(HANDLING.after(attempts))
          .compose(_ -> handle(connection, deliveryId, event, attempts));
    }
    LOG.atWarn()
        .addKeyValue("tenantId", tenantId)
        .setCause(failure)
        .log("An event of GitHub is given up");
    return inbox.fail(connection.id(), deliveryId, problem.code().name());
  }

  /** Makes the comments of an item what they are now. */
  private Future<Void> show(String itemId) {
    return store
        .find(itemId)
        .compose(item -> store.tasks(itemId).compose(tasks -> show(item.orElseThrow(), tasks)));
  }

  private Future<Void> show(WorkItem item, List<WorkTask> tasks) {
    WorkReport report = new WorkReport(services.page());
    Future<Void> shown =
        put(item, item.number(), 0, "status:" + item.id(), report.status(item, tasks));
    for (WorkTask task : tasks) {
      if (task.isReply() && task.state().isOver()) {
        shown =
            shown.compose(
                _ ->
                    put(
                        item,
                        item.pullOrNumber(),
                        task.reviewComment(),
                        "reply:" + task.id(),
                        report.reply(task)));
      }
    }
    return shown.onSuccess(_ -> delivery.wake(item.lane()));
  }

  private Future<Void> put(String itemId, String key, String body) {
    return store
        .find(itemId)
        .compose(
            item ->
                put(item.orElseThrow(), item.orElseThrow().number(), 0, key, body)
                    .onSuccess(_ -> delivery.wake(item.orElseThrow().lane())));
  }

  /** Replies to a comment, whether or not there is work on its issue. */
  private Future<Void> reply(GitHubConnection connection, GitHubEvent event, String body) {
    WorkComment comment =
        new WorkComment(
            event.installation(),
            event.owner(),
            event.repository(),
            event.repositoryId(),
            event.number(),
            0,
            body);
    String lane =
        "%s replies %d#%d".formatted(connection.id(), event.repositoryId(), event.number());
    return outbox
        .put(connection.id(), lane, "answer:" + event.commentId(), comment.toJson())
        .onSuccess(_ -> delivery.wake(lane));
  }

  private Future<Void> put(WorkItem item, int number, long inReplyTo, String key, String body) {
    WorkComment comment =
        new WorkComment(
            item.installation(),
            item.repository().owner(),
            item.repository().name(),
            item.repositoryId(),
            number,
            inReplyTo,
            body);
    return outbox.put(item.connectionId(), item.lane(), key, comment.toJson());
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
        .onFailure(failure -> LOG.error("Work on GitHub cannot be read", failure));
  }

  private void begin(GitHubConnection connection, String itemId) {
    TaskRun run =
        new TaskRun(
            new TaskContext(tenantId, services, store, pushes, questions, connection),
            this::show,
            itemId);
    runs.put(itemId, run);
    run.run()
        .onComplete(
            done -> {
              runs.remove(itemId);
              if (done.failed() && !stopped) {
                LOG.warn("Work on GitHub stands still until the next start", done.cause());
              } else {
                again(itemId);
              }
            });
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
            });
  }
}
