package dev.concert.coordinator.instance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.concert.agentevent.AgentEvent;
import dev.concert.coordinator.event.CoordinatorEvents;
import dev.concert.coordinator.event.ReplayBuffer;
import dev.concert.coordinator.ipc.AgentFrame;
import dev.concert.coordinator.ipc.ProtocolViolation;
import dev.concert.coordinator.ipc.ReceivedFrame;
import dev.concert.protocol.ServerEvent;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles an agent's frames: events go into the stream, state and log to the disk. When one of
 * these cannot keep up, reading from the agent stops. Belongs to one event loop.
 */
final class FrameHandler {
  private static final Logger LOG = LoggerFactory.getLogger(FrameHandler.class);
  private static final int MAX_UNWRITTEN_STATE_BYTES = 1 << 20;
  private static final long CHANGES_TIMEOUT_MS = 1000;
  private static final int MAX_UNKNOWN_TYPES = 100;

  private final InstanceServices services;
  private final String instanceId;
  private final AgentParts parts;
  private final AgentDialog dialog;
  private final Run run;
  private final Set<String> unknownTypes = new HashSet<>();
  private boolean heldByStream;
  private int unwrittenStateBytes;
  private Future<Void> finishing = Future.succeededFuture();

  /** The process as a whole. */
  interface Run {
    void becomeReady();

    Future<Void> end(ExitReason reason);
  }

  FrameHandler(
      InstanceServices services, String instanceId, AgentParts parts, AgentDialog dialog, Run run) {
    this.services = services;
    this.instanceId = instanceId;
    this.parts = parts;
    this.dialog = dialog;
    this.run = run;
    parts.stream().onRoom(this::onRoom);
  }

  /** The end of a message that the agent completed, while it is under way. */
  Future<Void> finishing() {
    return finishing;
  }

  /** Takes the frames of one read; their events go out as one bus message. */
  void handle(List<ReceivedFrame> frames) {
    List<ReplayBuffer.Kept> events = new ArrayList<>();
    StringBuilder log = new StringBuilder();
    for (ReceivedFrame received : frames) {
      switch (received.frame()) {
        case AgentFrame.Ready frame -> run.becomeReady();
        case AgentFrame.Update frame ->
            event(frame).ifPresent(e -> events.add(new ReplayBuffer.Kept(e, received.bytes())));
        case AgentFrame.StateDelta frame -> keep(frame, received.bytes());
        case AgentFrame.Log frame -> log.append(CoordinatorFrames.logLine(frame)).append('\n');
        case AgentFrame.Complete frame -> {
          parts.stream().emit(List.copyOf(events));
          events.clear();
          complete(frame);
        }
        case AgentFrame.Unknown frame -> logUnknown(frame.type());
      }
    }
    parts.stream().emit(events);
    write(log);
    if (parts.stream().isFull() && !heldByStream) {
      heldByStream = true;
      parts.connection().hold();
    }
  }

  private void onRoom() {
    if (heldByStream) {
      heldByStream = false;
      parts.connection().release();
    }
    parts.feed().onRoom();
  }

  /** Empty for an event that comes after its message is over, and for what shows nothing. */
  private Optional<AgentEvent> event(AgentFrame.Update frame) {
    return dialog
        .open(frame.messageId())
        .flatMap(
            message -> {
              if (!frame.element().known()) {
                logUnknown(frame.element().type());
              }
              Optional<ServerEvent> event = frame.element().event();
              event.ifPresent(shown -> note(message, shown));
              return event.map(shown -> new AgentEvent(frame.messageId(), shown));
            });
  }

  private void note(MessageInFlight message, ServerEvent event) {
    switch (event) {
      case ServerEvent.QuestionRequested question -> message.asked(question);
      case ServerEvent.PermissionRequested question -> message.asked(question.questionId());
      // An Ensemble that was started again meanwhile knows no token, and may listen elsewhere.
      case ServerEvent.ModelRetry _ -> parts.access().renew();
      default -> {}
    }
  }

  private void logUnknown(String type) {
    if (unknownTypes.size() < MAX_UNKNOWN_TYPES && unknownTypes.add(type)) {
      LOG.info("The agent of {} sends unknown type '{}'", instanceId, type);
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
      run.end(new ExitReason.Crashed(violation.getMessage()));
    } else {
      LOG.error("The state of instance {} cannot be written", instanceId, failure);
    }
  }

  /** The agent is not read while its log is written, so that it cannot log faster than the disk. */
  private void write(StringBuilder lines) {
    if (lines.isEmpty()) {
      return;
    }
    String text = lines.substring(0, lines.length() - 1);
    parts.connection().hold();
    services
        .workers()
        .executeBlocking(
            () -> {
              parts.process().log().line(text);
              return null;
            },
            false)
        .onFailure(failure -> LOG.warn("A log line of {} is lost", instanceId, failure))
        .onComplete(written -> parts.connection().release());
  }

  /** The results of the message come first: its state on the disk, its file changes as events. */
  private void complete(AgentFrame.Complete frame) {
    Optional<MessageInFlight> open = dialog.open(frame.messageId());
    if (open.isEmpty()) {
      return;
    }
    open.get().decide();
    finishing =
        endProcesses(open.get())
            .compose(ended -> parts.state().flushed())
            .otherwiseEmpty() // its failure was logged where it was written
            .compose(flushed -> parts.feed().catchUp().timeout(CHANGES_TIMEOUT_MS, MILLISECONDS))
            .onFailure(
                failure ->
                    LOG.info(
                        "The file changes of a turn of {} come late: {}",
                        instanceId,
                        failure.getMessage()))
            .otherwiseEmpty()
            .onSuccess(
                done -> {
                  dialog.end();
                  parts.stream().emit(CoordinatorEvents.of(frame));
                });
  }

  /**
   * What a stopped turn started ends before the turn does: programs in the background as well, and
   * nothing of the next turn. What the agent started before the turn, and in turns before,
   * continues.
   */
  private Future<Void> endProcesses(MessageInFlight message) {
    return services
        .workers()
        .<Void>executeBlocking(
            () -> {
              if (message.isInterrupted()) {
                parts.process().killStartedSince(message.deliveredAt());
              }
              parts.process().keepRunning();
              return null;
            },
            false)
        .onFailure(
            failure ->
                LOG.warn(
                    "The processes of {} cannot be looked at: some may run on",
                    instanceId,
                    failure))
        .otherwiseEmpty();
  }
}
