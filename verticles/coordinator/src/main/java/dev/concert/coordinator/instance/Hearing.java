package dev.concert.coordinator.instance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.concert.coordinator.Host;
import dev.concert.coordinator.event.EventStream;
import dev.concert.coordinator.event.NativeEvents;
import dev.concert.coordinator.ipc.AgentFrame;
import dev.concert.coordinator.ipc.ProtocolViolation;
import dev.concert.coordinator.ipc.ReceivedFrame;
import dev.concert.nativeagent.NativeEvent;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what an agent's frames ask for: events into the stream, state and log onto the disk. Where
 * one of these cannot keep up, the agent is not read any further. Belongs to one event loop.
 */
final class Hearing {
  private static final Logger LOG = LoggerFactory.getLogger(Hearing.class);
  private static final int MAX_UNWRITTEN_STATE_BYTES = 1 << 20;
  private static final long CHANGES_PATIENCE_MS = 1000;
  private static final int MAX_UNKNOWN_TYPES = 100;

  private final Host host;
  private final String instanceId;
  private final AgentParts parts;
  private final Conversation conversation;
  private final Run run;
  private final Set<String> unknownTypes = new HashSet<>();
  private boolean heldByStream;
  private int unwrittenStateBytes;
  private Future<Void> finishing = Future.succeededFuture();

  /** What concerns the process as a whole. */
  interface Run {
    void becomeReady();

    Future<Void> end(Death death);
  }

  Hearing(Host host, String instanceId, AgentParts parts, Conversation conversation, Run run) {
    this.host = host;
    this.instanceId = instanceId;
    this.parts = parts;
    this.conversation = conversation;
    this.run = run;
    parts.stream().onRoom(this::onRoom);
  }

  /** The end of a message that the agent completed, while it is under way. */
  Future<Void> finishing() {
    return finishing;
  }

  /** Takes the frames of one read; their events go out as one bus message. */
  void hear(List<ReceivedFrame> frames) {
    List<EventStream.Kept> events = new ArrayList<>();
    StringBuilder log = new StringBuilder();
    for (ReceivedFrame received : frames) {
      switch (received.frame()) {
        case AgentFrame.Ready frame -> run.becomeReady();
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

  private void onRoom() {
    if (heldByStream) {
      heldByStream = false;
      parts.connection().release();
    }
    parts.feed().onRoom();
  }

  /** Empty for what comes late, when its message is over, and for what nobody knows. */
  private Optional<NativeEvent> event(AgentFrame.Update frame) {
    return conversation
        .open(frame.messageId())
        .flatMap(
            turn -> {
              Optional<NativeEvent> event = NativeEvents.of(frame.element());
              event.ifPresentOrElse(
                  known -> noteQuestion(turn, known), () -> passOver(frame.element().toString()));
              return event;
            });
  }

  private static void noteQuestion(Turn turn, NativeEvent event) {
    switch (event) {
      case NativeEvent.QuestionRequested question -> turn.asked(question.questionId());
      case NativeEvent.PermissionRequested question -> turn.asked(question.questionId());
      default -> {}
    }
  }

  private void passOver(String type) {
    if (unknownTypes.size() < MAX_UNKNOWN_TYPES && unknownTypes.add(type)) {
      LOG.info("The agent of {} sends '{}', which is passed over", instanceId, type);
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
      run.end(new Death.Crashed(violation.getMessage()));
    } else {
      LOG.error("The state of instance {} cannot be written", instanceId, failure);
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
        .onFailure(failure -> LOG.warn("A log line of {} is lost", instanceId, failure))
        .onComplete(written -> parts.connection().release());
  }

  /** What the turn left behind comes first: its state on the disk, its file changes as events. */
  private void complete(AgentFrame.Complete frame) {
    Optional<Turn> open = conversation.open(frame.messageId());
    if (open.isEmpty()) {
      return;
    }
    open.get().decide();
    finishing =
        parts
            .state()
            .flushed()
            .otherwiseEmpty() // its failure was told where it was written
            .compose(flushed -> parts.feed().catchUp().timeout(CHANGES_PATIENCE_MS, MILLISECONDS))
            .onFailure(
                failure ->
                    LOG.warn(
                        "The file changes of a turn of {} come late: {}",
                        instanceId,
                        failure.getMessage()))
            .otherwiseEmpty()
            .onSuccess(
                done -> {
                  conversation.end();
                  parts.stream().emit(NativeEvents.of(frame));
                });
  }
}
