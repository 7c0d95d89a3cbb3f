package dev.concert.gateway.session;

import static dev.concert.protocol.SessionState.ACTIVATING;
import static dev.concert.protocol.SessionState.READY;
import static dev.concert.protocol.SessionState.RUNNING;
import static dev.concert.protocol.SessionState.WAITING;

import dev.concert.gateway.connection.Origin;
import dev.concert.gateway.eventlog.SessionLog;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.UsageTotals;
import dev.concert.protocol.ServerEvent.UsageUpdate;
import dev.concert.protocol.ServerProtocol;
import dev.concert.protocol.SessionEvent;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The place in a session where at most one turn is: begins it, puts its events into the log, ends
 * it. Used on the session's context only.
 */
final class TurnStage {
  private final SessionLog log;
  private final SessionStatus status;
  private final UsageSum usage = new UsageSum();
  private Optional<Turn> turn = Optional.empty();
  private long lastActivity = System.currentTimeMillis();

  /**
   * @param earlier every model call of earlier turns
   */
  TurnStage(SessionLog log, SessionStatus status, List<UsageUpdate> earlier) {
    this.log = log;
    this.status = status;
    earlier.forEach(usage::add);
  }

  Optional<Turn> current() {
    return turn;
  }

  boolean isCurrent(Turn one) {
    return turn.filter(current -> current == one).isPresent();
  }

  /** What all turns of the session have used. */
  UsageTotals usage() {
    return usage.totals();
  }

  /** Milliseconds since somebody did something. */
  long quietSince(long now) {
    return now - lastActivity;
  }

  void touch() {
    lastActivity = System.currentTimeMillis();
  }

  /** Begins a turn with a person's message. There must be none. */
  Turn begin(Origin origin, ClientMessage.RunTurn message) {
    Turn begun = new Turn("turn_" + UUID.randomUUID(), System.currentTimeMillis());
    turn = Optional.of(begun);
    touch();
    log.together(
        () -> {
          begun.follow(
              log.append(
                  begun.id(),
                  new ServerEvent.TurnStarted(
                      message.clientTurnId(), message.text(), origin.client().identity().userId()),
                  Optional.of(origin)));
          appendMessage(begun, "user", message.text());
          if (status.state() != READY) {
            status.become(ACTIVATING, null);
          }
        });
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

  /** Puts an event of a person into the log, which answers their request. */
  void place(ServerEvent event, Origin origin) {
    touch();
    follow(log.append(turn.map(Turn::id).orElse(null), event, Optional.of(origin)));
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
          log.append(ending.id(), last, ending.stopper());
          turn = Optional.empty();
          if (status.state() == RUNNING || status.state() == WAITING) {
            status.become(READY, null);
          }
        });
    status.save();
    log.settle();
  }

  /** Forgets the turn without an event. */
  void abandon() {
    turn = Optional.empty();
  }

  private void appendMessage(Turn of, String role, String content) {
    log.append(
        of.id(),
        new ServerEvent.Message(
            "msg_" + UUID.randomUUID(), role, content, System.currentTimeMillis()));
  }
}
