package dev.concert.gateway.session;

import static dev.concert.protocol.SessionState.INACTIVE;
import static dev.concert.protocol.SessionState.READY;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.agentevent.AgentEvent;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.clock.SteadyClock;
import dev.concert.foundation.tracing.TraceContext;
import dev.concert.gateway.agent.AgentEventStream;
import dev.concert.gateway.agent.AgentInbox;
import dev.concert.gateway.eventlog.SessionLog;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.Identity;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionEvent;
import dev.concert.protocol.SessionMeta;
import dev.concert.protocol.SessionState;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A session that is in memory: what may be asked of it.
 *
 * <p>On one event-loop context ({@link #on}). A turn goes on whether or not anybody is connected.
 */
public final class Session {
  /** A session without subscribers and without an agent leaves the memory after this time. */
  private static final long DISPENSABLE_MS = 60_000;

  private final SessionServices services;
  private final Context context;
  private final SessionLog log;
  private final SessionStatus status;
  private final CurrentTurn currentTurn;
  private final AgentInbox inbox;
  private final AgentClient agent;
  private final AgentEventHandler listener;
  private final TurnStarter starter;
  private final SessionLifecycle lifecycle;
  private final SessionRewind rewind;
  private Optional<AgentEventStream> stream = Optional.empty();
  private boolean deleted;
  private volatile long foundAt;

  Session(SessionServices services, Context context, SessionMeta meta, StoredSession opened) {
    this.services = services;
    this.context = context;
    this.inbox = services.inboxes().of(context);
    this.agent = new AgentClient(services.bus(), inbox, meta);
    this.log =
        new SessionLog(
            meta.id(),
            opened.lastSeq(),
            context,
            services.journal(),
            services.databases(),
            this::eventsLost);
    this.status = new SessionStatus(services.registries(), log, meta);
    FirstName name = new FirstName(services, status, this::lifecycle, this::on);
    this.currentTurn = new CurrentTurn(log, status, opened.usage(), name::after);
    this.listener = new AgentEventHandler(status, currentTurn);
    TurnCheckpoints checkpoints = new TurnCheckpoints(services, log, workspaceId());
    currentTurn.onEnd(checkpoints::turnEnded);
    this.rewind = new SessionRewind(services, log, status, currentTurn, agent, checkpoints);
    TurnAttachments attachments = new TurnAttachments(services.bus(), workspaceId());
    this.starter =
        new TurnStarter(
            services,
            log,
            status,
            currentTurn,
            attachments,
            new Activation(services, agent, checkpoints, attachments, log, status, currentTurn),
            this::listen);
    this.lifecycle = new SessionLifecycle(status, currentTurn, agent);
  }

  /** Runs work on this session's context, in the trace of its caller. */
  public void on(Runnable work) {
    TraceContext.current().runOn(context, work);
  }

  /** Has work done on this session's context, and completes as it does. Any thread. */
  public <T> Future<T> call(Supplier<Future<T>> work) {
    Promise<T> done = Promise.promise();
    on(() -> Future.succeededFuture().compose(_ -> work.get()).onComplete(done));
    return done.future();
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
    return AgentClient.instanceId(id());
  }

  /** Name of the agent instance of a session. */
  public static String instanceOf(String sessionId) {
    return AgentClient.instanceId(sessionId);
  }

  /** The session of the agent with this id; the empty text for what is no agent's id. */
  public static String idOfAgent(String agentId) {
    return AgentClient.sessionId(agentId);
  }

  public SessionLog log() {
    return log;
  }

  /** Refuses who found the session before it was deleted. For the session's context. */
  public void requirePresent() {
    if (deleted) {
      throw gone();
    }
  }

  /** Renames and archives it, as long as it is {@linkplain #requirePresent there}. */
  public SessionLifecycle lifecycle() {
    requirePresent();
    return lifecycle;
  }

  /** Whether a turn runs or begins now. Any thread. */
  boolean hasTurn() {
    return currentTurn.current().isPresent();
  }

  /** Takes it back to before a message. For the session's context. */
  public SessionRewind rewind() {
    return rewind;
  }

  /** Fails with {@code TURN_IN_PROGRESS} while there is a turn or a rewind. Any thread. */
  public Future<Void> betweenTurns() {
    Promise<Void> answer = Promise.promise();
    on(() -> currentTurn.refusal().ifPresentOrElse(answer::fail, answer::complete));
    return answer.future();
  }

  /** Where the session stands, for a client that joins now. */
  public ServerEvent.StateSnapshot snapshot() {
    return new ServerEvent.StateSnapshot(
        meta(),
        status.state(),
        currentTurn.current().map(Turn::snapshot).orElse(null),
        log.lastSeq(),
        currentTurn.usage());
  }

  /**
   * Starts a turn, unless the client named one that was started before: that one is answered again.
   *
   * @return the event that started the turn, once it is written
   */
  public Future<SessionEvent> runTurn(Identity who, ClientMessage.RunTurn message) {
    return starter.run(who, message);
  }

  /**
   * The session is deleted: its turn ends without an event, nobody gets events of it any more, and
   * nothing can be asked of it.
   */
  Future<Void> delete() {
    deleted = true;
    starter.sessionDeleted();
    rewind.sessionDeleted();
    currentTurn.abandon(gone());
    log.sessionDeleted();
    close();
    // What is queued is written first, so that nothing is written after it was removed.
    return log.settle().otherwiseEmpty();
  }

  private static ConcertException gone() {
    return new ConcertException(ErrorCode.SESSION_NOT_FOUND, "This session was deleted.");
  }

  private void listen() {
    if (stream.isEmpty()) {
      stream =
          Optional.of(
              new AgentEventStream(
                  services.bus(), inbox, workspaceId(), this::receive, this::agentLost));
    }
  }

  /** Events of the agent, in order. */
  private void receive(List<AgentEvent> events) {
    currentTurn.touch();
    log.together(() -> events.forEach(listener::receive));
    // The coordinator may forget only what is written.
    stream
        .map(AgentEventStream::acknowledgement)
        .ifPresent(acknowledge -> log.written().onSuccess(_ -> acknowledge.run()));
  }

  /**
   * Asks the agent to stop.
   *
   * @return the event that ends the turn, once it is written
   */
  public Future<SessionEvent> stopTurn() {
    return currentTurn
        .current()
        .map(
            turn -> {
              Future<SessionEvent> end = turn.requestStop();
              if (turn.isDelivered()) {
                agent.interrupt(turn.id());
                long timeout = services.timeouts().stop().toMillis();
                services.vertx().setTimer(timeout, _ -> on(() -> takeDown(turn)));
              }
              return end;
            })
        .orElseGet(Session::noTurn);
  }

  private void takeDown(Turn stuck) {
    if (currentTurn.isCurrent(stuck)) {
      agent.warn(stuck.id(), "does not stop: it is taken down");
      agent.stop("stopped");
      currentTurn.end(stuck, new ServerEvent.TurnComplete("", "stopped", stuck.usage()));
    }
  }

  /** Guides the agent in the middle of its turn. */
  public Future<SessionEvent> steer(Identity who, String text) {
    return currentTurn
        .current()
        .map(turn -> agent.steer(text).compose(_ -> steered(who, turn, text)))
        .orElseGet(Session::noTurn);
  }

  private Future<SessionEvent> steered(Identity who, Turn turn, String text) {
    return currentTurn.isCurrent(turn)
        ? currentTurn.placeForPerson(new ServerEvent.TurnSteered(text, who.userId()))
        : refused(ErrorCode.NO_TURN, "The turn ended before the guidance reached its agent.");
  }

  private static Future<SessionEvent> noTurn() {
    return refused(ErrorCode.NO_TURN, "No turn is running in this session.");
  }

  /** Answers a question of the agent. The first answer counts; a second one is refused. */
  public Future<SessionEvent> answer(Identity who, ClientMessage.AnswerQuestion answer) {
    Optional<Turn> asking = currentTurn.current().filter(turn -> turn.isOpen(answer.questionId()));
    if (asking.isEmpty()) {
      return refused(ErrorCode.QUESTION_NOT_FOUND, "No open question has this id.");
    }
    Map<String, JsonNode> shown = asking.get().shown(answer.questionId(), answer.answers());
    Promise<SessionEvent> resolved = Promise.promise();
    log.together(
        () ->
            currentTurn
                .placeForPerson(
                    new ServerEvent.ApprovalResolved(
                        answer.questionId(),
                        answer.approved(),
                        shown,
                        answer.dismissed(),
                        who.userId(),
                        answer.remember()))
                .onComplete(resolved));
    agent
        .answer(answer)
        .onFailure(
            failure ->
                agent.warn(asking.get().id(), "did not get an answer: " + failure.getMessage()));
    return resolved.future();
  }

  /** Called every few seconds: fills holes, ends what is stuck, puts the idle to rest. */
  void tend(long now) {
    if (currentTurn.current().isEmpty()) {
      // While a turn runs the log moves by itself when it has grown: a thousand streams need no
      // thousand transactions every few seconds.
      log.move();
    }
    rewind.retry(now);
    long quiet = currentTurn.quietSince(now);
    currentTurn
        .current()
        .filter(Turn::isDelivered)
        .ifPresent(
            turn -> {
              stream.ifPresent(AgentEventStream::check);
              if (!turn.waitsForPerson() && quiet > services.timeouts().silence().toMillis()) {
                giveUp(turn);
              }
            });
    boolean idle = quiet > services.timeouts().idle().toMillis();
    if (currentTurn.current().isEmpty() && status.state() == READY && idle) {
      lifecycle.rest("idle_timeout");
    }
  }

  /** The coordinator was restarted, or is away for too long: nobody else will end this turn. */
  private void agentLost() {
    if (currentTurn.current().filter(Turn::isDelivered).isPresent()) {
      receive(List.of(AgentEvent.ofInstance(new ServerEvent.SandboxRemoved("host_lost"))));
    }
  }

  private void giveUp(Turn silent) {
    agent.warn(silent.id(), "was silent for too long");
    agent.stop("silent");
    currentTurn.end(
        silent,
        new ServerEvent.TurnError(
            ErrorCode.TIMEOUT.name(),
            "The agent was silent for too long. " + ErrorCode.AGENT_CRASHED.advice(),
            true));
  }

  /** Somebody found it in memory and may ask something of it. Any thread. */
  void found() {
    foundAt = SteadyClock.millis();
  }

  /** Whether nothing keeps this session in memory. */
  boolean dispensable(long now) {
    return starter.isAtRest()
        && now - foundAt > DISPENSABLE_MS
        && status.state() == INACTIVE
        && !log.hasSubscribers()
        && log.settled()
        && currentTurn.quietSince(now) > DISPENSABLE_MS;
  }

  /** Stores what is in memory only; completes when that is done, or cannot be. */
  Future<Void> settle() {
    return log.settle().otherwiseEmpty().compose(_ -> status.saved());
  }

  /** Takes nothing of the agent any more, and saves no later change. */
  void close() {
    stream.ifPresent(AgentEventStream::close);
    stream = Optional.empty();
    status.retire();
  }

  /** Sets right what an earlier process left: its agent is gone, and so is its turn. */
  void recover(Optional<String> openTurn, SessionState lastState) {
    if (openTurn.isEmpty() && lastState == INACTIVE && meta().state() == INACTIVE) {
      return;
    }
    // Where the coordinator is another process the agent may still work on the turn that ends here.
    agent.stop("gateway_restarted");
    log.together(
        () -> {
          openTurn.ifPresent(
              turnId ->
                  log.append(
                      turnId,
                      new ServerEvent.TurnError(
                          ErrorCode.SERVER_RESTARTED.name(),
                          "The server was restarted in the middle of this turn. "
                              + ErrorCode.SERVER_RESTARTED.advice(),
                          true)));
          status.reset("restart", lastState);
        });
  }

  /** The disk refused: no client saw those events, so the turn they belong to cannot go on. */
  private void eventsLost(Problem problem) {
    log.subscribers().forEach(subscriber -> subscriber.failed(problem));
    if (currentTurn.current().isPresent()) {
      currentTurn.abandon(problem.toException());
      agent.stop("storage");
    }
    status.forget();
  }

  private static <T> Future<T> refused(ErrorCode code, String message) {
    return Future.failedFuture(new ConcertException(code, message));
  }
}
