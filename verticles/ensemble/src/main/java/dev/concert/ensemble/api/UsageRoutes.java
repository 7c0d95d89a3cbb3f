package dev.concert.ensemble.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bus.Json;
import dev.concert.ensemble.ledger.ExportFormat;
import dev.concert.ensemble.ledger.LedgerRow;
import dev.concert.ensemble.ledger.UsageGrouping;
import dev.concert.ensemble.ledger.UsageQuery;
import dev.concert.ensemble.ledger.UsageReader;
import dev.concert.ensemble.ledger.UsageSum;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
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

/** What a key has used: put together, or call by call. */
public final class UsageRoutes {
  private final Vertx vertx;
  private final UsageReader usage;
  private final Function<RoutingContext, String> whose;

  /**
   * @param whose tells the id of the key from a request, which was allowed to know of it
   */
  public UsageRoutes(Vertx vertx, UsageReader usage, Function<RoutingContext, String> whose) {
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
    UsageGrouping grouping =
        named(context, "group_by", "model", UsageGrouping.names(), UsageGrouping::of);
    vertx
        .executeBlocking(() -> usage.sums(query, grouping), false)
        .onSuccess(
            sums -> JsonReply.send(context.response(), 200, body(query, grouping.wire(), sums)))
        .onFailure(context::fail);
  }

  private static ObjectNode body(UsageQuery query, String groupBy, Map<String, UsageSum> sums) {
    ObjectNode body =
        Json.MAPPER
            .createObjectNode()
            .put("key_id", query.keyId())
            .put("from", query.from().toString())
            .put("to", query.to().toString())
            .put("group_by", groupBy);
    ArrayNode groups = body.putArray("groups");
    sums.forEach(
        (name, sum) ->
            groups.addObject().put(groupBy, name).setAll(Json.MAPPER.<ObjectNode>valueToTree(sum)));
    body.set("total", Json.MAPPER.valueToTree(UsageSum.of(sums.values())));
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
                // A file that ends early must not look whole.
                response.reset();
              } else {
                response.headers().remove("Content-Disposition");
                context.fail(failure);
              }
            });
  }

  /** One page after the other, each when the one before has left. */
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
    TimeSpan span = TimeSpan.of(context);
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
