package dev.concert.github.app;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * What members began at GitHub and did not end yet. Each attempt has a state that nobody can guess,
 * belongs to one member, is ended once, and is over after ten minutes. In memory: after a restart a
 * person begins again. On one context.
 *
 * @param <T> what is to be known when GitHub sends the member back
 */
public final class AttemptBook<T> {
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final int BYTES = 32;
  private static final int MOST = 1000;

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Entry<T>> entries = new HashMap<>();

  private record Entry<T>(String tenantId, String userId, T attempt, Instant end) {}

  public AttemptBook(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * @param state names the attempt; a secret of its member
   */
  public record Begun(String state, Instant end) {
    /** Without the state. */
    @Override
    public String toString() {
      return "Begun[" + end + "]";
    }
  }

  /** Notes an attempt of a member. */
  public Begun begin(String tenantId, String userId, T attempt) {
    Instant now = clock.instant();
    entries.values().removeIf(old -> old.end().isBefore(now));
    if (entries.size() >= MOST) {
      throw new ConcertException(
          ErrorCode.RATE_LIMITED, "Too many people connect to GitHub. Try again in ten minutes.");
    }
    Begun begun = new Begun(secret(), now.plus(LIFE));
    entries.put(begun.state(), new Entry<>(tenantId, userId, attempt, begun.end()));
    return begun;
  }

  /** A new text that nobody can guess, 43 characters. */
  public String secret() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Ends an attempt of a member. Fails if there is none of this state, or it is not theirs. */
  public T end(String tenantId, String userId, String state) {
    T attempt = find(tenantId, userId, state);
    entries.remove(state);
    return attempt;
  }

  /** An attempt of a member that goes on. Fails as {@link #end} does. */
  public T find(String tenantId, String userId, String state) {
    Entry<T> entry = entries.get(state);
    if (entry == null
        || entry.end().isBefore(clock.instant())
        || !entry.tenantId().equals(tenantId)
        || !entry.userId().equals(userId)) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE,
          "This answer of GitHub belongs to nothing that you began, or it took too long. Begin"
              + " again.");
    }
    return entry.attempt();
  }
}
