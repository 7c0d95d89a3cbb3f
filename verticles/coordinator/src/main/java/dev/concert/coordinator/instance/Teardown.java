package dev.concert.coordinator.instance;

import dev.concert.agentevent.AgentEvent;
import dev.concert.bus.Addresses;
import dev.concert.coordinator.egress.AgentNetwork;
import dev.concert.coordinator.event.CoordinatorEvents;
import dev.concert.coordinator.process.ExitStatus;
import dev.concert.error.ConcertException;
import dev.concert.error.FailureLog;
import dev.concert.inference.InferenceMessages.CloseAccess;
import dev.concert.protocol.ServerEvent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cleans up after an agent process: kills everything that it started, adds its last file changes to
 * the stream, ends its message, closes its access. The workspace stays. The events come within 2 s.
 */
record Teardown(InstanceServices services, String instanceId, AgentParts parts) {
  private static final Logger LOG = LoggerFactory.getLogger(Teardown.class);
  private static final long CHANGES_TIMEOUT_MS = 700;
  private static final Duration ACCESS_TIMEOUT = Duration.ofSeconds(1);

  /**
   * @param finishing the end of a message that the agent itself completed, under way
   * @param open the message that it did not complete
   * @param ready fails when the agent never became ready
   */
  Future<Void> run(
      ExitReason reason,
      Future<Void> finishing,
      Optional<MessageInFlight> open,
      Promise<Void> ready) {
    return services
        .workers()
        .executeBlocking(() -> parts.process().end(), false)
        .compose(status -> catchUp(finishing).map(status))
        .compose(
            status -> {
              tell(reason, status, open, ready);
              return clear();
            });
  }

  /** A message that the agent completed gets its own end first, however long that takes. */
  private Future<Void> catchUp(Future<Void> finishing) {
    return finishing.compose(
        finished ->
            parts
                .feed()
                .catchUp()
                .timeout(CHANGES_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .onFailure(
                    failure ->
                        LOG.info(
                            "The last file changes of {} come late: {}",
                            instanceId,
                            FailureLog.reason(failure)))
                .otherwiseEmpty());
  }

  private void tell(
      ExitReason reason, ExitStatus status, Optional<MessageInFlight> open, Promise<Void> ready) {
    ConcertException failure =
        switch (reason) {
          case ExitReason.Crashed crashed -> crashed.toException(status);
          case ExitReason.Stopped stopped -> ExitReason.stoppedMeanwhile();
          case ExitReason.IgnoredInterrupt ignored -> ExitReason.stoppedMeanwhile();
        };
    if (ready.tryFail(failure)) {
      return; // whoever asked for the start gets the answer, and says that the sandbox is gone
    }
    String messageId = open.map(MessageInFlight::messageId).orElse(null);
    if (reason instanceof ExitReason.Crashed) {
      LOG.atWarn()
          .addKeyValue("instanceId", instanceId)
          .addKeyValue("turnId", messageId)
          .log("The agent of instance {} is gone. {}", instanceId, FailureLog.reason(failure));
      parts.stream()
          .emit(
              new AgentEvent(
                  messageId,
                  new ServerEvent.TurnError(
                      failure.code().name(),
                      failure.getMessage(),
                      true,
                      failure.problem().details())));
    } else if (messageId != null) {
      parts.stream().emit(CoordinatorEvents.completed(messageId, "stopped", ""));
    }
    parts.stream().emit(new ServerEvent.SandboxRemoved(reason.reason()));
  }

  private Future<Void> clear() {
    parts.feed().close();
    services.users().release(services.folder(instanceId));
    return Future.join(
            parts.socket().close(),
            parts.network().map(AgentNetwork::close).orElse(Future.succeededFuture()),
            services
                .workers()
                .executeBlocking(
                    () -> {
                      parts.socket().path().remove();
                      return null;
                    },
                    false),
            services
                .bus()
                .request(Addresses.CLOSE_ACCESS, new CloseAccess(instanceId), ACCESS_TIMEOUT))
        .onFailure(
            failure ->
                LOG.warn(
                    "Something of agent {} may be left over: {}",
                    instanceId,
                    FailureLog.reason(failure)))
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }
}
