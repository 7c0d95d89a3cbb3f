package dev.concert.ensemble.response;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.access.Caller;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** Responses in a file of this node. */
public final class DiskResponses implements RecordedResponses {
  private final Vertx vertx;
  private final RecordedResponseStore store;

  public DiskResponses(Vertx vertx, RecordedResponseStore store) {
    this.vertx = vertx;
    this.store = store;
  }

  /** There are no other nodes. */
  @Override
  public Future<Void> announce(Caller owner, RecordedResponse response) {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> retract(Caller owner, String id) {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> save(Caller owner, RecordedResponse response) {
    return done(() -> store.save(owner.id(), owner.customer(), response));
  }

  @Override
  public Future<Optional<RecordedResponse>> find(Caller owner, String id) {
    return onWorker(() -> store.find(owner.id(), id));
  }

  @Override
  public Future<Optional<ObjectNode>> item(Caller owner, String itemId) {
    return onWorker(() -> store.item(owner.id(), itemId));
  }

  @Override
  public Future<Optional<RecordedResponse.History>> history(
      Caller owner, String id, boolean withOutput) {
    return onWorker(() -> store.history(owner.id(), id, withOutput));
  }

  @Override
  public Future<Boolean> delete(Caller owner, String id) {
    return onWorker(() -> store.delete(owner.id(), id));
  }

  @Override
  public Future<Void> forget(Instant before) {
    return done(() -> store.forget(before, ResponseRetention.DEFAULT.mostBytes()));
  }

  @Override
  public Future<Void> forgetOwners(Predicate<String> gone) {
    return done(() -> store.owners().stream().filter(gone).forEach(store::forgetOwner));
  }

  @Override
  public Future<Void> forgetCustomer(String customer) {
    return done(() -> store.forgetCustomer(customer));
  }

  private Future<Void> done(Runnable work) {
    return onWorker(
        () -> {
          work.run();
          return null;
        });
  }

  private <T> Future<T> onWorker(Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }
}
