package dev.concert.coordinator.instance;

import dev.concert.bus.Addresses;
import dev.concert.coordinator.Host;
import dev.concert.coordinator.sandbox.ExitStatus;
import dev.concert.error.ConcertException;
import dev.concert.inference.InferenceMessages.CloseAccess;
import dev.concert.nativeagent.NativeEvent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done when an agent is no more: everything it started is killed, its last file changes are
 * taken over, its message gets an end, its token dies. The workspace stays. The events about it
 * come within 2 s.
 */
record Ending(Host host, String instanceId, AgentParts parts) {
  private static final Logger LOG = LoggerFactory.getLogger(Ending.class);
  private static final long CHANGES_PATIENCE_MS = 700;
  private static final Duration ACCESS_PATIENCE = Duration.ofSeconds(1);

  /**
   * @param finishing the end of a message that the agent itself completed, under way
   * @param open the message that it did not complete
   * @param ready fails when the agent never became ready
   */
  Future<Void> run(Death death, Future<Void> finishing, Optional<Turn> open, Promise<Void> ready) {
    return host.workers()
        .executeBlocking(() -> parts.process().end(), false)
        .compose(status -> catchUp(finishing).map(status))
        .compose(
            status -> {
              tell(death, status, open, ready);
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
                .timeout(CHANGES_PATIENCE_MS, TimeUnit.MILLISECONDS)
                .onFailure(
                    failure ->
                        LOG.warn(
                            "The last file changes of {} come late: {}",
                            instanceId,
                            failure.getMessage()))
                .otherwiseEmpty());
  }

  private void tell(Death death, ExitStatus status, Optional<Turn> open, Promise<Void> ready) {
    ConcertException failure =
        switch (death) {
          case Death.Crashed crashed -> crashed.toException(status);
          case Death.Stopped stopped -> Death.stoppedMeanwhile();
          case Death.IgnoredInterrupt ignored -> Death.stoppedMeanwhile();
        };
    if (ready.tryFail(failure)) {
      return; // whoever asked for the start gets the answer, and says that the sandbox is gone
    }
    String messageId = open.map(Turn::messageId).orElse(null);
    if (death instanceof Death.Crashed) {
      LOG.warn("The agent of instance {} is gone. {}", instanceId, failure.getMessage());
      parts.stream()
          .emit(
              new NativeEvent.Failed(messageId, failure.code().name(), failure.getMessage(), true));
    } else if (messageId != null) {
      parts.stream().emit(new NativeEvent.Complete(messageId, "stopped", ""));
    }
    parts.stream().emit(new NativeEvent.SandboxRemoved(death.reason()));
  }

  private Future<Void> clear() {
    parts.feed().close();
    return Future.join(
            parts.socket().close(),
            host.workers()
                .executeBlocking(
                    () -> {
                      parts.socket().path().remove();
                      return null;
                    },
                    false),
            host.bus()
                .request(Addresses.CLOSE_ACCESS, new CloseAccess(instanceId), ACCESS_PATIENCE))
        .onFailure(
            failure ->
                LOG.warn(
                    "Something of agent {} may be left over: {}", instanceId, failure.getMessage()))
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }
}
