package dev.concert.ensemble.response;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.access.Caller;
import dev.concert.foundation.objectstore.GuardedObjectStore;
import dev.concert.foundation.objectstore.ObjectStore;
import dev.concert.foundation.objectstore.S3ObjectStore;
import dev.concert.foundation.objectstore.S3Options;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Responses in a bucket, which several nodes have in common. Nobody keeps a copy, so that what one
 * node has deleted is gone on all of them.
 *
 * <p>A response that cannot be sent waits in the file of this node, where its owner finds it, and
 * is sent when the bucket answers again. Create it on the verticle's context.
 */
public final class BucketResponses implements RecordedResponses {
  private static final Logger LOG = LoggerFactory.getLogger(BucketResponses.class);

  /** A request for a small object that is not answered by then is lost. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** One that is in progress for longer was lost with its node. */
  private static final Duration LONGEST_CALL = Duration.ofHours(1);

  /** Between two looks at all objects. */
  private static final Duration WALK = Duration.ofHours(1);

  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final int SENT_AT_ONCE = 5;

  /** A longer chain of responses is not followed. */
  private static final int LONGEST_CHAIN = 2_000;

  private final Vertx vertx;
  private final ObjectStore store;
  private final BucketFolders folders;
  private final RecordedResponseStore disk;
  private final DiskResponses waiting;

  /** 0: none is in the file. Raised after each that was put there. */
  private final AtomicInteger waits = new AtomicInteger(1);

  /** When all objects are next looked at, by {@link System#nanoTime}. */
  private final AtomicLong walked = new AtomicLong(System.nanoTime());

  private final AtomicBoolean away = new AtomicBoolean();
  private final AtomicBoolean sending = new AtomicBoolean();

  private BucketResponses(Vertx vertx, S3ObjectStore bucket, RecordedResponseStore disk) {
    this.vertx = vertx;
    this.store = GuardedObjectStore.of(bucket, vertx, BucketFolders.LEFT_ALONE);
    this.folders = new BucketFolders(vertx, bucket, store);
    this.disk = disk;
    this.waiting = new DiskResponses(vertx, disk);
    vertx.setPeriodic(1, RETRY.toMillis(), timer -> sendWaiting());
  }

  /**
   * Asks nothing of the bucket yet.
   *
   * @param disk has what waits
   */
  public static BucketResponses open(Vertx vertx, S3Options options, RecordedResponseStore disk) {
    return new BucketResponses(vertx, S3ObjectStore.open(options, PATIENCE), disk);
  }

  /** The answers of the native API in the same bucket. */
  @Override
  public Optional<BucketAnswers> answers() {
    return Optional.of(new BucketAnswers(vertx, store));
  }

  /** Closes the connections; what waits is sent after the next start. */
  public Future<Void> close() {
    return onWorker(
        () -> {
          store.close();
          return null;
        });
  }

  @Override
  public Future<Void> announce(Caller owner, RecordedResponse response) {
    return put(owner.customer(), owner.id(), response);
  }

  @Override
  public Future<Void> retract(Caller owner, String id) {
    return store.delete(BucketObject.key(folder(owner), id));
  }

  @Override
  public Future<Void> save(Caller owner, RecordedResponse response) {
    return put(owner.customer(), owner.id(), response)
        .onSuccess(stored -> isAway(false, ""))
        .recover(
            failure -> {
              isAway(true, failure.getMessage());
              return waiting.save(owner, response).onSuccess(kept -> waits.incrementAndGet());
            });
  }

  private void isAway(boolean now, String why) {
    if (away.getAndSet(now) != now) {
      LOG.warn(
          now
              ? "The bucket of stored responses does not answer. Until it does, new ones wait on"
                  + " this node: {}"
              : "The bucket of stored responses answers again{}",
          why);
    }
  }

  /**
   * The response comes last: what can be read is whole, so that it is not sent again after another
   * node has deleted it.
   */
  private Future<Void> put(String customer, String owner, RecordedResponse response) {
    String folder = BucketObject.folder(customer, owner);
    byte[] id = response.id().getBytes(StandardCharsets.UTF_8);
    return onWorker(() -> new BucketObject(Instant.now(), response).encode())
        .compose(
            bytes ->
                BucketFolders.inSteps(
                        response.itemIds(),
                        item -> store.put(BucketObject.itemKey(folder, item), id))
                    .compose(items -> store.put(BucketObject.key(folder, response.id()), bytes)));
  }

  @Override
  public Future<Optional<RecordedResponse>> find(Caller owner, String id) {
    Future<Optional<RecordedResponse>> here =
        waits.get() > 0 ? waiting.find(owner, id) : Future.succeededFuture(Optional.empty());
    return here.compose(
        found -> found.isPresent() ? Future.succeededFuture(found) : inBucket(owner, id));
  }

  private Future<Optional<RecordedResponse>> inBucket(Caller owner, String id) {
    return BucketFolders.known(store.get(BucketObject.key(folder(owner), id)))
        .compose(
            bytes ->
                bytes.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : onWorker(() -> read(bytes.get())));
  }

  private static Optional<RecordedResponse> read(byte[] bytes) {
    BucketObject object = BucketObject.decode(bytes);
    Instant now = Instant.now();
    if (object.stored().isBefore(now.minus(ResponseRetention.DEFAULT.keep()))) {
      return Optional.empty();
    }
    RecordedResponse response = object.response();
    return Optional.of(
        response.isOpen() && object.stored().isBefore(now.minus(LONGEST_CALL))
            ? response.lost()
            : response);
  }

  @Override
  public Future<Optional<ObjectNode>> item(Caller owner, String itemId) {
    Future<Optional<ObjectNode>> here =
        waits.get() > 0 ? waiting.item(owner, itemId) : Future.succeededFuture(Optional.empty());
    return here.compose(
        found ->
            found.isPresent()
                ? Future.succeededFuture(found)
                : BucketFolders.known(store.get(BucketObject.itemKey(folder(owner), itemId)))
                    .compose(
                        named ->
                            named.isEmpty()
                                ? Future.succeededFuture(Optional.empty())
                                : inBucket(owner, new String(named.get(), StandardCharsets.UTF_8))
                                    .map(response -> response.flatMap(one -> one.item(itemId)))));
  }

  @Override
  public Future<Optional<RecordedResponse.History>> history(
      Caller owner, String id, boolean withOutput) {
    return chain(owner, id, LONGEST_CHAIN)
        .map(
            chain ->
                chain.isEmpty()
                    ? Optional.empty()
                    : Optional.of(RecordedResponse.History.of(chain, withOutput)));
  }

  /** The oldest first; none if one is missing. */
  private Future<List<RecordedResponse>> chain(Caller owner, String id, int most) {
    return find(owner, id)
        .compose(
            found -> {
              if (found.isEmpty() || found.get().earlier().size() >= most) {
                return Future.succeededFuture(List.of());
              }
              RecordedResponse last = found.get();
              if (last.previous().isEmpty()) {
                return Future.succeededFuture(List.of(last));
              }
              Future<List<RecordedResponse>> before =
                  last.earlier().isEmpty()
                      ? chain(owner, last.previous().get(), most - 1)
                      : all(owner, last.earlier());
              return before.map(
                  known -> {
                    List<RecordedResponse> whole = new ArrayList<>(known);
                    whole.add(last);
                    return known.isEmpty() ? List.of() : whole;
                  });
            });
  }

  private Future<List<RecordedResponse>> all(Caller owner, List<String> ids) {
    return BucketFolders.inSteps(ids, id -> find(owner, id))
        .map(
            found ->
                found.stream().allMatch(Optional::isPresent)
                    ? found.stream().map(Optional::orElseThrow).toList()
                    : List.of());
  }

  @Override
  public Future<Boolean> delete(Caller owner, String id) {
    return inBucket(owner, id)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(false)
                    : BucketFolders.known(remove(folder(owner), found.get())).map(true))
        .compose(
            there ->
                waits.get() == 0
                    ? Future.succeededFuture(there)
                    : waiting.delete(owner, id).map(here -> here || there));
  }

  /** What refers to it goes first. */
  private Future<Void> remove(String folder, RecordedResponse response) {
    return BucketFolders.inSteps(
            response.itemIds(), item -> store.delete(BucketObject.itemKey(folder, item)))
        .compose(done -> store.delete(BucketObject.key(folder, response.id())));
  }

  @Override
  public Future<Void> forget(Instant before) {
    Future<Void> here = waiting.forget(before);
    long last = walked.get();
    long now = System.nanoTime();
    return now - last < 0 || !walked.compareAndSet(last, now + WALK.toNanos())
        ? here
        : BucketFolders.known(here.compose(done -> folders.empty(BucketObject.PREFIX, before)));
  }

  @Override
  public Future<Void> forgetOwners(Predicate<String> gone) {
    return BucketFolders.known(waiting.forgetOwners(gone).compose(done -> folders.emptyOf(gone)));
  }

  @Override
  public Future<Void> forgetCustomer(String customer) {
    return BucketFolders.known(
        waiting
            .forgetCustomer(customer)
            .compose(done -> folders.empty(BucketObject.ofCustomer(customer), Instant.MAX)));
  }

  /** One that was deleted while it was sent is deleted there as well. */
  private void sendWaiting() {
    int before = waits.get();
    if (before == 0 || !sending.compareAndSet(false, true)) {
      return;
    }
    onWorker(() -> disk.oldest(SENT_AT_ONCE))
        .compose(
            some -> {
              if (some.isEmpty()) {
                waits.compareAndSet(before, 0);
              }
              Future<Void> all = Future.succeededFuture();
              for (RecordedResponseStore.Waiting one : some) {
                all = all.compose(sent -> send(one));
              }
              return all.map(done -> !some.isEmpty());
            })
        .onComplete(
            sent -> {
              sending.set(false);
              if (sent.succeeded() && sent.result()) {
                isAway(false, "");
                sendWaiting();
              }
            });
  }

  private Future<Void> send(RecordedResponseStore.Waiting one) {
    RecordedResponse response = one.response();
    return put(one.customer(), one.owner(), response)
        .compose(sent -> onWorker(() -> disk.delete(one.owner(), response.id())))
        .compose(
            waited ->
                waited
                    ? Future.succeededFuture()
                    : remove(BucketObject.folder(one.customer(), one.owner()), response));
  }

  private static String folder(Caller owner) {
    return BucketObject.folder(owner.customer(), owner.id());
  }

  private <T> Future<T> onWorker(Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }
}
