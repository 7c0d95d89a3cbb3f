package dev.concert.coordinator.instance;

import dev.concert.bus.Accepted;
import dev.concert.coordinator.Host;
import dev.concert.coordinator.event.EventStream;
import dev.concert.coordinator.event.NativeEvents;
import dev.concert.coordinator.ipc.AgentConnection;
import dev.concert.coordinator.ipc.AgentFrame;
import dev.concert.coordinator.ipc.CoordinatorFrame;
import dev.concert.coordinator.ipc.ProtocolViolation;
import dev.concert.coordinator.ipc.ReceivedFrame;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.podium.PodiumMessages.Answer;
import dev.concert.podium.PodiumMessages.DeliverMessage;
import dev.concert.podium.PodiumMessages.StartInstance;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One agent process, from its connection to its death. Belongs to one event loop.
 *
 * <p>It works on one message at a time. Its death is noticed by the end of the process or of the
 * connection, or decided here; then {@link Ending} says what is to be said about it.
 */
final class AgentRun implements AgentConnection.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(AgentRun.class);

  /** Between the ends of process and connection: what was sent last is still read. */
  private static final long END_GRACE_MS = 500;

  private static final int MAX_UNWRITTEN_STATE_BYTES = 1 << 20;

  private enum Phase {
    INITIALISING,
    READY,
    STOPPING,
    ENDED
  }

  private final Host host;
  private final StartInstance request;
  private final AgentParts parts;
  private final Promise<Void> ready = Promise.promise();
  private final Promise<Void> ended = Promise.promise();
  private final Set<String> unknownTypes = new HashSet<>();
  private Phase phase = Phase.INITIALISING;
  private Optional<Turn> turn = Optional.empty();
  private String lastMessageId = "";
  private boolean heldByStream;
  private int unwrittenStateBytes;
  private boolean connectionOver;
  private boolean processOver;
  private String stopReason = "";
  private Future<Void> finishing = Future.succeededFuture();

  AgentRun(Host host, StartInstance request, AgentParts parts) {
    this.host = host;
    this.request = request;
    this.parts = parts;
  }

  /**
   * Sends {@code init}. Completes when the agent is ready; fails coded when it dies before, or is
   * not ready in {@code patienceMs}.
   */
  Future<Void> begin(CoordinatorFrame.Init init, long patienceMs) {
    parts.stream().onRoom(this::onRoom);
    parts.connection().start(this);
    Future.fromCompletionStage(parts.process().exit(), host.vertx().getOrCreateContext())
        .onComplete(exit -> onExit());
    parts
        .connection()
        .send(init)
        .onFailure(failure -> end(new Death.Crashed("it did not take its first message")));
    host.vertx()
        .setTimer(
            Math.max(1, patienceMs),
            timer -> {
              if (phase == Phase.INITIALISING) {
                end(new Death.Crashed("it did not become ready in time"));
              }
            });
    return ready.future();
  }

  EventStream stream() {
    return parts.stream();
  }

  /** Sequence number of the last change of the workspace that is in the stream. */
  long lastChange() {
    return parts.feed().last();
  }

  boolean isReady() {
    return phase == Phase.READY;
  }

  /** Completes when the process is gone and everything it had is cleared. */
  Future<Void> ended() {
    return ended.future();
  }

  Future<Accepted> deliver(DeliverMessage message) {
    if (phase != Phase.READY) {
      return refuse(ErrorCode.SESSION_INACTIVE, "The agent is being stopped.");
    }
    if (lastMessageId.equals(message.messageId())) {
      return accepted(); // sent again, because the first answer got lost
    }
    if (turn.isPresent()) {
      return refuse(ErrorCode.TURN_IN_PROGRESS, "The agent works on another message.");
    }
    Turn next = new Turn(message.messageId());
    boolean first = lastMessageId.isEmpty();
    Future<Void> sent = parts.connection().send(Inbox.message(message, request.tenantId(), first));
    if (sent.failed()) {
      return sent.mapEmpty();
    }
    lastMessageId = message.messageId();
    turn = Optional.of(next);
    return accepted();
  }

  Future<Accepted> steer(String content) {
    return openTurn().isEmpty()
        ? refuse(ErrorCode.NO_TURN, "The agent works on no message.")
        : send(new CoordinatorFrame.Steer(content));
  }

  Future<Accepted> answer(Answer answer) {
    if (openTurn().filter(open -> open.answer(answer.questionId())).isEmpty()) {
      return refuse(ErrorCode.QUESTION_NOT_FOUND, "The agent does not wait for this answer.");
    }
    return send(Inbox.answer(answer));
  }

  Future<Accepted> interrupt(String messageId) {
    Optional<Turn> named = openTurn().filter(open -> open.is(messageId));
    if (named.isEmpty()) {
      return refuse(ErrorCode.NO_TURN, "The agent does not work on this message.");
    }
    if (named.get().interrupt()) {
      // An agent that reads nothing gets no interrupt either; its time runs all the same.
      parts.connection().send(new CoordinatorFrame.Interrupt(messageId));
      host.vertx()
          .setTimer(
              host.options().patience().interrupt().toMillis(),
              timer -> {
                if (openTurn().filter(open -> open == named.get()).isPresent()) {
                  end(new Death.IgnoredInterrupt());
                }
              });
    }
    return accepted();
  }

  /** Asks the agent to end, and kills it after {@code graceMs}. */
  Future<Void> stop(String reason, long graceMs) {
    if (phase != Phase.ENDED && phase != Phase.STOPPING) {
      phase = Phase.STOPPING;
      stopReason = reason;
      parts.connection().send(new CoordinatorFrame.Shutdown(reason));
      host.vertx().setTimer(graceMs, timer -> end(new Death.Stopped(reason)));
    }
    return ended.future();
  }

  /** The turn whose outcome is still open. */
  private Optional<Turn> openTurn() {
    return phase == Phase.ENDED ? Optional.empty() : turn.filter(open -> !open.isDecided());
  }

  private Future<Accepted> send(CoordinatorFrame frame) {
    Future<Void> sent = parts.connection().send(frame);
    return sent.failed() ? sent.mapEmpty() : accepted();
  }

  private static Future<Accepted> accepted() {
    return Future.succeededFuture(Accepted.ACCEPTED);
  }

  private static Future<Accepted> refuse(ErrorCode code, String message) {
    return Future.failedFuture(new ConcertException(code, message));
  }

  @Override
  public void onFrames(List<ReceivedFrame> frames) {
    List<EventStream.Kept> events = new ArrayList<>();
    StringBuilder log = new StringBuilder();
    for (ReceivedFrame received : frames) {
      switch (received.frame()) {
        case AgentFrame.Ready frame -> becomeReady();
        case AgentFrame.Update frame ->
            event(frame).ifPresent(e -> events.add(new EventStream.Kept(e, received.bytes())));
        case AgentFrame.StateDelta frame -> keep(frame, received.bytes());
        case AgentFrame.Log frame -> log.append(Inbox.logLine(frame)).append('\n');
        case AgentFrame.Complete frame -> {
          parts.stream().emit(List.copyOf(events));
          events.clear();
          complete(frame);
        }
        case AgentFrame.Unknown frame -> passOver(frame.type());
      }
    }
    parts.stream().emit(events);
    write(log);
    if (parts.stream().isFull() && !heldByStream) {
      heldByStream = true;
      parts.connection().hold();
    }
  }

  private void becomeReady() {
    if (phase == Phase.INITIALISING) {
      phase = Phase.READY;
      ready.complete();
    }
  }

  private Optional<NativeEvent> event(AgentFrame.Update frame) {
    Optional<Turn> open = openTurn().filter(one -> one.is(frame.messageId()));
    if (open.isEmpty()) {
      return Optional.empty(); // late: its message is over
    }
    Optional<NativeEvent> event = NativeEvents.of(frame.element());
    switch (event.orElse(null)) {
      case null -> passOver(frame.element().toString());
      case NativeEvent.QuestionRequested question -> open.get().asked(question.questionId());
      case NativeEvent.PermissionRequested question -> open.get().asked(question.questionId());
      default -> {}
    }
    return event;
  }

  private void passOver(String type) {
    if (unknownTypes.size() < 100 && unknownTypes.add(type)) {
      LOG.info("Agent type {} sends '{}', which is passed over", request.agentType(), type);
    }
  }

  private void keep(AgentFrame.StateDelta frame, int bytes) {
    unwrittenStateBytes += bytes;
    boolean held = unwrittenStateBytes > MAX_UNWRITTEN_STATE_BYTES;
    if (held) {
      parts.connection().hold();
    }
    parts
        .state()
        .apply(frame.deltas())
        .onComplete(
            written -> {
              unwrittenStateBytes -= bytes;
              if (held) {
                parts.connection().release();
              }
            })
        .onFailure(this::onStateLost);
  }

  private void onStateLost(Throwable failure) {
    if (failure instanceof ProtocolViolation violation) {
      end(new Death.Crashed(violation.getMessage()));
    } else {
      LOG.error("The state of instance {} cannot be written", request.instanceId(), failure);
    }
  }

  /** The agent waits while its log is written, so that it cannot log faster than the disk. */
  private void write(StringBuilder lines) {
    if (lines.isEmpty()) {
      return;
    }
    String text = lines.substring(0, lines.length() - 1);
    parts.connection().hold();
    host.workers()
        .executeBlocking(
            () -> {
              parts.process().log().line(text);
              return null;
            },
            false)
        .onFailure(failure -> LOG.warn("A log line of {} is lost", request.instanceId(), failure))
        .onComplete(written -> parts.connection().release());
  }

  private void complete(AgentFrame.Complete frame) {
    openTurn()
        .filter(open -> open.is(frame.messageId()))
        .ifPresent(
            open -> {
              open.decide();
              finishing =
                  parts
                      .state()
                      .flushed()
                      .otherwiseEmpty()
                      .compose(flushed -> parts.feed().catchUp())
                      .onFailure(this::onChangesMissing)
                      .otherwiseEmpty()
                      .onSuccess(
                          done -> {
                            turn = Optional.empty();
                            parts.stream().emit(NativeEvents.of(frame));
                          });
            });
  }

  private void onChangesMissing(Throwable failure) {
    LOG.warn(
        "The file changes of a turn of {} come late: {}",
        request.instanceId(),
        failure.getMessage());
  }

  private void onRoom() {
    if (heldByStream) {
      heldByStream = false;
      parts.connection().release();
    }
    parts.feed().onRoom();
  }

  @Override
  public void onEnd() {
    connectionOver = true;
    endSoon();
  }

  private void onExit() {
    processOver = true;
    endSoon();
  }

  @Override
  public void onViolation(ProtocolViolation violation) {
    end(new Death.Crashed(violation.getMessage()));
  }

  private void endSoon() {
    if (connectionOver && processOver) {
      end(unaskedDeath());
    } else {
      host.vertx().setTimer(END_GRACE_MS, timer -> end(unaskedDeath()));
    }
  }

  private Death unaskedDeath() {
    return phase == Phase.STOPPING
        ? new Death.Stopped(stopReason)
        : new Death.Crashed(processOver ? "" : "it closed its connection");
  }

  /** Ends the process, whatever it is doing. */
  Future<Void> end(Death death) {
    if (phase != Phase.ENDED) {
      Optional<Turn> open = openTurn();
      phase = Phase.ENDED;
      parts.connection().close();
      new Ending(host, request.instanceId(), parts)
          .run(death, finishing, open, ready)
          .onComplete(ended);
    }
    return ended.future();
  }
}
