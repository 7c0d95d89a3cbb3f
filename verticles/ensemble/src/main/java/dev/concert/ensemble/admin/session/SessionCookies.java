package dev.concert.ensemble.admin.session;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;

/** The cookie of an operator's sign-in, and the token that protects changes from other sites. */
public final class SessionCookies {
  private static final String COOKIE = "ensemble-admin";
  private static final String TOKEN = "X-CSRF-Token";
  private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final AdminSessions sessions;

  public SessionCookies(AdminSessions sessions) {
    this.sessions = sessions;
  }

  /** Sets the cookie, and returns the token for changes. */
  public String begin(RoutingContext context) {
    String value = sessions.begin();
    context
        .response()
        .addCookie(cookie(context.request(), value).setMaxAge(AdminSessions.LASTS.toSeconds()));
    return sessions.csrfToken(value).orElseThrow();
  }

  /** The token for changes; empty if the request is not of a sign-in. */
  public Optional<String> csrfToken(RoutingContext context) {
    return value(context).flatMap(sessions::csrfToken);
  }

  /**
   * Whether a request is of a sign-in.
   *
   * @throws ConcertException {@code FORBIDDEN} for a change without the token
   */
  public boolean authenticates(RoutingContext context) {
    Optional<String> token = csrfToken(context);
    if (token.isPresent() && !READS.contains(context.request().method())) {
      String sent = context.request().getHeader(TOKEN);
      if (sent == null || !AdminSessions.equal(token.get(), sent)) {
        throw new ConcertException(
            ErrorCode.FORBIDDEN,
            "The header %s must have the token of the sign-in. Reload the page.".formatted(TOKEN));
      }
    }
    return token.isPresent();
  }

  /** Ends the sign-in, and removes the cookie. */
  public void end(RoutingContext context) {
    value(context).ifPresent(sessions::end);
    context.response().addCookie(cookie(context.request(), "").setMaxAge(0));
  }

  private static Optional<String> value(RoutingContext context) {
    return Optional.ofNullable(context.request().getCookie(COOKIE)).map(Cookie::getValue);
  }

  /** The scheme is that of the client; a balancer in front may encrypt. */
  private static Cookie cookie(HttpServerRequest request, String value) {
    return Cookie.cookie(COOKIE, value)
        .setHttpOnly(true)
        .setSameSite(CookieSameSite.STRICT)
        .setSecure(
            request.isSSL() || "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto")))
        .setPath("/admin");
  }
}
