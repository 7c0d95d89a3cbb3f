package dev.concert.gateway.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.agent.AgentInbox;
import dev.concert.podium.PodiumMessages.Answer;
import dev.concert.podium.PodiumMessages.Attachment;
import dev.concert.podium.PodiumMessages.DeleteInstance;
import dev.concert.podium.PodiumMessages.DeliverMessage;
import dev.concert.podium.PodiumMessages.HistoryEntry;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import dev.concert.podium.PodiumMessages.Interrupt;
import dev.concert.podium.PodiumMessages.ResetInstance;
import dev.concert.podium.PodiumMessages.StartInstance;
import dev.concert.podium.PodiumMessages.Steer;
import dev.concert.podium.PodiumMessages.StopInstance;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.SessionMeta;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a session asks of the coordinator, in the session's own words. */
final class AgentClient {
  private static final Logger LOG = LoggerFactory.getLogger(AgentClient.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration REMOVAL = Duration.ofSeconds(70);
  private static final String INSTANCE = "agent_";

  private final ConcertBus bus;
  private final AgentInbox inbox;
  private final SessionMeta session;
  private final String instanceId;

  /** The process that was started last; a message for it must not reach another one. */
  private String epoch = "";

  AgentClient(ConcertBus bus, AgentInbox inbox, SessionMeta session) {
    this.bus = bus;
    this.inbox = inbox;
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

  /** Logs what the agent does wrong, with the ids of what is concerned. */
  void warn(String turnId, String what) {
    LOG.atWarn()
        .addKeyValue("sessionId", session.id())
        .addKeyValue("instanceId", instanceId)
        .addKeyValue("turnId", turnId)
        .log("Agent {} of session {} {}", instanceId, session.id(), what);
  }

  Future<InstanceStarted> start(Duration timeout) {
    return bus.request(
            Addresses.START_INSTANCE,
            new StartInstance(
                instanceId,
                session.tenantId(),
                session.createdBy(),
                session.id(),
                session.agentType(),
                session.model(),
                inbox.address(),
                instructions(),
                isBackground()),
            timeout)
        .onSuccess(started -> epoch = started.epoch());
  }

  /** What who made the session wants its agent to know. */
  private String instructions() {
    JsonNode metadata = session.metadata();
    return metadata == null ? null : metadata.path("agentInstructions").textValue();
  }

  /** The sessions of automations say so. */
  private boolean isBackground() {
    return session.metadata() != null
        && session.metadata().path("kind").asText().startsWith("automation");
  }

  /** Removes a session's instance with its workspace. Being asked twice does no harm. */
  static Future<Accepted> delete(ConcertBus bus, String sessionId) {
    return bus.request(
        Addresses.DELETE_INSTANCE, new DeleteInstance(instanceId(sessionId)), REMOVAL);
  }

  /** Stops the agent and has what it stored forgotten. Being asked twice does no harm. */
  Future<Accepted> reset(String reason) {
    return bus.request(Addresses.RESET_INSTANCE, new ResetInstance(instanceId, reason), TIMEOUT);
  }

  Future<Accepted> stop(String reason) {
    return bus.request(Addresses.STOP_INSTANCE, new StopInstance(instanceId, reason), TIMEOUT);
  }

  Future<Accepted> deliver(
      String turnId,
      String text,
      List<Attachment> attachments,
      List<HistoryEntry> history,
      String role) {
    return bus.request(
        Addresses.DELIVER_MESSAGE,
        new DeliverMessage(instanceId, epoch, turnId, text, attachments, history, role),
        TIMEOUT);
  }

  Future<Accepted> steer(String text) {
    return bus.request(Addresses.STEER, new Steer(instanceId, epoch, text), TIMEOUT);
  }

  Future<Accepted> interrupt(String turnId) {
    return bus.request(Addresses.INTERRUPT, new Interrupt(instanceId, epoch, turnId), TIMEOUT);
  }

  /**
   * Ends the work on a message of which nobody knows whether the agent got it. Where that cannot be
   * asked for, the whole agent stops.
   */
  void stopWork(String turnId) {
    interrupt(turnId)
        .recover(
            failure ->
                failure instanceof ConcertException known && known.code() == ErrorCode.NO_TURN
                    ? Future.succeededFuture(Accepted.ACCEPTED)
                    : stop("delivery_failed"))
        .onFailure(failure -> warn(turnId, "may work on a message that it should not have"));
  }

  Future<Accepted> answer(ClientMessage.AnswerQuestion answer) {
    return bus.request(
        Addresses.ANSWER,
        new Answer(
            instanceId,
            epoch,
            answer.questionId(),
            answer.approved(),
            answer.approved() == null
                ? null
                : answer.remember() == null ? "once" : answer.remember(),
            answer.answers(),
            answer.dismissed()),
        TIMEOUT);
  }
}
