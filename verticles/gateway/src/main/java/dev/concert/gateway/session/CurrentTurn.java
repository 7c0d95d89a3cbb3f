package dev.concert.gateway.session;

import static dev.concert.protocol.SessionState.ACTIVATING;
import static dev.concert.protocol.SessionState.READY;
import static dev.concert.protocol.SessionState.RUNNING;
import static dev.concert.protocol.SessionState.WAITING;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.clock.SteadyClock;
import dev.concert.gateway.billing.HeldCredit;
import dev.concert.gateway.eventlog.SessionLog;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.Identity;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.UsageTotals;
import dev.concert.protocol.ServerEvent.UsageUpdate;
import dev.concert.protocol.ServerProtocol;
import dev.concert.protocol.SessionEvent;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place in a session where at most one turn is: begins it, puts its events into the log, ends
 * it. Changed on the session's context only.
 */
final class CurrentTurn {
  private static final Logger LOG = LoggerFactory.getLogger(CurrentTurn.class);

  private final SessionLog log;
  private final SessionStatus status;
  private final UsageAccumulator usage = new UsageAccumulator();
  private final Consumer<Turn> completed;
  private volatile Optional<Turn> turn = Optional.empty();
  private long lastActivity = SteadyClock.millis();
  private Optional<String> held = Optional.empty();
  private Consumer<Turn> onEnd = _ -> {};

  /**
   * @param earlier every model call of earlier turns
   * @param completed gets each turn that its agent completed
   */
  CurrentTurn(
      SessionLog log, SessionStatus status, List<UsageUpdate> earlier, Consumer<Turn> completed) {
    this.log = log;
    this.status = status;
    this.completed = completed;
    earlier.forEach(usage::add);
  }

  /** Any thread. */
  Optional<Turn> current() {
    return turn;
  }

  /** Calls this when a turn has ended. */
  void onEnd(Consumer<Turn> listener) {
    onEnd = listener;
  }

  /**
   * From now on no turn begins.
   *
   * @param why one sentence for who wants one
   */
  void hold(String why) {
    held = Optional.of(why);
  }

  void release() {
    held = Optional.empty();
  }

  /** {@code TURN_IN_PROGRESS} where no turn may begin now, because of another one or a hold. */
  Optional<ConcertException> refusal() {
    return turn.map(_ -> "A turn of this session is still running.")
        .or(() -> held)
        .map(why -> new ConcertException(ErrorCode.TURN_IN_PROGRESS, why));
  }

  boolean isCurrent(Turn one) {
    return turn.filter(current -> current == one).isPresent();
  }

  /** What all turns of the session have used. */
  UsageTotals usage() {
    return usage.totals();
  }

  /** Tokens of the conversation, as the last model call of the session had it; 0 before one. */
  long context() {
    return usage.context();
  }

  /**
   * Milliseconds since somebody did something.
   *
   * @param now of the {@link SteadyClock}
   */
  long quietSince(long now) {
    return now - lastActivity;
  }

  void touch() {
    lastActivity = SteadyClock.millis();
  }

  /** Begins a turn with a person's message. There must be none. */
  Turn begin(Identity who, ClientMessage.RunTurn message, String id, Optional<HeldCredit> credit) {
    Turn begun = new Turn(id, System.currentTimeMillis(), credit);
    turn = Optional.of(begun);
    touch();
    log.together(
        () -> {
          begun.follow(
              log.append(
                  begun.id(),
                  new ServerEvent.TurnStarted(
                      message.clientTurnId(), message.text(), who.userId())));
          appendMessage(begun, "user", message.text());
          if (status.state() != READY && status.state() != ACTIVATING) {
            status.become(ACTIVATING, null);
          }
        });
    LOG.atDebug()
        .addKeyValue("sessionId", log.sessionId())
        .addKeyValue("tenantId", who.tenantId())
        .addKeyValue("turnId", id)
        .log("A turn begins");
    return begun;
  }

  /**
   * Puts an event of the agent into the log. What belongs to a turn is dropped when there is none:
   * the agent goes on speaking after its turn was ended, and nobody waits for it any more.
   */
  void place(ServerEvent event) {
    boolean ofTurn = ServerProtocol.row(event).scope() == ServerProtocol.Scope.TURN;
    if (ofTurn && turn.isEmpty()) {
      return;
    }
    follow(log.append(turn.map(Turn::id).orElse(null), event));
    if (event instanceof UsageUpdate update) {
      usage.add(update);
    }
  }

  /** Puts an event of a person into the log; the future is that event, once it is written. */
  Future<SessionEvent> placeForPerson(ServerEvent event) {
    touch();
    SessionEvent placed = log.append(turn.map(Turn::id).orElse(null), event);
    Future<SessionEvent> written = written(placed);
    follow(placed);
    return written;
  }

  /** This event, once it is written and before a subscriber gets it. */
  Future<SessionEvent> written(SessionEvent placed) {
    return log.written(placed);
  }

  private void follow(SessionEvent placed) {
    turn.ifPresent(
        current -> {
          current.follow(placed);
          if (current.waitsForPerson() && status.state() == RUNNING) {
            status.become(WAITING, null);
          } else if (!current.waitsForPerson() && status.state() == WAITING) {
            status.become(RUNNING, null);
          }
        });
  }

  /** Ends the turn with its last event. */
  void end(Turn ending, ServerEvent last) {
    touch();
    log.together(
        () -> {
          if (last instanceof ServerEvent.TurnComplete complete
              && complete.finalText() != null
              && !complete.finalText().isEmpty()) {
            appendMessage(ending, "assistant", complete.finalText());
          }
          SessionEvent end = log.append(ending.id(), last);
          written(end).onComplete(ending::ended);
          turn = Optional.empty();
          if (status.state() == RUNNING || status.state() == WAITING) {
            status.become(READY, null);
          }
        });
    status.save();
    log.settle();
    onEnd.accept(ending);
    if (last instanceof ServerEvent.TurnComplete complete
        && !"stopped".equals(complete.stopReason())) {
      completed.accept(ending);
    }
  }

  /** Forgets the turn without an event; those who wait for its end get this failure. */
  void abandon(ConcertException failure) {
    turn.ifPresent(lost -> lost.ended(Future.failedFuture(failure)));
    turn = Optional.empty();
  }

  private void appendMessage(Turn of, String role, String content) {
    log.append(
        of.id(),
        new ServerEvent.Message(
            "msg_" + UUID.randomUUID(), role, content, System.currentTimeMillis()));
  }
}
