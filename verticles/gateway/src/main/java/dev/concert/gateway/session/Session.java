package dev.concert.gateway.session;

import static dev.concert.protocol.SessionState.DEACTIVATING;
import static dev.concert.protocol.SessionState.ERROR;
import static dev.concert.protocol.SessionState.INACTIVE;
import static dev.concert.protocol.SessionState.READY;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.gateway.agent.AgentStream;
import dev.concert.gateway.connection.Origin;
import dev.concert.gateway.eventlog.SessionLog;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionEvent;
import dev.concert.protocol.SessionMeta;
import dev.concert.protocol.SessionState;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session that is in memory: what may be asked of it.
 *
 * <p>Everything happens on one event-loop context; whoever is elsewhere comes through {@link #on}.
 * A turn goes on whether or not anybody is connected.
 */
public final class Session {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  /** A session without subscribers and without an agent leaves the memory after this time. */
  private static final long DISPENSABLE_MS = 60_000;

  private final SessionServices services;
  private final Context context;
  private final SessionLog log;
  private final SessionStatus status;
  private final TurnStage stage;
  private final AgentPort agent;
  private final AgentListener listener;
  private final Activation activation;
  private Optional<AgentStream> stream = Optional.empty();
  private Future<?> lookingUp = Future.succeededFuture();

  Session(SessionServices services, Context context, SessionMeta meta, OpenedLog opened) {
    this.services = services;
    this.context = context;
    this.agent = new AgentPort(services.bus(), meta);
    this.log =
        new SessionLog(
            meta.id(),
            opened.lastSeq(),
            context,
            services.journal(),
            services.stores(),
            this::eventsLost);
    this.status = new SessionStatus(services.registries(), log, meta);
    this.stage = new TurnStage(log, status, opened.usage());
    this.listener = new AgentListener(status, stage);
    this.activation = new Activation(services, agent, log, status, stage);
  }

  /** Runs work on this session's context. */
  public void on(Runnable work) {
    context.runOnContext(_ -> work.run());
  }

  public String id() {
    return status.meta().id();
  }

  /** What a list shows of this session now. Any thread. */
  public SessionMeta meta() {
    return status.meta();
  }

  /** Name of the workspace that the session's agent works in. Any thread. */
  public String workspaceId() {
    return AgentPort.instanceId(id());
  }

  /** The session of the agent with this id; the empty text for what is no agent's id. */
  public static String idOfAgent(String agentId) {
    return AgentPort.sessionId(agentId);
  }

  public SessionLog log() {
    return log;
  }

  /** Fails with {@code TURN_IN_PROGRESS} while there is a turn. Any thread. */
  public Future<Void> betweenTurns() {
    Promise<Void> answer = Promise.promise();
    on(
        () -> {
          if (stage.current().isPresent()) {
            answer.fail(
                new ConcertException(
                    ErrorCode.TURN_IN_PROGRESS, "A turn of this session is still running."));
          } else {
            answer.complete();
          }
        });
    return answer.future();
  }

  /** Answers with where the session stands; events after {@code afterSeq} follow. */
  public void join(Origin origin, Optional<Long> afterSeq) {
    origin
        .client()
        .reply(
            origin.requestId(),
            new ServerEvent.StateSnapshot(
                meta(),
                status.state(),
                stage.current().map(Turn::snapshot).orElse(null),
                log.lastSeq(),
                stage.usage()));
    log.subscribe(origin.client(), afterSeq.orElse(log.lastSeq()));
  }

  /**
   * Starts a turn, unless the client named one that was started before: that one is answered again.
   */
  public void runTurn(Origin origin, ClientMessage.RunTurn message) {
    if (message.clientTurnId() == null) {
      startTurn(origin, message);
      return;
    }
    // One after the other: of two requests the one that came first starts the turn.
    lookingUp =
        lookingUp.transform(
            _ ->
                turnNamed(message.clientTurnId())
                    .onSuccess(stored -> startTurnOnce(origin, message, stored))
                    .onFailure(failure -> refuse(origin, failure)));
  }

  private Future<Optional<SessionEvent>> turnNamed(String clientTurnId) {
    return log.settle()
        .compose(_ -> services.stores().with(id(), store -> store.turnNamed(clientTurnId)));
  }

  private void startTurnOnce(
      Origin origin, ClientMessage.RunTurn message, Optional<SessionEvent> stored) {
    Optional<SessionEvent> known =
        stored.or(() -> stage.current().flatMap(turn -> turn.startedAs(message.clientTurnId())));
    known.ifPresentOrElse(
        started ->
            log.written()
                .onSuccess(
                    _ -> origin.client().send(EventCodec.encode(started, origin.requestId()))),
        () -> startTurn(origin, message));
  }

  private void startTurn(Origin origin, ClientMessage.RunTurn message) {
    if (meta().archived()) {
      refuse(origin, ErrorCode.SESSION_ARCHIVED, "This session is archived.");
    } else if (stage.current().isPresent()) {
      refuse(origin, ErrorCode.TURN_IN_PROGRESS, "A turn of this session is still running.");
    } else if (status.state() == DEACTIVATING) {
      refuse(origin, ErrorCode.SESSION_INACTIVE, "This session is just being put to rest.");
    } else {
      if (stream.isEmpty()) {
        stream = Optional.of(new AgentStream(services.bus(), workspaceId(), this::receive));
      }
      activation.begin(stage.begin(origin, message), message, origin.client().identity());
    }
  }

  /** Events of the agent, in order. */
  private void receive(List<NativeEvent> events) {
    stage.touch();
    log.together(() -> events.forEach(listener::receive));
    // The coordinator may forget only what is written.
    stream
        .map(AgentStream::acknowledgement)
        .ifPresent(acknowledge -> log.written().onSuccess(_ -> acknowledge.run()));
  }

  /** Asks the agent to stop; the answer is the event that ends the turn. */
  public void stopTurn(Origin origin) {
    Optional<Turn> stopping = requireTurn(origin);
    stopping.ifPresent(turn -> turn.requestStop(origin));
    stopping.filter(Turn::isDelivered).ifPresent(this::interrupt);
  }

  private void interrupt(Turn turn) {
    agent.interrupt(turn.id());
    services.vertx().setTimer(services.times().stop().toMillis(), _ -> on(() -> takeDown(turn)));
  }

  private void takeDown(Turn stuck) {
    if (stage.isCurrent(stuck)) {
      LOG.warn("The agent of session {} does not stop: it is taken down", id());
      agent.stop("stopped");
      stage.end(stuck, new ServerEvent.TurnComplete("", "stopped", stuck.usage()));
    }
  }

  public void steer(Origin origin, String text) {
    requireTurn(origin)
        .ifPresent(
            turn ->
                agent
                    .steer(text)
                    .onSuccess(_ -> steered(origin, turn, text))
                    .onFailure(failure -> refuse(origin, failure)));
  }

  private void steered(Origin origin, Turn turn, String text) {
    if (stage.isCurrent(turn)) {
      String user = origin.client().identity().userId();
      stage.place(new ServerEvent.TurnSteered(text, user), origin);
    } else {
      refuse(origin, ErrorCode.NO_TURN, "The turn was over before.");
    }
  }

  private Optional<Turn> requireTurn(Origin origin) {
    if (stage.current().isEmpty()) {
      refuse(origin, ErrorCode.NO_TURN, "No turn is running in this session.");
    }
    return stage.current();
  }

  /** The first answer counts; a second one is told that the question is not open any more. */
  public void answer(Origin origin, ClientMessage.AnswerQuestion answer) {
    if (stage.current().filter(turn -> turn.isOpen(answer.questionId())).isEmpty()) {
      refuse(origin, ErrorCode.QUESTION_NOT_FOUND, "No open question has this id.");
      return;
    }
    log.together(
        () ->
            stage.place(
                new ServerEvent.ApprovalResolved(
                    answer.questionId(),
                    answer.approved(),
                    answer.answers(),
                    answer.dismissed(),
                    origin.client().identity().userId(),
                    answer.remember()),
                origin));
    agent
        .answer(answer)
        .onFailure(
            failure ->
                LOG.warn(
                    "An answer did not reach the agent of session {}: {}",
                    id(),
                    failure.getMessage()));
  }

  /** Called every few seconds: fills holes, ends what is stuck, puts the idle to rest. */
  void tend(long now) {
    if (stage.current().isEmpty()) {
      // While a turn runs the log moves by itself when it has grown: a thousand streams need no
      // thousand transactions every few seconds.
      log.move();
    }
    long quiet = stage.quietSince(now);
    stage
        .current()
        .filter(Turn::isDelivered)
        .ifPresent(
            turn -> {
              stream.ifPresent(AgentStream::check);
              if (!turn.waitsForPerson() && quiet > services.times().silence().toMillis()) {
                giveUp(turn);
              }
            });
    boolean idle = quiet > services.times().idle().toMillis();
    if (stage.current().isEmpty() && status.state() == READY && idle) {
      rest("idle_timeout");
    }
  }

  private void giveUp(Turn silent) {
    LOG.warn("The agent of session {} was silent for too long", id());
    agent.stop("silent");
    stage.end(
        silent,
        new ServerEvent.TurnError(
            ErrorCode.TIMEOUT.name(),
            "The agent was silent for too long. " + ErrorCode.AGENT_CRASHED.advice(),
            true));
  }

  /** Stops the agent of a session without a turn. */
  private void rest(String reason) {
    status.become(DEACTIVATING, reason);
    agent
        .stop(reason)
        .onComplete(
            done -> {
              if (status.state() == DEACTIVATING) {
                status.become(done.succeeded() ? INACTIVE : ERROR, reason);
              }
            });
  }

  /** Whether nothing keeps this session in memory. */
  boolean dispensable(long now) {
    return stage.current().isEmpty()
        && status.state() == INACTIVE
        && !log.hasSubscribers()
        && log.settled()
        && stage.quietSince(now) > DISPENSABLE_MS;
  }

  void close() {
    stream.ifPresent(AgentStream::close);
    stream = Optional.empty();
  }

  /**
   * Sets right what an earlier process left: its agent is gone, and so is the turn it worked on.
   */
  void recover(Optional<String> openTurn, SessionState lastState) {
    if (openTurn.isEmpty() && lastState == INACTIVE && meta().state() == INACTIVE) {
      return;
    }
    log.together(
        () -> {
          openTurn.ifPresent(
              turnId ->
                  log.append(
                      turnId,
                      new ServerEvent.TurnError(
                          ErrorCode.AGENT_CRASHED.name(),
                          "The server was restarted in the middle of this turn. "
                              + ErrorCode.AGENT_CRASHED.advice(),
                          true)));
          status.reset("restart", lastState);
        });
  }

  /** The disk refused: nobody saw those events, so the turn they belong to cannot go on. */
  private void eventsLost() {
    Problem problem = new Problem(ErrorCode.INTERNAL, "The session could not be stored.");
    log.subscribers().forEach(client -> client.refuse(null, problem));
    if (stage.current().isPresent()) {
      stage.abandon();
      agent.stop("storage");
    }
    status.forget();
  }

  private static void refuse(Origin origin, Throwable failure) {
    if (!(failure instanceof ConcertException)) {
      LOG.error("A request of client {} failed", origin.client().id(), failure);
    }
    origin.client().refuse(origin.requestId(), Problem.of(failure));
  }

  private static void refuse(Origin origin, ErrorCode code, String message) {
    origin.client().refuse(origin.requestId(), new Problem(code, message));
  }
}
