package dev.concert.coordinator.instance;

import dev.concert.coordinator.ipc.AgentFrame;
import dev.concert.coordinator.ipc.CoordinatorFrame;
import dev.concert.foundation.tracing.TraceContext;
import dev.concert.podium.PodiumMessages.Answer;
import dev.concert.podium.PodiumMessages.DeliverMessage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The table from bus messages to frames for the agent. Pure. */
final class CoordinatorFrames {
  private CoordinatorFrames() {}

  /**
   * @param withHistory whether this is the first message of the process
   */
  static CoordinatorFrame.Message message(
      DeliverMessage message, String tenantId, boolean withHistory) {
    return new CoordinatorFrame.Message(
        message.messageId(),
        new CoordinatorFrame.Data(message.text(), "user", attachments(message)),
        withHistory ? history(message) : null,
        new CoordinatorFrame.Origin(tenantId, message.role(), "gateway"),
        TraceContext.current().header().orElse(null));
  }

  private static List<CoordinatorFrame.Attachment> attachments(DeliverMessage message) {
    return message.attachments() == null
        ? List.of()
        : message.attachments().stream()
            .map(
                one ->
                    new CoordinatorFrame.Attachment(
                        one.name(), one.mediaType(), one.dataBase64(), one.path()))
            .toList();
  }

  private static List<CoordinatorFrame.HistoryEntry> history(DeliverMessage message) {
    return message.history() == null
        ? List.of()
        : message.history().stream()
            .map(entry -> new CoordinatorFrame.HistoryEntry(entry.role(), entry.content()))
            .toList();
  }

  static CoordinatorFrame.Answer answer(Answer answer) {
    return new CoordinatorFrame.Answer(
        answer.questionId(),
        answer.approved(),
        answer.remember(),
        answer.answers(),
        answer.dismissed());
  }

  /** One line for the agent's log file. */
  static String logLine(AgentFrame.Log log) {
    return "%s %s %s: %s"
        .formatted(
            Optional.ofNullable(log.timestamp()).orElse("-"),
            Optional.ofNullable(log.level()).orElse("info").toUpperCase(Locale.ROOT),
            Optional.ofNullable(log.module()).orElse("agent"),
            log.message());
  }
}
