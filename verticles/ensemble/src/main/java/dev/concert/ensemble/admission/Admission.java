package dev.concert.ensemble.admission;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.budget.Account;
import dev.concert.ensemble.key.KeyDirectory;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.limit.RateDecision;
import dev.concert.ensemble.limit.RateLimiter;
import dev.concert.ensemble.limit.RateLimiters;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.time.Instant;
import java.util.List;

/**
 * Decides before a call whether its key may make it: the model, then calls and tokens per minute.
 *
 * <p>Agents' own tokens and keys of the configuration have no limits here. Thread-safe; never
 * blocks.
 */
public final class Admission {
  private final KeyDirectory keys;
  private final RateLimiters limiters;

  public Admission(KeyDirectory keys, RateLimiters limiters) {
    this.keys = keys;
    this.limiters = limiters;
  }

  /**
   * Takes what the call is estimated to need.
   *
   * @param model the name as the client sent it
   * @param tokens those of the prompt and the most the answer may have
   * @throws ConcertException {@code FORBIDDEN}, {@code AUTH_FAILED} for a key that was ended in
   *     between, or {@code RATE_LIMITED} with the time to wait
   */
  public Admitted admit(Caller.IssuedKey caller, String model, long tokens) {
    KeyDirectory.Entry entry = entry(caller, model);
    RateLimiter limiter = limiters.ofKey(caller.keyId());
    return new Admitted(
        take(limiter, entry, tokens),
        entry.key().settings().limit(),
        Instant.now().plusMillis(limiter.resetsInMillis()),
        accounts(entry));
  }

  /**
   * Takes one of the calls that only count a prompt. Of those a key has as many in a minute as of
   * others, beside them: who counts before each call may still make all calls.
   *
   * @throws ConcertException as with {@link #admit}
   */
  public void admitCount(Caller.IssuedKey caller, String model) {
    take(limiters.ofCounting(caller.keyId()), entry(caller, model), 0);
  }

  /**
   * Lets nobody learn of a model, or what is the matter with it, who may not use it.
   *
   * @param model the name as the client sent it
   * @throws ConcertException {@code FORBIDDEN}, or {@code AUTH_FAILED} for a key that was ended in
   *     between
   */
  public void permit(Caller.IssuedKey caller, String model) {
    entry(caller, model);
  }

  /**
   * What a key may do.
   *
   * @throws ConcertException {@code AUTH_FAILED} for one that was ended in between
   */
  KeySettings settings(Caller.IssuedKey caller) {
    return entry(caller).key().settings();
  }

  private KeyDirectory.Entry entry(Caller.IssuedKey caller) {
    return keys.entry(caller.keyId())
        .orElseThrow(
            () -> new ConcertException(ErrorCode.AUTH_FAILED, "This key is no longer valid."));
  }

  private KeyDirectory.Entry entry(Caller.IssuedKey caller, String model) {
    KeyDirectory.Entry entry = entry(caller);
    if (!entry.key().settings().allows(model)) {
      throw new ConcertException(
          ErrorCode.FORBIDDEN, "This key may not use the model '%s'.".formatted(model));
    }
    return entry;
  }

  private static RateDecision.Granted take(
      RateLimiter limiter, KeyDirectory.Entry entry, long tokens) {
    return switch (limiter.reserve(entry.key().settings().limit(), tokens)) {
      case RateDecision.Granted granted -> granted;
      case RateDecision.Refused refused -> throw refusal(refused, tokens);
    };
  }

  private static List<Account> accounts(KeyDirectory.Entry entry) {
    return List.of(
        Account.ofKey(entry.key().id(), entry.key().settings().budget()),
        Account.ofCustomer(entry.customer().id(), entry.customer().budget()));
  }

  private static ConcertException refusal(RateDecision.Refused refused, long tokens) {
    return refused.retryAfterMs() == 0
        ? new ConcertException(
            ErrorCode.RATE_LIMITED,
            "The call may need %d tokens, more than this key has in a minute; ask for less."
                .formatted(tokens))
        : ConcertException.retryAfter(
            ErrorCode.RATE_LIMITED,
            "This key has used up its %s of a minute.".formatted(refused.what()),
            refused.retryAfterMs());
  }
}
