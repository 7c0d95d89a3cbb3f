package dev.concert.bridges.conversation;

import dev.concert.automation.EventMessages.ChatEvent;
import dev.concert.bridges.member.ChatMembers;
import dev.concert.bridges.platform.ChatConnection;
import dev.concert.bridges.platform.InboundEvent;
import dev.concert.bridges.platform.InboundEvent.Kind;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.client.EngineHandover;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells automations what members write, wherever Concert sees it. They never hear of strangers, nor
 * of commands to Concert, which may have a code in them.
 */
record MessageNews(String tenantId, ChatMembers members, EngineHandover engine) {
  private static final Logger LOG = LoggerFactory.getLogger(MessageNews.class);

  /** Completes when it is durable that the engine gets it, or when the engine does not need it. */
  Future<Void> tell(ChatConnection connection, InboundEvent event) {
    if (event.kind() != Kind.MESSAGE
        || event.text().isBlank()
        || EventHandler.command(event).isPresent()) {
      return Future.succeededFuture();
    }
    return members
        .find(connection.id(), event.sender())
        .compose(
            member ->
                member
                    .map(
                        userId ->
                            engine.said(
                                ChatConnection.lane(connection.id(), event.conversation()),
                                new ChatEvent(
                                    tenantId,
                                    event.eventId(),
                                    connection.platform(),
                                    connection.id(),
                                    event.channel(),
                                    userId,
                                    event.text(),
                                    event.isDirect())))
                    .map(told -> told.recover(this::full))
                    .orElseGet(Future::succeededFuture));
  }

  /** Members are served also where no automation can hear of it. */
  private Future<Void> full(Throwable failure) {
    Problem problem = Problem.of(failure);
    if (problem.code() != ErrorCode.AUTOMATIONS_UNAVAILABLE) {
      return Future.failedFuture(failure);
    }
    LOG.atWarn()
        .addKeyValue("tenantId", tenantId)
        .log("A message does not reach the automation engine: {}", problem.message());
    return Future.succeededFuture();
  }
}
