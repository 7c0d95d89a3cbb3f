package dev.concert.gateway.session;

import dev.concert.gateway.inference.SessionNamer;
import io.vertx.core.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names a session after a turn, unless somebody did. The turn is over; nobody waits for this.
 *
 * @param on runs work on the session's context
 */
record FirstName(
    SessionServices services,
    SessionStatus status,
    Supplier<SessionLifecycle> lifecycle,
    Consumer<Runnable> on) {
  private static final Logger LOG = LoggerFactory.getLogger(FirstName.class);

  /**
   * @param turn that its agent completed
   */
  void after(Turn turn) {
    SessionNamer namer = services.namer();
    if (namer.isUnnamed(status.meta())) {
      namer
          .nameFor(status.meta().tenantId(), turn.request())
          .onSuccess(name -> on.accept(() -> name.ifPresent(this::give)));
    }
  }

  private void give(String name) {
    SessionNamer namer = services.namer();
    if (namer.isUnnamed(status.meta())) {
      Future.succeededFuture()
          // Fails where the session was deleted meanwhile.
          .compose(_ -> lifecycle.get().rename(name))
          .onSuccess(namer::announce)
          .onFailure(failure -> LOG.debug("Session {} was not named", status.meta().id(), failure));
    }
  }
}
