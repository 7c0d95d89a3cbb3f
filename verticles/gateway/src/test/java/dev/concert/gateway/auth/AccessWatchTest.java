package dev.concert.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Role;
import dev.concert.testing.Await;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccessWatchTest {
  private final Vertx vertx = Vertx.vertx();
  private final AccessWatch watch = AccessWatch.start(vertx);
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile Future<Authentication> now = Future.succeededFuture(as(Role.DEVELOPER));

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static Authentication as(Role role) {
    return Authentication.lasting(Identity.of("yan", "yan@example.com", "acme", role));
  }

  private void open() {
    watch.watch(
        new Authentication(
            as(Role.DEVELOPER).identity(),
            Optional.empty(),
            Optional.of(
                () -> {
                  looks.incrementAndGet();
                  return now;
                })),
        () -> ended.set(true));
  }

  private void awaitLooks() {
    int before = looks.get();
    Await.until("two more looks", () -> looks.get() >= before + 2);
  }

  @Test
  void aRoleThatAnotherProcessChangedEndsWhatIsOpen() {
    open();
    now = Future.succeededFuture(as(Role.VIEWER));

    Await.until("the end", ended::get);
  }

  @Test
  void aRoleThatThisProcessChangesEndsNothingBeforeTheOwnerOfTheConnectionIsTold() {
    open();
    Promise<Void> told = Promise.promise();
    watch.whileRolesChange("acme", told::future);
    now = Future.succeededFuture(as(Role.VIEWER));
    awaitLooks();
    assertThat(ended).isFalse();

    told.complete();
    Await.until("the end of what was not told", ended::get);
  }

  @Test
  void aCredentialThatWasRevokedIsNotSparedMeanwhile() {
    open();
    watch.whileRolesChange("acme", () -> Promise.<Void>promise().future());
    now = Future.failedFuture(new ConcertException(ErrorCode.AUTH_FAILED, "Revoked."));

    Await.until("the end", ended::get);
  }

  @Test
  void anotherTenantIsNotSparedMeanwhile() {
    open();
    watch.whileRolesChange("other", () -> Promise.<Void>promise().future());
    now = Future.succeededFuture(as(Role.VIEWER));

    Await.until("the end", ended::get);
  }
}
