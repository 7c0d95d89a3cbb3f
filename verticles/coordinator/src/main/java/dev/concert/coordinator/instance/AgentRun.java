package dev.concert.coordinator.instance;

import dev.concert.bus.Accepted;
import dev.concert.coordinator.Host;
import dev.concert.coordinator.event.EventStream;
import dev.concert.coordinator.ipc.AgentConnection;
import dev.concert.coordinator.ipc.CoordinatorFrame;
import dev.concert.coordinator.ipc.ProtocolViolation;
import dev.concert.coordinator.ipc.ReceivedFrame;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.podium.PodiumMessages.Answer;
import dev.concert.podium.PodiumMessages.DeliverMessage;
import dev.concert.podium.PodiumMessages.StartInstance;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Optional;

/**
 * One agent process, from its connection to its death. Its death is noticed by the end of the
 * process or of the connection, or decided here; {@link Ending} does the rest. Belongs to one event
 * loop.
 */
final class AgentRun implements AgentConnection.Listener, Hearing.Run {
  /** Between the ends of process and connection: what was sent last is still read. */
  private static final long END_GRACE_MS = 500;

  private enum Phase {
    INITIALISING,
    READY,
    STOPPING,
    ENDED
  }

  private final Host host;
  private final StartInstance request;
  private final AgentParts parts;
  private final Conversation conversation = new Conversation();
  private final Hearing hearing;
  private final Promise<Void> ready = Promise.promise();
  private final Promise<Void> ended = Promise.promise();
  private Phase phase = Phase.INITIALISING;
  private boolean connectionOver;
  private boolean processOver;
  private String stopReason = "";

  AgentRun(Host host, StartInstance request, AgentParts parts) {
    this.host = host;
    this.request = request;
    this.parts = parts;
    this.hearing = new Hearing(host, request.instanceId(), parts, conversation, this);
  }

  /**
   * Sends {@code init}. Completes when the agent is ready; fails coded when it dies before, or is
   * not ready in {@code patienceMs}.
   */
  Future<Void> begin(CoordinatorFrame.Init init, long patienceMs) {
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
    if (conversation.wasLast(message.messageId())) {
      return accepted(); // sent again, because the first answer got lost
    }
    if (conversation.isBusy()) {
      return refuse(ErrorCode.TURN_IN_PROGRESS, "The agent works on another message.");
    }
    Future<Accepted> sent = send(Inbox.message(message, request.tenantId(), conversation.isNew()));
    if (sent.succeeded()) {
      conversation.begin(message.messageId());
    }
    return sent;
  }

  Future<Accepted> steer(String content) {
    return openTurn().isEmpty()
        ? refuse(ErrorCode.NO_TURN, "The agent works on no message.")
        : send(new CoordinatorFrame.Steer(content));
  }

  Future<Accepted> answer(Answer answer) {
    Optional<Turn> waiting = openTurn().filter(open -> open.waitsFor(answer.questionId()));
    return waiting.isEmpty()
        ? refuse(ErrorCode.QUESTION_NOT_FOUND, "The agent does not wait for this answer.")
        : send(Inbox.answer(answer)).onSuccess(sent -> waiting.get().answered(answer.questionId()));
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
              host.options().patience().interrupt().toMillis(), timer -> killUnless(named.get()));
    }
    return accepted();
  }

  private void killUnless(Turn over) {
    if (openTurn().filter(open -> open == over).isPresent()) {
      end(new Death.IgnoredInterrupt());
    }
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

  private Optional<Turn> openTurn() {
    return phase == Phase.ENDED ? Optional.empty() : conversation.open();
  }

  /** Completes at once: taken over by the connection, or refused by it. */
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
  public void becomeReady() {
    if (phase == Phase.INITIALISING) {
      phase = Phase.READY;
      ready.complete();
    }
  }

  @Override
  public void onFrames(List<ReceivedFrame> frames) {
    hearing.hear(frames);
  }

  @Override
  public void onViolation(ProtocolViolation violation) {
    end(new Death.Crashed(violation.getMessage()));
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
  @Override
  public Future<Void> end(Death death) {
    if (phase != Phase.ENDED) {
      Optional<Turn> open = openTurn();
      phase = Phase.ENDED;
      parts.connection().close();
      parts.process().kill(); // now, not when a worker is free: a thousand may end at once
      new Ending(host, request.instanceId(), parts)
          .run(death, hearing.finishing(), open, ready)
          .onComplete(ended);
    }
    return ended.future();
  }
}
