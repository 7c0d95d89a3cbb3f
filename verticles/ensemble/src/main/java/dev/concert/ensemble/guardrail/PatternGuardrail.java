package dev.concert.ensemble.guardrail;

import dev.concert.error.ConcertException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;

/** Looks for patterns in texts: it replaces what it finds, or stops the call. */
record PatternGuardrail(Vertx vertx, GuardrailOptions options, GuardrailOptions.Patterns patterns)
    implements Guardrail {
  /** Characters; more are looked through on a worker. */
  private static final int LARGE = 64 * 1024;

  /** Where a text has something of a kind. */
  record Found(int start, int end, String label) {}

  @Override
  public Future<List<String>> check(
      GuardrailOptions.Moment moment, String callId, List<String> texts) {
    if (texts.stream().mapToLong(String::length).sum() > LARGE) {
      return vertx.executeBlocking(() -> texts.stream().map(this::checked).toList(), false);
    }
    try {
      return Future.succeededFuture(texts.stream().map(this::checked).toList());
    } catch (ConcertException blocked) {
      return Future.failedFuture(blocked);
    }
  }

  private String checked(String text) {
    return redacted(text, 0, text.length(), found(text, 0));
  }

  /** What is from a place on, in its order; what overlaps is one. */
  List<Found> found(CharSequence text, int from) {
    List<Found> all = new ArrayList<>();
    for (TextPattern one : patterns.patterns()) {
      Matcher matcher =
          one.pattern()
              .matcher(text)
              .region(from, text.length())
              .useTransparentBounds(true)
              .useAnchoringBounds(false);
      while (matcher.find()) {
        if (matcher.end() > matcher.start() && one.isReal().test(matcher.group())) {
          all.add(new Found(matcher.start(), matcher.end(), one.label()));
        }
      }
    }
    all.sort(Comparator.comparingInt(Found::start));
    List<Found> apart = new ArrayList<>();
    for (Found one : all) {
      if (apart.isEmpty() || one.start() >= apart.getLast().end()) {
        apart.add(one);
      } else if (one.end() > apart.getLast().end()) {
        Found before = apart.removeLast();
        apart.add(new Found(before.start(), one.end(), before.label()));
      }
    }
    return apart;
  }

  /**
   * A part of a text with labels for what was found in it.
   *
   * @throws ConcertException {@code GUARDRAIL_BLOCKED} if there is something, and it stops the call
   */
  String redacted(CharSequence text, int from, int to, List<Found> found) {
    StringBuilder redacted = new StringBuilder();
    int next = from;
    for (Found one : found) {
      if (one.end() <= to) {
        stop(one);
        redacted.append(text, next, one.start()).append('[').append(one.label()).append(']');
        next = one.end();
      }
    }
    return redacted.append(text, next, to).toString();
  }

  /** Stops the call, if this guardrail does not redact. */
  void stop(Found one) {
    if (!patterns.redacts()) {
      throw blocked("it has text of the kind " + one.label() + ".");
    }
  }
}
