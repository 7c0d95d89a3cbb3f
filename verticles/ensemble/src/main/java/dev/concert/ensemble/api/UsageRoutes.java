package dev.concert.ensemble.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.http.JsonResponse;
import dev.concert.ensemble.ledger.report.ExportFormat;
import dev.concert.ensemble.ledger.report.LedgerRow;
import dev.concert.ensemble.ledger.report.UsageGroupBy;
import dev.concert.ensemble.ledger.report.UsageQuery;
import dev.concert.ensemble.ledger.report.UsageReader;
import dev.concert.ensemble.ledger.report.UsageSubject;
import dev.concert.ensemble.ledger.report.UsageTotals;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Serves the usage of a key, a team or all callers: as totals, or call by call as an export. */
public final class UsageRoutes {
  private final Vertx vertx;
  private final UsageReader usage;
  private final Function<RoutingContext, UsageSubject> whose;

  /**
   * @param whose finds the key or team in a request that is authorized to see its usage
   */
  public UsageRoutes(Vertx vertx, UsageReader usage, Function<RoutingContext, UsageSubject> whose) {
    this.whose = whose;
    this.vertx = vertx;
    this.usage = usage;
  }

  public void add(Router router, String path) {
    router.get(path).handler(this::sums);
    router.get(path + "/export").handler(this::export);
  }

  private void sums(RoutingContext context) {
    UsageQuery query = query(context);
    UsageGroupBy grouping =
        named(context, "group_by", "model", UsageGroupBy.names(), UsageGroupBy::of);
    vertx
        .executeBlocking(() -> usage.sums(query, grouping), false)
        .onSuccess(
            sums -> JsonResponse.send(context.response(), 200, body(query, grouping.wire(), sums)))
        .onFailure(context::fail);
  }

  private static ObjectNode body(UsageQuery query, String groupBy, Map<String, UsageTotals> sums) {
    ObjectNode body =
        Json.MAPPER
            .createObjectNode()
            .put("from", query.from().toString())
            .put("to", query.to().toString())
            .put("group_by", groupBy);
    query.subject().field().ifPresent(field -> body.put(field, query.subject().id()));
    ArrayNode groups = body.putArray("groups");
    sums.forEach(
        (name, sum) ->
            groups.addObject().put(groupBy, name).setAll(Json.MAPPER.<ObjectNode>valueToTree(sum)));
    body.set("total", Json.MAPPER.valueToTree(UsageTotals.of(sums.values())));
    return body;
  }

  private void export(RoutingContext context) {
    UsageQuery query = query(context);
    ExportFormat format = named(context, "format", "csv", "csv, jsonl", ExportFormat::of);
    HttpServerResponse response =
        context
            .response()
            .setChunked(true)
            .putHeader(HttpHeaders.CONTENT_TYPE, format.mediaType())
            .putHeader("Content-Disposition", "attachment; filename=usage." + format.wire());
    pages(response, query, format, Optional.empty())
        .onSuccess(all -> response.end())
        .onFailure(
            failure -> {
              if (response.headWritten()) {
                // A truncated export must not look complete.
                response.reset();
              } else {
                response.headers().remove("Content-Disposition");
                context.fail(failure);
              }
            });
  }

  /** Sends one page after another, each when the one before was written. */
  private Future<Void> pages(
      HttpServerResponse response,
      UsageQuery query,
      ExportFormat format,
      Optional<LedgerRow> after) {
    return vertx
        .executeBlocking(() -> page(query, format, after), false)
        .compose(
            page ->
                response
                    .write(page.text())
                    .compose(
                        written ->
                            UsageReader.isFull(page.rows())
                                ? pages(response, query, format, page.last())
                                : Future.succeededFuture()));
  }

  private record Page(List<LedgerRow> rows, String text) {
    Optional<LedgerRow> last() {
      return Optional.of(rows.getLast());
    }
  }

  private Page page(UsageQuery query, ExportFormat format, Optional<LedgerRow> after) {
    List<LedgerRow> rows = usage.page(query, after);
    return new Page(rows, format.lines(rows, after.isEmpty()));
  }

  private UsageQuery query(RoutingContext context) {
    DateRange span = DateRange.of(context);
    return new UsageQuery(whose.apply(context), span.from(), span.to());
  }

  private static <T> T named(
      RoutingContext context,
      String parameter,
      String usual,
      String all,
      Function<String, Optional<T>> of) {
    String name = context.request().getParam(parameter, usual);
    return of.apply(name)
        .orElseThrow(
            () ->
                new ConcertException(
                    ErrorCode.INVALID_MESSAGE, "%s: must be one of %s.".formatted(parameter, all)));
  }
}
