package dev.concert.gateway.link;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.gateway.auth.address.TrustedProxies;
import dev.concert.gateway.eventlog.SessionDatabases;
import dev.concert.gateway.http.ProblemResponse;
import dev.concert.gateway.session.Session;
import dev.concert.gateway.session.SessionDirectory;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers who opens a link, without authentication: with a page that is the same for each link, and
 * with the stream that the page reads. The stream of a link that does not work is not found,
 * whatever the reason.
 */
public final class SharedRoutes {
  /** Before the token. */
  static final String PATH = "/shared/";

  private static final int MOST_A_MINUTE = 120;
  private static final int MOST_VIEWS = 200;
  private static final String PAGE = "webroot/shared.html";
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
          + " frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

  private final Vertx vertx;
  private final SharedLinks links;
  private final SessionDatabases databases;
  private final TrustedProxies proxies;
  private final Supplier<SessionDirectory> sessions;
  private final ViewRate rate = new ViewRate(MOST_A_MINUTE);

  /**
   * @param sessions called with each request, since the gateway has none before it listens
   */
  public SharedRoutes(
      Vertx vertx,
      SharedLinks links,
      SessionDatabases databases,
      TrustedProxies proxies,
      Supplier<SessionDirectory> sessions) {
    this.vertx = vertx;
    this.links = links;
    this.databases = databases;
    this.proxies = proxies;
    this.sessions = sessions;
  }

  /** The handlers of GET, by their paths. */
  public Map<String, Handler<RoutingContext>> handlers() {
    return Map.of(PATH + ":token", this::page, PATH + ":token/events", this::events);
  }

  private static void protect(RoutingContext request) {
    request
        .response()
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("X-Robots-Tag", "noindex, nofollow")
        .putHeader("Cache-Control", "no-store");
  }

  private void page(RoutingContext request) {
    protect(request);
    request.response().putHeader("Content-Type", "text/html; charset=utf-8");
    if (request.request().method() == HttpMethod.HEAD) {
      request.response().end();
    } else {
      request.response().sendFile(PAGE).onFailure(request::fail);
    }
  }

  private void events(RoutingContext request) {
    protect(request);
    if (!rate.allows(proxies.clientOf(request.request()).getHostAddress())) {
      ProblemResponse.send(
          request,
          new Problem(
                  ErrorCode.RATE_LIMITED,
                  "Too many links were opened from your address.",
                  ViewRate.WINDOW.toMillis())
              .toException());
      return;
    }
    Optional<SharedLink> link = links.find(request.pathParam("token"));
    if (link.isEmpty()) {
      ProblemResponse.send(request, gone());
    } else if (links.views(link.get()) >= MOST_VIEWS) {
      ProblemResponse.send(
          request,
          new ConcertException(
              ErrorCode.TOO_MANY_CONNECTIONS, "Too many people read this session at the moment."));
    } else {
      Context context = vertx.getOrCreateContext();
      sessions
          .get()
          .shared(link.get().tenantId(), link.get().sessionId())
          .onComplete(
              found ->
                  context.runOnContext(
                      _ -> {
                        if (found.succeeded()) {
                          open(request, context, link.get(), found.result());
                        } else {
                          ProblemResponse.send(request, gone());
                        }
                      }));
    }
  }

  private void open(RoutingContext request, Context context, SharedLink link, Session session) {
    if (request.response().closed()) {
      return;
    }
    if (request.request().method() == HttpMethod.HEAD) {
      request.response().end();
      return;
    }
    SharedView view = new SharedView(context, request.response(), session, databases);
    long timer =
        vertx.setTimer(
            Math.max(1, link.expiresAt() - System.currentTimeMillis()), _ -> view.linkEnded());
    request.addEndHandler(
        _ -> {
          vertx.cancelTimer(timer);
          links.close(link, view);
          view.responseEnded();
        });
    view.begin();
    links.open(link, view);
  }

  private static ConcertException gone() {
    return new ConcertException(ErrorCode.NOT_FOUND, "This link does not work, or not any more.");
  }
}
