package dev.concert.foundation.outbox;

import dev.concert.error.FailureLog;
import dev.concert.foundation.lease.LeaseLostException;
import dev.concert.foundation.outbox.OutboxMessage.State;
import dev.concert.foundation.outbox.OutboxSender.LookUp;
import dev.concert.foundation.retry.Backoff;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the messages of an outbox: of each conversation one at a time and in order, conversations
 * beside each other. It goes on after a restart where it was.
 *
 * <p>A pause is measured by timers, not by the clock of the machine, which may be set. What waits
 * since an earlier process waits no longer than the longest pause after a failure.
 *
 * <p>Runs on the context that made it; {@link #wake} may be called on any thread.
 */
public final class OutboxDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(OutboxDelivery.class);

  /** A message that fails so often is given up: by then its sender has tried for hours. */
  static final int MAX_ATTEMPTS = 40;

  private static final Backoff STORAGE =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30), 0.5);

  /** A service of the platform has four seconds to stop, with all that it closes after this. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

  private enum Work {
    RUNNING,
    RUNNING_WITH_NEWS,
    WAITING
  }

  private final Vertx vertx;
  private final Context context;
  private final DurableOutbox outbox;
  private final OutboxSender sender;
  private final Backoff backoff;
  private final Duration stopTimeout;
  private final StepsUnderWay steps = new StepsUnderWay();
  private final Map<String, Work> work = new HashMap<>();
  private final Map<String, Long> timers = new HashMap<>();
  private final Map<String, Integer> storageFailures = new HashMap<>();

  /**
   * @param backoff pauses after failed attempts
   */
  public OutboxDelivery(Vertx vertx, DurableOutbox outbox, OutboxSender sender, Backoff backoff) {
    this(vertx, outbox, sender, backoff, STOP_TIMEOUT);
  }

  /**
   * @param stopTimeout how long a stop waits for a service that does not answer
   */
  OutboxDelivery(
      Vertx vertx,
      DurableOutbox outbox,
      OutboxSender sender,
      Backoff backoff,
      Duration stopTimeout) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.outbox = outbox;
    this.sender = sender;
    this.backoff = backoff;
    this.stopTimeout = stopTimeout;
  }

  /** Goes on with what an earlier process left. To be called once, before the first message. */
  public Future<Void> start() {
    return outbox
        .recover()
        .compose(_ -> outbox.openConversations())
        .map(
            conversations -> {
              conversations.forEach(this::wake);
              return null;
            });
  }

  /**
   * Begins nothing new. Completes when the requests under way are answered and what became of them
   * is stored, or two seconds later: a message whose service has not answered by then is uncertain
   * at the next start. Close what it needs after that.
   */
  public Future<Void> stop() {
    Future<Void> ended = steps.close(stopTimeout);
    Promise<Void> stopped = Promise.promise();
    context.runOnContext(
        _ -> {
          timers.values().forEach(vertx::cancelTimer);
          ended
              .onFailure(_ -> LOG.info("A message is still being sent; the stop does not wait"))
              .onComplete(_ -> context.runOnContext(_ -> stopped.complete()));
        });
    return stopped.future();
  }

  /** A message of this conversation may have to be sent. */
  public void wake(String conversation) {
    context.runOnContext(
        _ -> {
          if (work.get(conversation) == Work.RUNNING) {
            work.put(conversation, Work.RUNNING_WITH_NEWS);
          } else if (!work.containsKey(conversation) && !steps.isClosed()) {
            run(conversation, 0);
          }
        });
  }

  /**
   * @param waited the message that has waited, whatever the clock says; 0 for none
   */
  private void run(String conversation, long waited) {
    work.put(conversation, Work.RUNNING);
    outbox
        .next(conversation)
        .compose(
            due ->
                due.map(one -> step(one, waited))
                    .orElseGet(() -> Future.succeededFuture(Pause.NOTHING)))
        .onSuccess(
            pause -> {
              storageFailures.remove(conversation);
              after(conversation, pause);
            })
        .onFailure(failure -> storageFailed(conversation, failure));
  }

  /**
   * What the conversation does next: nothing (empty), or a step after a time.
   *
   * @param message that has waited then; 0 for any
   */
  private record Pause(Optional<Duration> time, long message) {
    private static final Pause NOTHING = new Pause(Optional.empty(), 0);
    private static final Pause NONE = new Pause(Optional.of(Duration.ZERO), 0);

    private static Pause of(Duration time, OutboxMessage message) {
      return new Pause(Optional.of(time), message.id());
    }
  }

  private void after(String conversation, Pause pause) {
    context.runOnContext(
        _ -> {
          boolean news = work.remove(conversation) == Work.RUNNING_WITH_NEWS;
          if (steps.isClosed()) {
            return;
          }
          if (pause.time().isEmpty()) {
            if (news) {
              run(conversation, 0);
            }
          } else if (pause.time().get().isZero()) {
            run(conversation, 0);
          } else {
            sleep(conversation, pause.time().get(), pause.message());
          }
        });
  }

  private void sleep(String conversation, Duration time, long message) {
    work.put(conversation, Work.WAITING);
    timers.put(
        conversation,
        vertx.setTimer(
            Math.max(1, time.toMillis()),
            _ -> {
              timers.remove(conversation);
              run(conversation, message);
            }));
  }

  private void storageFailed(String conversation, Throwable failure) {
    context.runOnContext(
        _ -> {
          if (failure instanceof LeaseLostException) {
            LOG.info("{}; it sends no more", failure.getMessage());
            steps.close();
            return;
          }
          int failures = storageFailures.merge(conversation, 1, Integer::sum);
          if (failures == 1 && !steps.isClosed()) {
            FailureLog.write(
                LOG.atWarn(), "Cannot read or write the outbox; trying again", failure);
          }
          work.remove(conversation);
          if (!steps.isClosed()) {
            sleep(conversation, STORAGE.after(failures), 0);
          }
        });
  }

  private Future<Pause> step(DurableOutbox.Due due, long waited) {
    OutboxMessage message = due.message();
    if (due.pause().isPositive() && message.id() != waited) {
      Duration longest = backoff.longest();
      return Future.succeededFuture(
          Pause.of(due.pause().compareTo(longest) > 0 ? longest : due.pause(), message));
    }
    return message.state() == State.UNCERTAIN || message.state() == State.SENDING
        ? resolve(message)
        : permitted(message);
  }

  /** An edit that is made twice has the effect of one; a new message has to be looked for. */
  private Future<Pause> resolve(OutboxMessage message) {
    if (message.isEdit()) {
      return outbox.later(message, Duration.ZERO, false, null).map(Pause.NONE);
    }
    return sender
        .permit(message)
        .compose(
            _ -> steps.take(() -> lookUp(message), Pause.NOTHING),
            failure -> retryLookUp(message, failure));
  }

  private Future<Pause> lookUp(OutboxMessage message) {
    return Future.succeededFuture(message)
        .compose(sender::lookUp)
        .transform(
            looked ->
                looked.failed()
                    ? retryLookUp(message, looked.cause())
                    : (switch (looked.result()) {
                          case LookUp.Found found -> outbox.found(message, found.remoteId());
                          case LookUp.Absent _ -> outbox.absent(message);
                          case LookUp.Impossible _ -> outbox.again(message);
                        })
                        .map(Pause.NONE));
  }

  private Future<Pause> retryLookUp(OutboxMessage message, Throwable failure) {
    return message.attempts() + 1 >= MAX_ATTEMPTS
        ? outbox.failed(message, "It is not known whether it was sent").map(Pause.NONE)
        : uncertain(message, failure.getClass().getSimpleName());
  }

  /** It is looked for after a pause. */
  private Future<Pause> uncertain(OutboxMessage message, String reason) {
    Duration pause = backoff.after(message.attempts() + 1);
    return outbox.uncertain(message, pause, reason).map(Pause.of(pause, message));
  }

  /** It is sent after a pause. */
  private Future<Pause> later(
      OutboxMessage message, Duration pause, boolean isFailure, String note) {
    return outbox.later(message, pause, isFailure, note).map(Pause.of(pause, message));
  }

  /** A stop does not wait for the permission: the message has not left. */
  private Future<Pause> permitted(OutboxMessage message) {
    return sender.permit(message).compose(_ -> steps.take(() -> sendNow(message), Pause.NOTHING));
  }

  /** The content is read again after the wait: it may have changed meanwhile. */
  private Future<Pause> sendNow(OutboxMessage message) {
    return outbox
        .next(message.conversation())
        .compose(
            due ->
                due.filter(now -> now.message().id() == message.id())
                    .map(now -> send(now.message()))
                    .orElseGet(() -> Future.succeededFuture(Pause.NONE)));
  }

  private Future<Pause> send(OutboxMessage message) {
    return outbox
        .sending(message)
        .compose(_ -> attempt(message))
        .compose(outcome -> record(message, outcome));
  }

  private Future<SendOutcome> attempt(OutboxMessage message) {
    try {
      return sender
          .send(message)
          .recover(
              failure -> {
                if (failure instanceof LeaseLostException) {
                  return Future.failedFuture(failure);
                }
                LOG.warn("Sending a message to {} failed", message.route(), failure);
                return Future.succeededFuture(
                    new SendOutcome.Unknown(failure.getClass().getSimpleName()));
              });
    } catch (RuntimeException e) {
      LOG.error("Sending a message to {} failed", message.route(), e);
      return Future.succeededFuture(new SendOutcome.Failed(e.getClass().getSimpleName()));
    }
  }

  private Future<Pause> record(OutboxMessage message, SendOutcome outcome) {
    int failures = message.attempts() + 1;
    return switch (outcome) {
      case SendOutcome.Sent sent -> outbox.sent(message, sent.remoteId()).map(Pause.NONE);
      case SendOutcome.Done _ -> outbox.done(message).map(Pause.NONE);
      case SendOutcome.Shown _ -> outbox.shown(message).map(Pause.NONE);
      case SendOutcome.Wait wait -> later(message, wait.time(), false, "rate");
      case SendOutcome.Vanished _ -> outbox.absent(message).map(Pause.NONE);
      case SendOutcome.Refused refused -> giveUp(message, refused.reason());
      case SendOutcome.Failed failed when failures >= MAX_ATTEMPTS ->
          giveUp(message, failed.reason());
      case SendOutcome.Failed failed ->
          later(message, backoff.after(failures), true, failed.reason());
      case SendOutcome.Unknown unknown when failures >= MAX_ATTEMPTS ->
          giveUp(message, unknown.reason());
      case SendOutcome.Unknown unknown -> uncertain(message, unknown.reason());
    };
  }

  private Future<Pause> giveUp(OutboxMessage message, String reason) {
    LOG.warn("A message to {} is given up: {}", message.route(), reason);
    return outbox.failed(message, reason).map(Pause.NONE);
  }
}
