package dev.concert.gateway.session;

import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.podium.PodiumMessages.Answer;
import dev.concert.podium.PodiumMessages.Attachment;
import dev.concert.podium.PodiumMessages.DeliverMessage;
import dev.concert.podium.PodiumMessages.HistoryEntry;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import dev.concert.podium.PodiumMessages.Interrupt;
import dev.concert.podium.PodiumMessages.StartInstance;
import dev.concert.podium.PodiumMessages.Steer;
import dev.concert.podium.PodiumMessages.StopInstance;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.SessionMeta;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** What a session asks of the coordinator, in the session's own words. */
final class AgentPort {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String INSTANCE = "agent_";

  private final ConcertBus bus;
  private final SessionMeta session;
  private final String instanceId;

  AgentPort(ConcertBus bus, SessionMeta session) {
    this.bus = bus;
    this.session = session;
    this.instanceId = instanceId(session.id());
  }

  /** Name of a session's instance, and of its workspace. */
  static String instanceId(String sessionId) {
    return INSTANCE + sessionId;
  }

  /**
   * The session whose instance has this name; something that is no session's id for other names.
   */
  static String sessionId(String instanceId) {
    return instanceId.startsWith(INSTANCE) ? instanceId.substring(INSTANCE.length()) : "";
  }

  Future<InstanceStarted> start(Duration patience) {
    return bus.request(
        Addresses.START_INSTANCE,
        new StartInstance(
            instanceId, session.tenantId(), session.id(), session.agentType(), session.model()),
        patience);
  }

  Future<Accepted> stop(String reason) {
    return bus.request(Addresses.STOP_INSTANCE, new StopInstance(instanceId, reason), PATIENCE);
  }

  Future<Accepted> deliver(
      String turnId, ClientMessage.RunTurn message, List<HistoryEntry> history, String role) {
    List<Attachment> attachments =
        message.attachments() == null
            ? List.of()
            : message.attachments().stream()
                .map(
                    one ->
                        new Attachment(one.name(), one.mediaType(), one.dataBase64(), one.path()))
                .toList();
    return bus.request(
        Addresses.DELIVER_MESSAGE,
        new DeliverMessage(instanceId, turnId, message.text(), attachments, history, role),
        PATIENCE);
  }

  Future<Accepted> steer(String text) {
    return bus.request(Addresses.STEER, new Steer(instanceId, text), PATIENCE);
  }

  Future<Accepted> interrupt(String turnId) {
    return bus.request(Addresses.INTERRUPT, new Interrupt(instanceId, turnId), PATIENCE);
  }

  Future<Accepted> answer(ClientMessage.AnswerQuestion answer) {
    return bus.request(
        Addresses.ANSWER,
        new Answer(
            instanceId,
            answer.questionId(),
            answer.approved(),
            answer.approved() == null
                ? null
                : answer.remember() == null ? "once" : answer.remember(),
            answer.answers(),
            answer.dismissed()),
        PATIENCE);
  }
}
