package dev.concert.automations.engine;

import dev.concert.automation.AutomationMessages.OwnerLost;
import dev.concert.automations.store.AutomationRow;
import dev.concert.automations.store.AutomationStore.Position;
import dev.concert.bus.Accepted;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Pauses the automations of a member who has left, or may not run them any more. */
public final class LostOwner {
  private static final int PAGE = 200;

  private final TenantAutomations tenant;
  private final InstantSource clock;

  public LostOwner(TenantAutomations tenant, InstantSource clock) {
    this.tenant = tenant;
    this.clock = clock;
  }

  /** Doing it twice does no harm. */
  public Future<Accepted> pause(OwnerLost lost) {
    return pause(lost, Optional.empty()).map(Accepted.ACCEPTED);
  }

  private Future<Void> pause(OwnerLost lost, Optional<Position> after) {
    return tenant
        .stores()
        .automations()
        .page(Optional.of(lost.userId()), after, PAGE)
        .compose(
            rows ->
                pause(lost, rows)
                    .compose(
                        _ ->
                            rows.size() < PAGE
                                ? Future.succeededFuture()
                                : pause(lost, Optional.of(position(rows.getLast())))));
  }

  private static Position position(AutomationRow row) {
    return new Position(row.createdAt().toEpochMilli(), row.id());
  }

  private Future<Void> pause(OwnerLost lost, List<AutomationRow> rows) {
    Future<Void> all = Future.succeededFuture();
    for (AutomationRow row : rows) {
      all =
          all.compose(
              _ ->
                  tenant.change(
                      () ->
                          tenant
                              .stores()
                              .outcomes()
                              .disable(
                                  row.id(),
                                  lost.reason(),
                                  Optional.of(lost.actor()),
                                  clock.instant())));
    }
    return all.onSuccess(_ -> tenant.look());
  }
}
