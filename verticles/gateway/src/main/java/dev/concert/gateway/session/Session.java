package dev.concert.gateway.session;

import static dev.concert.protocol.SessionState.ACTIVATING;
import static dev.concert.protocol.SessionState.DEACTIVATING;
import static dev.concert.protocol.SessionState.ERROR;
import static dev.concert.protocol.SessionState.INACTIVE;
import static dev.concert.protocol.SessionState.READY;
import static dev.concert.protocol.SessionState.RUNNING;
import static dev.concert.protocol.SessionState.WAITING;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.gateway.agent.AgentStream;
import dev.concert.gateway.agent.NativeEventMapper;
import dev.concert.gateway.connection.Client;
import dev.concert.gateway.connection.Origin;
import dev.concert.gateway.eventlog.SessionLog;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.podium.PodiumMessages.HistoryEntry;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.Identity;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.UsageTotals;
import dev.concert.protocol.ServerProtocol;
import dev.concert.protocol.SessionEvent;
import dev.concert.protocol.SessionMeta;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session that is in memory: its state, its turn, its events.
 *
 * <p>Everything happens on one event-loop context; whoever is elsewhere comes through {@link #on}.
 * A turn goes on whether or not anybody is connected.
 */
public final class Session {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  private static final int HISTORY_FOR_AGENT = 100;

  private final SessionServices services;
  private final Context context;
  private final SessionLog log;
  private final AgentPort agent;
  private final UsageSum usage = new UsageSum();
  private final SessionStatus status;
  private Optional<Turn> turn = Optional.empty();
  private Optional<AgentStream> stream = Optional.empty();
  private long lastActivity = System.currentTimeMillis();

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
    opened.usage().forEach(usage::add);
  }

  /** Runs work on this session's context. */
  public void on(Runnable work) {
    context.runOnContext(_ -> work.run());
  }

  public String id() {
    return status.meta().id();
  }

  /** Name of the workspace that the session's agent works in. Any thread. */
  public String workspaceId() {
    return AgentPort.instanceId(id());
  }

  public SessionLog log() {
    return log;
  }

  /** What a list shows of this session now. Any thread. */
  public SessionMeta meta() {
    return status.meta();
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
                turn.map(Turn::snapshot).orElse(null),
                log.lastSeq(),
                usage.totals()));
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
    log.move()
        .compose(_ -> services.stores().with(id(), s -> s.turnNamed(message.clientTurnId())))
        .onSuccess(
            known ->
                known.ifPresentOrElse(
                    started -> origin.client().send(EventCodec.encode(started, origin.requestId())),
                    () -> startTurn(origin, message)))
        .onFailure(failure -> refuse(origin, failure));
  }

  private void startTurn(Origin origin, ClientMessage.RunTurn message) {
    if (meta().archived()) {
      refuse(origin, ErrorCode.SESSION_ARCHIVED, "This session is archived.");
      return;
    }
    if (turn.isPresent()) {
      refuse(origin, ErrorCode.TURN_IN_PROGRESS, "A turn of this session is still running.");
      return;
    }
    if (status.state() == DEACTIVATING) {
      refuse(origin, ErrorCode.SESSION_INACTIVE, "This session is just being put to rest.");
      return;
    }
    Identity identity = origin.client().identity();
    Turn started = new Turn("turn_" + UUID.randomUUID(), System.currentTimeMillis());
    turn = Optional.of(started);
    touch();
    log.together(
        () -> {
          log.append(
              started.id(),
              new ServerEvent.TurnStarted(
                  message.clientTurnId(), message.text(), identity.userId()),
              Optional.of(origin));
          appendMessage(started.id(), "user", message.text());
          if (status.state() != READY) {
            status.become(ACTIVATING, null);
          }
        });
    activate(started, message, identity);
  }

  private void activate(Turn started, ClientMessage.RunTurn message, Identity identity) {
    if (stream.isEmpty()) {
      stream =
          Optional.of(new AgentStream(services.bus(), AgentPort.instanceId(id()), this::receive));
    }
    agent
        .start(services.times().activation())
        .compose(
            instance ->
                history(instance, started)
                    .compose(history -> deliver(started, message, history, identity)))
        .onFailure(failure -> activationFailed(started, failure));
  }

  /** What was said before this turn, for a process that does not know it. */
  private Future<List<HistoryEntry>> history(InstanceStarted instance, Turn started) {
    if (!instance.fresh()) {
      return Future.succeededFuture(List.of());
    }
    return log.move()
        .compose(
            _ ->
                services
                    .stores()
                    .with(id(), s -> s.messages(Optional.empty(), HISTORY_FOR_AGENT + 1)))
        .map(
            messages ->
                messages.subList(0, Math.max(0, messages.size() - 1)).stream()
                    .map(message -> new HistoryEntry(message.role(), message.content()))
                    .toList());
  }

  private Future<Void> deliver(
      Turn started, ClientMessage.RunTurn message, List<HistoryEntry> history, Identity identity) {
    if (!isCurrent(started)) {
      return Future.succeededFuture();
    }
    if (status.state() == ACTIVATING) {
      status.become(READY, null);
    }
    if (started.stopRequested()) {
      end(started, new ServerEvent.TurnComplete("", "stopped", UsageTotals.NONE));
      return Future.succeededFuture();
    }
    status.become(RUNNING, null);
    started.delivered();
    return agent.deliver(started.id(), message, history, identity.role().wireName()).mapEmpty();
  }

  private void activationFailed(Turn started, Throwable failure) {
    if (!isCurrent(started)) {
      return;
    }
    Problem problem = problemOf(failure);
    LOG.warn("Session {} got no agent: {}", id(), problem.message());
    log.together(
        () -> {
          log.append(
              started.id(),
              new ServerEvent.TurnError(problem.code().name(), problem.forPerson(), true));
          turn = Optional.empty();
          status.become(ERROR, problem.code().name());
        });
  }

  /** Events of the agent, in order. */
  private void receive(List<NativeEvent> events) {
    touch();
    log.together(() -> events.forEach(this::receive));
    // The coordinator may forget only what is written.
    stream.map(AgentStream::acknowledgement).ifPresent(log::whenWritten);
  }

  private void receive(NativeEvent event) {
    switch (event) {
      case NativeEvent.Complete complete -> agentEnded(complete.messageId(), event);
      case NativeEvent.Failed failed when failed.messageId() != null ->
          agentEnded(failed.messageId(), event);
      case NativeEvent.Failed failed ->
          LOG.warn("The idle agent of session {} failed: {}", id(), failed.message());
      case NativeEvent.SandboxRemoved removed -> agentRemoved(removed);
      default -> show(event);
    }
  }

  private void show(NativeEvent event) {
    for (ServerEvent mapped : NativeEventMapper.map(event, UsageTotals.NONE)) {
      boolean ofTurn = ServerProtocol.row(mapped).scope() == ServerProtocol.Scope.TURN;
      if (ofTurn && turn.isEmpty()) {
        // The agent speaks after its turn was ended: nobody waits for it any more.
        continue;
      }
      SessionEvent placed = log.append(turn.map(Turn::id).orElse(null), mapped);
      turn.ifPresent(current -> current.follow(placed));
      if (mapped instanceof ServerEvent.UsageUpdate update) {
        usage.add(update);
      }
    }
    turn.ifPresent(
        current -> {
          if (current.waitsForPerson() && status.state() == RUNNING) {
            status.become(WAITING, null);
          }
        });
  }

  private void agentEnded(String messageId, NativeEvent event) {
    turn.filter(current -> current.id().equals(messageId))
        .ifPresent(
            current ->
                NativeEventMapper.map(event, current.usage())
                    .forEach(mapped -> end(current, mapped)));
  }

  /** Ends the turn with its last event. */
  private void end(Turn ending, ServerEvent last) {
    log.together(
        () -> {
          if (last instanceof ServerEvent.TurnComplete complete
              && complete.finalText() != null
              && !complete.finalText().isEmpty()) {
            appendMessage(ending.id(), "assistant", complete.finalText());
          }
          log.append(ending.id(), last, ending.stopper());
          turn = Optional.empty();
          if (status.state() == RUNNING || status.state() == WAITING) {
            status.become(READY, null);
          }
        });
    log.move();
    touch();
  }

  private void agentRemoved(NativeEvent.SandboxRemoved removed) {
    turn.filter(Turn::isDelivered)
        .ifPresent(
            lost ->
                end(
                    lost,
                    new ServerEvent.TurnError(
                        ErrorCode.AGENT_CRASHED.name(),
                        "The agent ended in the middle of the turn. "
                            + ErrorCode.AGENT_CRASHED.advice(),
                        true)));
    show(removed);
    if (status.state() == READY) {
      status.become(INACTIVE, removed.reason());
    }
  }

  /** Asks the agent to stop; the answer is the event that ends the turn. */
  public void stopTurn(Origin origin) {
    if (turn.isEmpty()) {
      refuse(origin, ErrorCode.NO_TURN, "No turn is running in this session.");
      return;
    }
    Turn stopping = turn.get();
    stopping.requestStop(origin);
    if (!stopping.isDelivered()) {
      return;
    }
    agent.interrupt(stopping.id());
    services
        .vertx()
        .setTimer(
            services.times().stop().toMillis(), _ -> on(() -> forceStop(stopping, "stopped")));
  }

  private void forceStop(Turn stuck, String reason) {
    if (isCurrent(stuck)) {
      LOG.warn("The agent of session {} does not stop: it is taken down", id());
      agent.stop(reason);
      end(stuck, new ServerEvent.TurnComplete("", "stopped", stuck.usage()));
    }
  }

  public void steer(Origin origin, String text) {
    if (turn.isEmpty()) {
      refuse(origin, ErrorCode.NO_TURN, "No turn is running in this session.");
      return;
    }
    agent
        .steer(text)
        .onSuccess(
            _ ->
                turn.ifPresentOrElse(
                    current ->
                        log.append(
                            current.id(),
                            new ServerEvent.TurnSteered(text, origin.client().identity().userId()),
                            Optional.of(origin)),
                    () -> refuse(origin, ErrorCode.NO_TURN, "The turn was over before.")))
        .onFailure(failure -> refuse(origin, failure));
  }

  /** The first answer counts; a second one is told that the question is not open any more. */
  public void answer(Origin origin, ClientMessage.AnswerQuestion answer) {
    Turn asking = turn.filter(current -> current.isOpen(answer.questionId())).orElse(null);
    if (asking == null) {
      refuse(origin, ErrorCode.QUESTION_NOT_FOUND, "No open question has this id.");
      return;
    }
    log.together(
        () -> {
          SessionEvent placed =
              log.append(
                  asking.id(),
                  new ServerEvent.ApprovalResolved(
                      answer.questionId(),
                      answer.approved(),
                      answer.answers(),
                      answer.dismissed(),
                      origin.client().identity().userId(),
                      answer.remember()),
                  Optional.of(origin));
          asking.follow(placed);
          if (!asking.waitsForPerson()) {
            status.become(RUNNING, null);
          }
        });
    touch();
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
    log.move();
    long quiet = now - lastActivity;
    turn.filter(Turn::isDelivered)
        .ifPresent(
            current -> {
              stream.ifPresent(AgentStream::check);
              if (!current.waitsForPerson() && quiet > services.times().silence().toMillis()) {
                giveUp(current);
              }
            });
    if (turn.isEmpty() && status.state() == READY && quiet > services.times().idle().toMillis()) {
      rest("idle_timeout");
    }
  }

  private void giveUp(Turn silent) {
    LOG.warn("The agent of session {} was silent for too long", id());
    agent.stop("silent");
    end(
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
    return turn.isEmpty()
        && status.state() == INACTIVE
        && !log.hasSubscribers()
        && log.settled()
        && now - lastActivity > 60_000;
  }

  void close() {
    stream.ifPresent(AgentStream::close);
    stream = Optional.empty();
  }

  /**
   * Sets right what an earlier process left: its agent is gone, and so is the turn it worked on.
   */
  void recover(Optional<String> openTurn) {
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
          status.reset("restart");
        });
  }

  private void appendMessage(String turnId, String role, String content) {
    log.append(
        turnId,
        new ServerEvent.Message(
            "msg_" + UUID.randomUUID(), role, content, System.currentTimeMillis()));
  }

  /** The disk refused: nobody saw those events, so the turn they belong to cannot go on. */
  private void eventsLost() {
    Problem problem = new Problem(ErrorCode.INTERNAL, "The session could not be stored.");
    List<Client> told = new ArrayList<>(log.subscribers());
    told.forEach(client -> client.refuse(null, problem));
    if (turn.isPresent()) {
      turn = Optional.empty();
      agent.stop("storage");
    }
    status.forget();
  }

  private boolean isCurrent(Turn one) {
    return turn.filter(current -> current == one).isPresent();
  }

  private void touch() {
    lastActivity = System.currentTimeMillis();
  }

  private static Problem problemOf(Throwable failure) {
    if (!(failure instanceof ConcertException)) {
      LOG.error("A request to another service failed", failure);
    }
    return Problem.of(failure);
  }

  private static void refuse(Origin origin, Throwable failure) {
    origin.client().refuse(origin.requestId(), problemOf(failure));
  }

  private static void refuse(Origin origin, ErrorCode code, String message) {
    origin.client().refuse(origin.requestId(), new Problem(code, message));
  }
}
