package dev.concert.github.work;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.automation.EventMessages.RepositoryActivity;
import dev.concert.automation.EventMessages.RuleWork;
import dev.concert.bus.AutomationAddresses;
import dev.concert.foundation.outbox.DurableOutbox;
import dev.concert.foundation.outbox.OutboxDelivery;
import dev.concert.foundation.outbox.OutboxMessage;
import dev.concert.foundation.outbox.OutboxSender;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.github.api.IssueRef;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.forge.Forge;
import dev.concert.github.rule.RuleSource;
import dev.concert.json.Json;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Hands to the automation engine what happens in repositories, and how the work is that their rules
 * began. What the engine does not have yet is in the tenant's outbox, so no crash loses it; the
 * engine knows what comes again. On one context.
 */
final class EngineHandover {
  private static final String EVENTS = "automations:events";
  private static final String RULES = "automations:rules";

  /** GitHub waits ten seconds for its answer. */
  private static final Duration AT_ONCE = Duration.ofSeconds(3);

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** Until the next attempt while the engine is away. There is no last one: nothing is given up. */
  private static final Duration PAUSE = Duration.ofSeconds(3);

  private final String tenantId;
  private final WorkServices services;
  private final DurableOutbox outbox;
  private final OutboxDelivery delivery;

  EngineHandover(
      String tenantId, WorkServices services, DurableOutbox outbox, OutboxDelivery delivery) {
    this.tenantId = tenantId;
    this.services = services;
    this.outbox = outbox;
    this.delivery = delivery;
  }

  /** The sender of an outbox, part of whose messages are for the engine. */
  static OutboxSender beside(WorkServices services, OutboxSender comments) {
    return new RoutedSender(services, comments);
  }

  /** Completes when the engine has the event, or when it is durable here. */
  Future<Void> happened(RepositoryActivity event) {
    return services
        .bus()
        .request(AutomationAddresses.TAKE_REPOSITORY_EVENT, event, AT_ONCE)
        .<Void>mapEmpty()
        .recover(_ -> put(EVENTS, event.connectionId() + ":" + event.deliveryId(), event));
  }

  /** How work is now; nothing where no rule began it. */
  Future<Void> changed(WorkItem item, List<WorkTask> tasks) {
    Optional<RuleSource> rule = item.plan().rule();
    return rule.isEmpty() || tasks.isEmpty()
        ? Future.succeededFuture()
        : services
            .connections()
            .find(item.connectionId())
            .compose(
                found ->
                    found
                        .map(connection -> work(connection, item, rule.get(), tasks))
                        .map(work -> put(RULES, item.id(), work))
                        .orElseGet(Future::succeededFuture));
  }

  private RuleWork work(
      ForgeConnection connection, WorkItem item, RuleSource rule, List<WorkTask> tasks) {
    Optional<WorkTask> open = tasks.stream().filter(task -> !task.state().isOver()).findFirst();
    WorkTask last = tasks.getLast();
    Forge forge = services.forge(connection);
    String state =
        open.map(
                task ->
                    task.state() == WorkTask.State.WAITING && item.session().isEmpty()
                        ? "queued"
                        : "running")
            .orElseGet(
                () ->
                    switch (last.state()) {
                      case DONE -> "succeeded";
                      case STOPPED -> "stopped";
                      default -> "failed";
                    });
    return new RuleWork(
        tenantId,
        connection.userId(),
        item.repository().toString(),
        forge.rulesPath(),
        rule.name(),
        rule.line(),
        rule.prompt(),
        item.id(),
        item.number(),
        item.createdMs(),
        state,
        item.session().orElse(null),
        state.equals("failed") ? last.text() : "",
        item.pull()
            .map(number -> forge.page(item.repository(), new IssueRef(number, true)))
            .orElse(null));
  }

  private Future<Void> put(String lane, String key, Record content) {
    return outbox.put(lane, lane, key, json(content)).onSuccess(_ -> delivery.wake(lane));
  }

  private static String json(Record content) {
    try {
      return Json.MAPPER.writeValueAsString(content);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A message cannot be written as JSON", e);
    }
  }

  private static <T> T read(OutboxMessage message, Class<T> type) {
    try {
      return Json.MAPPER.readValue(message.content(), type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A stored message is not JSON", e);
    }
  }

  private record RoutedSender(WorkServices services, OutboxSender comments)
      implements OutboxSender {
    @Override
    public Future<Void> permit(OutboxMessage message) {
      return comments.permit(message);
    }

    @Override
    public Future<SendOutcome> send(OutboxMessage message) {
      return switch (message.route()) {
        case EVENTS ->
            outcome(
                services
                    .bus()
                    .request(
                        AutomationAddresses.TAKE_REPOSITORY_EVENT,
                        read(message, RepositoryActivity.class),
                        TIMEOUT));
        case RULES ->
            outcome(
                services
                    .bus()
                    .request(
                        AutomationAddresses.TAKE_RULE_WORK,
                        read(message, RuleWork.class),
                        TIMEOUT));
        default -> comments.send(message);
      };
    }

    private static Future<SendOutcome> outcome(Future<?> taken) {
      return taken
          .<SendOutcome>map(new SendOutcome.Sent(""))
          .otherwise(_ -> new SendOutcome.Wait(PAUSE));
    }

    /** The engine knows what comes again. */
    @Override
    public Future<LookUp> lookUp(OutboxMessage message) {
      return message.route().equals(EVENTS) || message.route().equals(RULES)
          ? Future.succeededFuture(new LookUp.Absent())
          : comments.lookUp(message);
    }
  }
}
