package dev.concert.foundation.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.junit.jupiter.api.Test;

class OpenTenantsTest {
  private final OpenTenants<Played> tenants = new OpenTenants<>();

  /** Starts and ends when the test says so. */
  private static final class Played implements OpenTenants.Work {
    private final Promise<Void> started = Promise.promise();
    private final Promise<Void> ended = Promise.promise();
    private boolean isStopped;

    @Override
    public Future<Void> start() {
      return started.future();
    }

    @Override
    public Future<Void> stop() {
      isStopped = true;
      return ended.future();
    }
  }

  @Test
  void workThatCannotStartIsStoppedBeforeItIsOpenedAgain() {
    Played first = new Played();
    Future<Played> opened = tenants.open("acme", first);
    first.started.fail("the disk is full");
    assertThat(first.isStopped).isTrue();
    assertThat(tenants.find("acme")).contains(opened);

    first.ended.complete();
    assertThat(opened.failed()).isTrue();
    assertThat(tenants.find("acme")).isEmpty();
  }

  @Test
  void aStopReachesWorkThatStartsStillAndWaitsForAll() {
    Played running = new Played();
    Played early = new Played();
    tenants.open("acme", running);
    running.started.complete();
    tenants.open("zeta", early);

    Future<Void> stopped = tenants.stopAll();
    assertThat(running.isStopped).isTrue();
    assertThat(early.isStopped).isTrue();
    running.ended.complete();
    early.ended.complete();
    assertThat(stopped.isComplete()).isFalse();
    early.started.complete();
    assertThat(stopped.succeeded()).isTrue();
    assertThat(tenants.find("acme")).isEmpty();
  }

  @Test
  void nothingIsOpenedWhileAllStop() {
    Played running = new Played();
    tenants.open("acme", running);
    running.started.complete();
    tenants.stopAll();
    assertThat(tenants.find("acme")).isPresent();
    assertThat(Problem.of(tenants.open("zeta", new Played()).cause()).code())
        .isEqualTo(ErrorCode.SERVER_DRAINING);

    running.ended.complete();
    Played next = new Played();
    next.started.complete();
    assertThat(tenants.open("zeta", next).succeeded()).isTrue();
  }
}
