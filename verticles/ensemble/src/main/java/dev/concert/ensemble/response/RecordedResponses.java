package dev.concert.ensemble.response;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.access.Caller;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Where responses are that later requests refer to. They belong to the caller whose key made them
 * and do not exist for others. Thread-safe; nothing blocks.
 *
 * <p>Futures fail with {@code ENSEMBLE_UNAVAILABLE} where it cannot be told what is stored.
 */
public interface RecordedResponses {
  /**
   * Lets other nodes know of a response that is being made, and is stored later.
   *
   * @return fails if they cannot know
   */
  Future<Void> announce(Caller owner, RecordedResponse response);

  /** Nothing came of a response that was announced. */
  Future<Void> retract(Caller owner, String id);

  /** Stores a response; one with the same id is replaced. */
  Future<Void> save(Caller owner, RecordedResponse response);

  Future<Optional<RecordedResponse>> find(Caller owner, String id);

  /** An item of a stored response. */
  Future<Optional<ObjectNode>> item(Caller owner, String itemId);

  /**
   * Everything that was said up to a response.
   *
   * @param withOutput whether the response's own output is part of it
   * @return empty if it, or one before it, is not stored any more
   */
  Future<Optional<RecordedResponse.History>> history(Caller owner, String id, boolean withOutput);

  /** Whether there was one. */
  Future<Boolean> delete(Caller owner, String id);

  /** Deletes what was created before an instant; call it often. */
  Future<Void> forget(Instant before);

  /**
   * Deletes everything of some owners.
   *
   * @param gone by their {@link Caller#id}; may block
   */
  Future<Void> forgetOwners(Predicate<String> gone);

  /** Where nodes share the answers of the native API; empty if they do not. */
  default Optional<BucketAnswers> answers() {
    return Optional.empty();
  }

  /** Deletes everything that the agents and keys of a tenant or customer have stored. */
  Future<Void> forgetCustomer(String customer);
}
