package dev.concert.coordinator.instance;

import dev.concert.bus.Accepted;
import dev.concert.coordinator.event.ReplayBuffer;
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
 * One agent process, from its connection to its exit. The exit follows from the end of the process
 * or of the connection, or is decided here; {@link Teardown} does the rest. Belongs to one event
 * loop.
 */
final class AgentRun implements AgentConnection.Listener, FrameHandler.Run {
  /** Between the ends of process and connection: what was sent last is still read. */
  private static final long END_GRACE_MS = 500;

  private enum Phase {
    INITIALISING,
    READY,
    STOPPING,
    ENDED
  }

  private final InstanceServices services;
  private final StartInstance request;
  private final AgentParts parts;
  private final AgentDialog dialog = new AgentDialog();
  private final FrameHandler frameHandler;
  private final Promise<Void> ready = Promise.promise();
  private final Promise<Void> ended = Promise.promise();
  private Phase phase = Phase.INITIALISING;
  private boolean connectionOver;
  private boolean processOver;
  private String stopReason = "";

  AgentRun(InstanceServices services, StartInstance request, AgentParts parts) {
    this.services = services;
    this.request = request;
    this.parts = parts;
    this.frameHandler = new FrameHandler(services, request.instanceId(), parts, dialog, this);
  }

  /**
   * Sends {@code init}. Completes when the agent is ready; fails coded when it dies before, or is
   * not ready in {@code timeoutMs}.
   */
  Future<Void> begin(CoordinatorFrame.Init init, long timeoutMs) {
    parts.connection().start(this);
    Future.fromCompletionStage(parts.process().exit(), services.vertx().getOrCreateContext())
        .onComplete(exit -> onExit());
    parts
        .connection()
        .send(init)
        .onFailure(failure -> end(new ExitReason.Crashed("it did not take its first message")));
    services
        .vertx()
        .setTimer(
            Math.max(1, timeoutMs),
            timer -> {
              if (phase == Phase.INITIALISING) {
                end(new ExitReason.Crashed("it did not become ready in time"));
              }
            });
    return ready.future();
  }

  ReplayBuffer stream() {
    return parts.stream();
  }

  /** Sequence number of the last change of the workspace that is in the stream. */
  long lastChange() {
    return parts.feed().last();
  }

  /** Makes sure that the agent can call models; see {@link EnsembleAccess#renew}. */
  Future<Void> renewAccess() {
    return parts.access().renew();
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
    if (dialog.wasLast(message.messageId())) {
      return accepted(); // sent again, because the first answer got lost
    }
    if (dialog.isBusy()) {
      return refuse(ErrorCode.TURN_IN_PROGRESS, "The agent works on another message.");
    }
    Future<Accepted> sent =
        send(CoordinatorFrames.message(message, request.tenantId(), dialog.isNew()));
    if (sent.succeeded()) {
      dialog.begin(message.messageId());
    }
    return sent;
  }

  Future<Accepted> steer(String content) {
    return openTurn().isEmpty()
        ? refuse(ErrorCode.NO_TURN, "The agent works on no message.")
        : send(new CoordinatorFrame.Steer(content));
  }

  Future<Accepted> answer(Answer answer) {
    Optional<MessageInFlight> waiting =
        openTurn().filter(open -> open.waitsFor(answer.questionId()));
    if (waiting.isEmpty()) {
      return refuse(ErrorCode.QUESTION_NOT_FOUND, "The agent does not wait for this answer.");
    }
    // Known to the log before the agent can print it.
    waiting.get().secretsIn(answer).forEach(parts.process().log()::hide);
    return send(CoordinatorFrames.answer(answer))
        .onSuccess(sent -> waiting.get().answered(answer.questionId()));
  }

  Future<Accepted> interrupt(String messageId) {
    Optional<MessageInFlight> named = openTurn().filter(open -> open.is(messageId));
    if (named.isEmpty()) {
      return refuse(ErrorCode.NO_TURN, "The agent does not work on this message.");
    }
    if (named.get().interrupt()) {
      // An agent that reads nothing gets no interrupt either; its time runs all the same.
      parts.connection().send(new CoordinatorFrame.Interrupt(messageId));
      services
          .vertx()
          .setTimer(
              services.options().timeouts().interrupt().toMillis(),
              timer -> killUnless(named.get()));
    }
    return accepted();
  }

  private void killUnless(MessageInFlight over) {
    if (openTurn().filter(open -> open == over).isPresent()) {
      end(new ExitReason.IgnoredInterrupt());
    }
  }

  /** Requests a shutdown, and kills the process after {@code graceMs}. */
  Future<Void> stop(String reason, long graceMs) {
    if (phase != Phase.ENDED && phase != Phase.STOPPING) {
      phase = Phase.STOPPING;
      stopReason = reason;
      parts.connection().send(new CoordinatorFrame.Shutdown(reason));
      services.vertx().setTimer(graceMs, timer -> end(new ExitReason.Stopped(reason)));
    }
    return ended.future();
  }

  private Optional<MessageInFlight> openTurn() {
    return phase == Phase.ENDED ? Optional.empty() : dialog.open();
  }

  /** Completes at once: the connection accepts the frame or refuses it. */
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
    frameHandler.handle(frames);
  }

  @Override
  public void onViolation(ProtocolViolation violation) {
    end(new ExitReason.Crashed(violation.getMessage()));
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
      end(unrequestedExit());
    } else {
      services.vertx().setTimer(END_GRACE_MS, timer -> end(unrequestedExit()));
    }
  }

  private ExitReason unrequestedExit() {
    return phase == Phase.STOPPING
        ? new ExitReason.Stopped(stopReason)
        : new ExitReason.Crashed(processOver ? "" : "it closed its connection");
  }

  /** Ends the process, whatever it is doing. */
  @Override
  public Future<Void> end(ExitReason reason) {
    if (phase != Phase.ENDED) {
      Optional<MessageInFlight> open = openTurn();
      phase = Phase.ENDED;
      parts.connection().close();
      parts.process().kill(); // now, not when a worker is free: a thousand may end at once
      new Teardown(services, request.instanceId(), parts)
          .run(reason, frameHandler.finishing(), open, ready)
          .onComplete(ended);
    }
    return ended.future();
  }
}
