package dev.concert.gateway.http;

import dev.concert.error.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the wait for bodies that drip: one that comes more slowly than a minimum rate, or has not
 * come whole by its deadline, is refused and its connection is closed.
 */
final class BodyPace implements Handler<RoutingContext> {
  private static final Logger LOG = LoggerFactory.getLogger(BodyPace.class);

  /**
   * How slowly a body may come.
   *
   * @param window the rate holds for each such time
   * @param bytes fewest bytes in a window
   * @param deadline for the whole body
   */
  record Limits(Duration window, long bytes, Duration deadline) {
    /** At least 1 KiB a second in any 10 s, and 10 MiB in 5 minutes. */
    static final Limits DEFAULT =
        new Limits(Duration.ofSeconds(10), 10 << 10, Duration.ofMinutes(5));
  }

  private final Vertx vertx;
  private final Limits limits;

  BodyPace(Vertx vertx, Limits limits) {
    this.vertx = vertx;
    this.limits = limits;
  }

  @Override
  public void handle(RoutingContext request) {
    if (hasBody(request.request())) {
      new Watch(request).start();
    }
    request.next();
  }

  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    return request.getHeader("Transfer-Encoding") != null || length != null && !length.equals("0");
  }

  private final class Watch {
    private final RoutingContext context;
    private final long started = System.nanoTime();
    private long read;

    private Watch(RoutingContext context) {
      this.context = context;
    }

    private void start() {
      long timer = vertx.setPeriodic(limits.window().toMillis(), this::look);
      context.request().end().onComplete(_ -> vertx.cancelTimer(timer));
    }

    private void look(long timer) {
      long now = context.request().bytesRead();
      boolean isSlow = now - read < limits.bytes();
      boolean isLate = System.nanoTime() - started > limits.deadline().toNanos();
      read = now;
      if (isSlow || isLate) {
        vertx.cancelTimer(timer);
        refuse(isLate);
      }
    }

    private void refuse(boolean isLate) {
      LOG.atDebug().addKeyValue("requestId", RequestId.of(context)).log("A body comes too slowly");
      ProblemResponse.refuseAndClose(
          context,
          ErrorCode.UPLOAD_TOO_SLOW,
          isLate
              ? "The body has not come whole within %d s.".formatted(limits.deadline().toSeconds())
              : "The body came with less than %d bytes in %d ms."
                  .formatted(limits.bytes(), limits.window().toMillis()));
    }
  }
}
