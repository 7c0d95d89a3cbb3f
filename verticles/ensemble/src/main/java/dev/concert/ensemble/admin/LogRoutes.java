package dev.concert.ensemble.admin;

import dev.concert.ensemble.api.JsonReply;
import dev.concert.ensemble.ledger.LatestCalls;
import dev.concert.ensemble.ledger.LedgerRow;
import dev.concert.ensemble.ledger.UsageReader;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** The latest calls of everybody: names, counts and times; no prompt, no answer, no key. */
final class LogRoutes {
  private static final int USUAL_LIMIT = 100;

  private final Vertx vertx;
  private final UsageReader books;

  LogRoutes(Vertx vertx, UsageReader books) {
    this.vertx = vertx;
    this.books = books;
  }

  void add(Router router) {
    router.get("/logs").handler(this::latest);
  }

  private record Logs(List<LedgerRow> logs) {}

  private void latest(RoutingContext context) {
    LatestCalls wanted =
        new LatestCalls(
            number(context, "limit", 1, LatestCalls.MOST, USUAL_LIMIT),
            number(context, "offset", 0, LatestCalls.FARTHEST, 0),
            given(context, "model"),
            given(context, "provider"),
            given(context, "status").map(LogRoutes::successful),
            given(context, "since").map(LogRoutes::moment));
    vertx
        .executeBlocking(() -> new Logs(books.latest(wanted)), false)
        .onSuccess(logs -> JsonReply.send(context.response(), 200, logs))
        .onFailure(context::fail);
  }

  private static Optional<String> given(RoutingContext context, String parameter) {
    return Optional.ofNullable(context.request().getParam(parameter));
  }

  private static int number(
      RoutingContext context, String parameter, int least, int most, int fallback) {
    Optional<String> text = given(context, parameter);
    try {
      int number = text.map(Integer::parseInt).orElse(fallback);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw Fields.wrong(parameter, "must be a whole number from " + least + " to " + most);
    }
    throw Fields.wrong(parameter, "must be a whole number from " + least + " to " + most);
  }

  private static boolean successful(String word) {
    return switch (word) {
      case "success" -> true;
      case "error" -> false;
      default -> throw Fields.wrong("status", "must be success or error");
    };
  }

  private static Instant moment(String text) {
    try {
      return DateTimeFormatter.ISO_DATE_TIME.parse(text, Instant::from);
    } catch (DateTimeException e) {
      throw Fields.wrong("since", "must be a moment such as 2026-11-21T10:00:00Z");
    }
  }
}
