package dev.concert.ensemble.response;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.objectstore.ObjectStore;
import dev.concert.foundation.objectstore.ObjectStoreException;
import dev.concert.foundation.objectstore.S3ObjectStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Empties the folders of the bucket of stored responses, each of which has what one owner has
 * stored.
 *
 * @param store deletes
 */
record BucketFolders(Vertx vertx, S3ObjectStore bucket, ObjectStore store) {
  /** How long a bucket that failed several times is not asked. */
  static final Duration LEFT_ALONE = Duration.ofSeconds(3);

  private static final int AT_ONCE = 16;

  /** Deletes what was stored before an instant. */
  Future<Void> empty(String prefix, Instant before) {
    return bucket.each(
        prefix,
        page ->
            inSteps(
                    page.stream()
                        .filter(one -> one.modified().isBefore(before))
                        .map(S3ObjectStore.Listed::key)
                        .toList(),
                    store::delete)
                .mapEmpty());
  }

  /**
   * Deletes everything of some owners.
   *
   * @param owners by their ids; may block
   */
  Future<Void> emptyOf(Predicate<String> owners) {
    return bucket
        .folders(BucketObject.PREFIX)
        .compose(
            all ->
                vertx.executeBlocking(
                    () ->
                        all.stream().filter(one -> owners.test(BucketObject.ownerOf(one))).toList(),
                    false))
        .compose(some -> inSteps(some, folder -> empty(BucketObject.PREFIX + folder, Instant.MAX)))
        .mapEmpty();
  }

  /** Some at a time, in their order. */
  static <A, B> Future<List<B>> inSteps(List<A> all, Function<A, Future<B>> request) {
    List<B> results = new ArrayList<>();
    Future<Void> done = Future.succeededFuture();
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<A> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
      done =
          done.compose(before -> Future.all(some.stream().map(request).toList()))
              .map(
                  step -> {
                    results.addAll(step.list());
                    return null;
                  });
    }
    return done.map(results);
  }

  /** In the words of a client. */
  static <T> Future<T> known(Future<T> asked) {
    return asked.recover(
        failure ->
            Future.failedFuture(
                failure instanceof ObjectStoreException
                    ? ConcertException.retryAfter(
                        ErrorCode.ENSEMBLE_UNAVAILABLE,
                        "The stored responses cannot be reached, because their bucket does not"
                            + " answer. Send the whole conversation, or try again later.",
                        LEFT_ALONE.toMillis(),
                        failure)
                    : failure));
  }
}
