package dev.concert.ensemble.admin;

import dev.concert.ensemble.http.JsonResponse;
import dev.concert.ensemble.ledger.report.CallQuery;
import dev.concert.ensemble.ledger.report.LedgerRow;
import dev.concert.ensemble.ledger.report.UsageReader;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** Lists the latest calls of all callers: names, counts and times; no prompt, answer or key. */
final class CallLogRoutes {
  private static final int USUAL_LIMIT = 100;

  private final Vertx vertx;
  private final UsageReader usage;

  CallLogRoutes(Vertx vertx, UsageReader usage) {
    this.vertx = vertx;
    this.usage = usage;
  }

  void add(Router router) {
    router.get("/logs").handler(this::latest);
  }

  private record Logs(List<LedgerRow> logs) {}

  private void latest(RoutingContext context) {
    CallQuery wanted =
        new CallQuery(
            number(context, "limit", 1, CallQuery.MOST, USUAL_LIMIT),
            number(context, "offset", 0, CallQuery.FARTHEST, 0),
            given(context, "model"),
            given(context, "provider"),
            given(context, "status").map(CallLogRoutes::successful),
            given(context, "since").map(CallLogRoutes::moment));
    vertx
        .executeBlocking(() -> new Logs(usage.latest(wanted)), false)
        .onSuccess(logs -> JsonResponse.send(context.response(), 200, logs))
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
      throw AdminFields.wrong(parameter, "must be a whole number from " + least + " to " + most);
    }
    throw AdminFields.wrong(parameter, "must be a whole number from " + least + " to " + most);
  }

  private static boolean successful(String word) {
    return switch (word) {
      case "success" -> true;
      case "error" -> false;
      default -> throw AdminFields.wrong("status", "must be success or error");
    };
  }

  private static Instant moment(String text) {
    try {
      return DateTimeFormatter.ISO_DATE_TIME.parse(text, Instant::from);
    } catch (DateTimeException e) {
      throw AdminFields.wrong("since", "must be a moment such as 2026-11-21T10:00:00Z");
    }
  }
}
