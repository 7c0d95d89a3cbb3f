package dev.concert.github.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.concert.error.FailureLog;
import dev.concert.error.Problem;
import dev.concert.github.api.ApiCaller;
import dev.concert.github.api.ForgeClient;
import dev.concert.github.api.ForgeException;
import dev.concert.github.api.InstallationTokens;
import dev.concert.github.api.PauseClock;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.connection.ForgeConnectionStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks GitHub to repeat failed deliveries. The inbox claims a delivery once, however often it
 * comes, so it does no harm to ask once too often.
 *
 * <p>Source: https://docs.github.com/webhooks/using-webhooks/handling-failed-webhook-deliveries
 */
public final class FailedDeliveries {
  private static final Logger LOG = LoggerFactory.getLogger(FailedDeliveries.class);
  private static final String PATH = "/app/hook/deliveries";

  /** GitHub delivers again what is younger than three days. */
  private static final Duration OLDEST = Duration.ofDays(3).minusMinutes(5);

  private static final Duration BETWEEN = Duration.ofMinutes(10);
  private static final int MAX_PAGES = 30;
  private static final int MAX_ATTEMPTS = 5;

  private final ForgeClient client;
  private final InstallationTokens tokens;
  private final PauseClock clock;
  private long nextAsk = -1;
  private boolean stopped;

  public FailedDeliveries(ForgeClient client, InstallationTokens tokens, PauseClock clock) {
    this.client = client;
    this.tokens = tokens;
    this.clock = clock;
  }

  /** What is known of one webhook: each attempt is an entry of GitHub's list. */
  private static final class Attempts {
    private long newest;
    private int count;
    private boolean isTaken;

    void add(JsonNode entry) {
      count++;
      newest = Math.max(newest, entry.path("id").asLong());
      int status = entry.path("status_code").asInt();
      isTaken |= status >= 200 && status < 300;
    }
  }

  /** Asks for all Apps, now and every ten minutes. */
  public void start(Vertx vertx, ForgeConnectionStore connections) {
    connections
        .all()
        .compose(
            all -> Future.join(all.stream().filter(ForgeConnection::isApp).map(this::ask).toList()))
        .onComplete(
            _ -> {
              if (!stopped) {
                nextAsk = vertx.setTimer(BETWEEN.toMillis(), _ -> start(vertx, connections));
              }
            });
  }

  /** Asks for nothing more. */
  public void stop(Vertx vertx) {
    stopped = true;
    vertx.cancelTimer(nextAsk);
  }

  /**
   * Asks for what an App's hook did not deliver since the App was connected.
   *
   * @return how many webhooks GitHub delivers again; never fails
   */
  public Future<Integer> ask(ForgeConnection connection) {
    ApiCaller app = tokens.app(connection.app());
    Instant oldest = clock.now().minus(OLDEST);
    Instant since = Instant.ofEpochMilli(connection.createdAt());
    return read(
            app,
            PATH + "?per_page=100",
            since.isAfter(oldest) ? since : oldest,
            1,
            new LinkedHashMap<>())
        .compose(
            all -> {
              // The oldest first, as it happened.
              List<Long> wanted = new ArrayList<>();
              all.values().stream()
                  .filter(one -> !one.isTaken && one.count < MAX_ATTEMPTS)
                  .forEach(one -> wanted.addFirst(one.newest));
              return again(app, wanted, 0);
            })
        .otherwise(
            failure -> {
              LOG.atInfo()
                  .addKeyValue("tenantId", connection.tenantId())
                  .log(
                      "GitHub does not say which webhooks failed: {}",
                      Problem.of(ForgeException.atEdge(failure)).message());
              return 0;
            });
  }

  private Future<Map<String, Attempts>> read(
      ApiCaller app, String path, Instant oldest, int number, Map<String, Attempts> all) {
    return client
        .page(app, path)
        .compose(
            page -> {
              boolean isOver = page.next().isEmpty() || number >= MAX_PAGES;
              for (JsonNode entry : page.body()) {
                if (time(entry).isBefore(oldest)) {
                  isOver = true;
                } else {
                  all.computeIfAbsent(entry.path("guid").asText(), _ -> new Attempts()).add(entry);
                }
              }
              return isOver
                  ? Future.succeededFuture(all)
                  : read(app, page.next().get(), oldest, number + 1, all);
            });
  }

  private static Instant time(JsonNode entry) {
    try {
      return Instant.parse(entry.path("delivered_at").asText());
    } catch (DateTimeParseException e) {
      return Instant.MIN;
    }
  }

  private Future<Integer> again(ApiCaller app, List<Long> wanted, int done) {
    return done == wanted.size()
        ? Future.succeededFuture(done)
        : client
            .write(
                app,
                HttpMethod.POST,
                PATH + "/" + wanted.get(done) + "/attempts",
                MissingNode.getInstance())
            // One that GitHub does not deliver again is no reason to ask for no other.
            .otherwise(
                failure -> {
                  LOG.info(
                      "GitHub does not deliver a webhook again: {}", FailureLog.reason(failure));
                  return MissingNode.getInstance();
                })
            .compose(_ -> again(app, wanted, done + 1));
  }
}
