package dev.concert.ensemble.call;

import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.routing.Attempt;
import dev.concert.ensemble.usage.CallReport;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one line for each call: names, counts and times; never a prompt, an answer or a key. */
final class CallLog {
  private static final Logger LOG = LoggerFactory.getLogger("dev.concert.ensemble.calls");

  private final CallIdentity identity;
  private Attempt attempt;
  private final Instant startedAt = Instant.now();
  private final long started = System.nanoTime();
  private long firstPieceMs = -1;
  private long upstreamNanos;
  private long waitingSince;

  CallLog(CallIdentity identity) {
    this.identity = identity;
  }

  /** Notes the endpoint that is called now. */
  void attempt(Attempt now) {
    attempt = now;
  }

  /** Starts the clock of the provider. */
  void providerCalled() {
    waitingSince = System.nanoTime();
  }

  /** Stops the clock of the provider. */
  void answered() {
    upstreamNanos = upstreamNanos();
    waitingSince = 0;
  }

  long upstreamNanos() {
    return upstreamNanos + (waitingSince == 0 ? 0 : System.nanoTime() - waitingSince);
  }

  void retry(Throwable failure, Attempt next) {
    // Without the message: a vendor's message may repeat text of the prompt.
    LOG.info(
        "{} next={}",
        line("retried_" + word(Problem.of(failure).code())),
        next.decision().endpoint());
  }

  /** Notes the fields of the request that the provider does not receive. */
  void dropped(List<String> fields) {
    if (!fields.isEmpty()) {
      LOG.info("{} dropped={}", line("calling"), String.join(",", fields));
    }
  }

  void piece() {
    if (firstPieceMs < 0) {
      firstPieceMs = elapsedMs();
    }
  }

  void done(FinishReason reason, TokenCount tokens, String cost) {
    LOG.atInfo().log(() -> "%s %s cost=%s".formatted(line(word(reason)), counts(tokens), cost));
  }

  void cancelled(ErrorCode why, TokenCount tokens) {
    LOG.atInfo().log(() -> line(word(why)) + " " + counts(tokens));
  }

  void clientGone(TokenCount tokens) {
    LOG.atInfo().log(() -> line("client_gone") + " " + counts(tokens));
  }

  /** Logs a failed call; no other place does. */
  void failed(Throwable failure, TokenCount tokens) {
    Problem problem = Problem.of(failure);
    switch (problem.code()) {
      case INTERNAL -> LOG.error("{} {}", line("INTERNAL"), counts(tokens), failure);
      default ->
          LOG.warn(
              "{} {} cause={}",
              line(problem.code().name()),
              counts(tokens),
              failure.getCause() == null ? "-" : failure.getCause().toString());
    }
  }

  private String line(String end) {
    return "call=%s caller=%s model=%s provider=%s attempt=%d end=%s ms=%d first_ms=%d"
        .formatted(
            identity.requestId(),
            identity.caller().describe().replace(' ', ':'),
            attempt.route().model().id(),
            attempt.decision().endpoint(),
            attempt.number(),
            end,
            elapsedMs(),
            firstPieceMs);
  }

  private static String counts(TokenCount tokens) {
    return "input=%d cached=%d cache_write=%d output=%d%s"
        .formatted(
            tokens.input(),
            tokens.cached(),
            tokens.cacheWrite(),
            tokens.output(),
            tokens.estimated() ? " estimated" : "");
  }

  /** The name of an end in the log and in the usage ledger. */
  static String word(Enum<?> end) {
    return end.name().toLowerCase(Locale.ROOT);
  }

  /** The times until now. */
  CallReport.Times times() {
    return new CallReport.Times(
        startedAt,
        firstPieceMs < 0 ? Optional.empty() : Optional.of(startedAt.plusMillis(firstPieceMs)),
        startedAt.plusMillis(elapsedMs()));
  }

  private long elapsedMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
  }
}
