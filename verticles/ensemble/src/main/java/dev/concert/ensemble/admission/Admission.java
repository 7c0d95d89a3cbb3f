package dev.concert.ensemble.admission;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.key.KeyDirectory;
import dev.concert.ensemble.key.Team;
import dev.concert.ensemble.limit.RateDecision;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.limit.RateLimiter;
import dev.concert.ensemble.limit.RateLimiters;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/**
 * Decides whether an API key may make a call: first by model, then by requests and tokens per
 * minute.
 *
 * <p>Agents and configured keys have no limits here. Thread-safe; never blocks.
 */
public final class Admission {
  private final KeyDirectory keys;
  private final RateLimiters limiters;

  public Admission(KeyDirectory keys, RateLimiters limiters) {
    this.keys = keys;
    this.limiters = limiters;
  }

  /**
   * Reserves a request and the estimated tokens of a call.
   *
   * @param model the name as the client sent it
   * @param tokens estimated tokens of the prompt and the answer
   * @throws ConcertException {@code FORBIDDEN}; {@code AUTH_FAILED} if the key was revoked
   *     meanwhile; {@code RATE_LIMITED} with the time to wait
   */
  public AdmittedCall admit(Caller.IssuedKey caller, String model, long tokens) {
    KeyDirectory.Entry entry = entry(caller, model);
    return new AdmittedCall(
        take(entry, limiters.ofKey(caller.keyId()), team -> limiters.ofTeam(team.id()), tokens),
        Payers.of(entry));
  }

  /**
   * Reserves a request that only counts the tokens of a prompt. These have a limit of their own,
   * equal to the limit of calls, so that counting before each call does not halve the calls.
   *
   * @throws ConcertException as with {@link #admit}
   */
  public void admitCount(Caller.IssuedKey caller, String model) {
    take(
        entry(caller, model),
        limiters.ofCounting(caller.keyId()),
        team -> limiters.ofCounting(team.id()),
        0);
  }

  /**
   * Counts a request that calls no model, such as one for a file.
   *
   * @throws ConcertException {@code RATE_LIMITED}; {@code AUTH_FAILED} if the key was revoked
   *     meanwhile
   */
  public void admitRequest(Caller.IssuedKey caller) {
    take(entry(caller), limiters.ofKey(caller.keyId()), team -> limiters.ofTeam(team.id()), 0);
  }

  /**
   * Who pays for calls of a key.
   *
   * @throws ConcertException {@code AUTH_FAILED} if the key was revoked meanwhile
   */
  public Payers payers(Caller.IssuedKey caller) {
    return Payers.of(entry(caller));
  }

  /**
   * Refuses a model that the key may not use, before anything about the model is revealed.
   *
   * @param model the name as the client sent it
   * @throws ConcertException {@code FORBIDDEN}, or {@code AUTH_FAILED} if the key was revoked
   *     meanwhile
   */
  public void permit(Caller.IssuedKey caller, String model) {
    entry(caller, model);
  }

  /**
   * What a key and its team may do.
   *
   * @throws ConcertException {@code AUTH_FAILED} if the key was revoked meanwhile
   */
  KeyDirectory.Entry entry(Caller.IssuedKey caller) {
    return keys.entry(caller.keyId())
        .orElseThrow(
            () -> new ConcertException(ErrorCode.AUTH_FAILED, "This key is no longer valid."));
  }

  private KeyDirectory.Entry entry(Caller.IssuedKey caller, String model) {
    KeyDirectory.Entry entry = entry(caller);
    if (!entry.allows(model)) {
      throw new ConcertException(
          ErrorCode.FORBIDDEN,
          "This %s may not use the model '%s'."
              .formatted(entry.key().settings().allows(model) ? "key's team" : "key", model));
    }
    return entry;
  }

  /** Takes a call and its tokens from the key and from its team, or from neither. */
  private static List<TakenLimit> take(
      KeyDirectory.Entry entry,
      RateLimiter ofKey,
      Function<Team, RateLimiter> ofTeam,
      long tokens) {
    TakenLimit key = take("key", ofKey, entry.key().settings().limit(), tokens);
    try {
      return entry
          .team()
          .map(team -> take("key's team", ofTeam.apply(team), team.settings().limit(), tokens))
          .map(team -> List.of(key, team))
          .orElseGet(() -> List.of(key));
    } catch (ConcertException refused) {
      key.granted().reservation().giveBack();
      throw refused;
    }
  }

  private static TakenLimit take(String whose, RateLimiter limiter, RateLimit limit, long tokens) {
    return switch (limiter.reserve(limit, tokens)) {
      case RateDecision.Granted granted ->
          new TakenLimit(granted, limit, Instant.now().plusMillis(limiter.resetsInMillis()));
      case RateDecision.Refused refused -> throw refusal(whose, refused, tokens);
    };
  }

  private static ConcertException refusal(String whose, RateDecision.Refused refused, long tokens) {
    return refused.retryAfterMs() == 0
        ? new ConcertException(
            ErrorCode.RATE_LIMITED,
            "The call may need %d tokens, more than this %s may use in a minute. Shorten the prompt or lower max_tokens."
                .formatted(tokens, whose))
        : ConcertException.retryAfter(
            ErrorCode.RATE_LIMITED,
            "This %s has used up its %s for this minute.".formatted(whose, refused.what()),
            refused.retryAfterMs());
  }
}
