package dev.concert.foundation.lease;

import java.io.IOException;
import java.util.Optional;

/**
 * Grants names to one holder at a time. There are two kinds: {@link FileLease} among the processes
 * of one machine, {@link RedisLease} among nodes that share a Redis.
 *
 * <p>An epoch is at least the time in milliseconds at which its term began, so epochs also grow
 * where one kind follows the other. Thread-safe; every method may block, so call none on an event
 * loop.
 */
public interface Lease extends AutoCloseable {
  /**
   * Takes the name, without waiting for who holds it.
   *
   * @param name letters, digits, '.', '_' and '-'
   * @return empty when somebody else holds it
   * @throws IOException when nobody can say who holds it
   */
  Optional<LeaseTerm> tryAcquire(String name) throws IOException;

  /**
   * The node that took the name last: who asks for what the holder has asks there. It may be out of
   * date.
   *
   * @return empty when nobody has taken it
   * @throws IOException when nobody can say who holds it
   */
  Optional<String> holder(String name) throws IOException;

  /** Lets go of what the lease itself needs. Close its terms before. */
  @Override
  default void close() {}
}
