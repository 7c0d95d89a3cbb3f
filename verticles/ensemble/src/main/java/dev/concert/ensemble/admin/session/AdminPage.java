package dev.concert.ensemble.admin.session;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;

/**
 * Serves the page for operators at {@code /admin/}, to everybody: what it shows it reads from the
 * admin API after a sign-in. Its files are in the module of the web page; a build without that
 * module has no page.
 */
public final class AdminPage {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  private AdminPage() {}

  /**
   * @param router of all paths under {@code /admin}
   */
  public static void add(Router router) {
    router.get("/").handler(AdminPage::open);
    router.route("/page/*").handler(AdminPage::protect);
    router.get("/page/shared/*").handler(files("webroot"));
    router.get("/page/webjars/*").handler(files("META-INF/resources/webjars"));
    router.get("/page/*").handler(files("webroot-admin"));
  }

  private static StaticHandler files(String folder) {
    return StaticHandler.create(folder)
        .setIncludeHidden(false)
        .setDirectoryListing(false)
        .setMaxAgeSeconds(0);
  }

  /** For the path without its last slash: the page's addresses are relative to a folder. */
  public static void redirect(RoutingContext context) {
    if (context.request().path().endsWith("/")) {
      context.next();
      return;
    }
    context.response().setStatusCode(308).putHeader(HttpHeaders.LOCATION, "/admin/").end();
  }

  private static void open(RoutingContext context) {
    headers(context);
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
        .sendFile("webroot-admin/index.html")
        .onFailure(context::fail);
  }

  private static void protect(RoutingContext context) {
    headers(context);
    context.next();
  }

  private static void headers(RoutingContext context) {
    context
        .response()
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "no-referrer");
  }
}
