package dev.concert.github.work;

import dev.concert.foundation.client.EngineHandover;
import dev.concert.foundation.outbox.DurableOutbox;
import dev.concert.foundation.outbox.OutboxDelivery;
import dev.concert.foundation.retry.Backoff;
import dev.concert.github.api.IssueRef;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.forge.Forge;
import dev.concert.github.webhook.ForgeEvent;
import dev.concert.github.work.CommentSender.CommentPlace;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a tenant's work says on issues and pull requests. It leaves through an outbox. On one
 * context.
 */
final class IssueComments {
  private static final Backoff SENDING =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(10), 0.3);

  private final WorkServices services;
  private final WorkStore store;
  private final DurableOutbox outbox;
  private final OutboxDelivery delivery;
  private final EngineHandover engine;
  private final RuleWorkReport rules;
  private final Map<String, Future<Void>> shown = new HashMap<>();

  IssueComments(String tenantId, WorkServices services, WorkStore store, DurableOutbox outbox) {
    this.services = services;
    this.store = store;
    this.outbox = outbox;
    this.engine =
        new EngineHandover(
            services.vertx(), services.bus(), outbox, new CommentSender(this::place), SENDING);
    this.delivery = engine.delivery();
    this.rules = new RuleWorkReport(tenantId, services, engine);
  }

  /** What leaves through the same outbox for the automation engine. */
  EngineHandover engine() {
    return engine;
  }

  /** Tells the engine how work is. */
  RuleWorkReport rules() {
    return rules;
  }

  OutboxDelivery delivery() {
    return delivery;
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
   * Makes the comments of an item what they are now. One after the other: what was read before must
   * not be written after what was read later.
   */
  Future<Void> show(String itemId) {
    Future<Void> before = shown.getOrDefault(itemId, Future.succeededFuture());
    Future<Void> now =
        before
            .otherwiseEmpty()
            .compose(_ -> store.find(itemId))
            .compose(item -> store.tasks(itemId).compose(tasks -> show(item.orElseThrow(), tasks)));
    shown.put(itemId, now);
    now.onComplete(_ -> shown.remove(itemId, now));
    return now;
  }

  /** Where the connection is removed, nobody hears of it. */
  private Future<Void> show(WorkItem item, List<WorkTask> tasks) {
    return services
        .connections()
        .find(item.connectionId())
        .compose(
            found ->
                found
                    .map(connection -> show(item, tasks, services.forge(connection)))
                    .orElseGet(Future::succeededFuture));
  }

  private Future<Void> show(WorkItem item, List<WorkTask> tasks, Forge forge) {
    WorkReport report = new WorkReport(services.page(), forge);
    Future<Void> said =
        put(item, item.issue(), 0, "status:" + item.id(), report.status(item, tasks));
    for (WorkTask task : tasks) {
      if (task.isAnsweredApart()) {
        said =
            said.compose(
                _ ->
                    put(
                        item,
                        task.answerOn() == WorkTask.AnswerOn.ISSUE
                            ? item.issue()
                            : item.changeOrIssue(),
                        task.reviewComment(),
                        "reply:" + task.id(),
                        report.reply(task)));
      }
    }
    return said.onSuccess(_ -> delivery.wake(item.lane())).compose(_ -> rules.changed(item, tasks));
  }

  /** Puts a comment on the issue of an item, or replaces the one with this key. */
  Future<Void> put(String itemId, String key, String body) {
    return store
        .find(itemId)
        .compose(
            item ->
                put(item.orElseThrow(), item.orElseThrow().issue(), 0, key, body)
                    .onSuccess(_ -> delivery.wake(item.orElseThrow().lane())));
  }

  /** Replies to a comment, whether or not there is work on its issue. */
  Future<Void> reply(ForgeConnection connection, ForgeEvent event, String body) {
    WorkComment comment =
        new WorkComment(
            event.installation(),
            event.owner(),
            event.repository(),
            event.repositoryId(),
            event.number(),
            event.isAboutPull(),
            0,
            body);
    String lane =
        "%s replies %d#%d".formatted(connection.id(), event.repositoryId(), event.number());
    return outbox
        .put(connection.id(), lane, "answer:" + event.commentId(), comment.toJson())
        .onSuccess(_ -> delivery.wake(lane));
  }

  private Future<Void> put(WorkItem item, IssueRef on, long inReplyTo, String key, String body) {
    WorkComment comment =
        new WorkComment(
            item.installation(),
            item.repository().owner(),
            item.repository().name(),
            item.repositoryId(),
            on.number(),
            on.isChange(),
            inReplyTo,
            body);
    return outbox.put(item.connectionId(), item.lane(), key, comment.toJson());
  }
}
