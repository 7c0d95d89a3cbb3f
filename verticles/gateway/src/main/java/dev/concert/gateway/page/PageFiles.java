package dev.concert.gateway.page;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Serves GET and HEAD of the files below a folder of the class path: compressed where the client
 * accepts it, and not again where it has them. What is no such file is left to the next handler.
 * Thread-safe.
 */
public final class PageFiles implements Handler<RoutingContext> {
  /** A name without points at its beginning, so that nothing outside the folder is named. */
  private static final Pattern PATH = Pattern.compile("(/[\\w@-][\\w.@-]*)+");

  private static final Map<String, String> MEDIA_TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "mjs", "text/javascript; charset=utf-8",
          "json", "application/json",
          "webmanifest", "application/manifest+json",
          "map", "application/json",
          "svg", "image/svg+xml",
          "png", "image/png");

  /** How long a client may use a file without a request. */
  public enum Freshness {
    /** Each use asks whether the file is still the same. */
    ASKED("no-cache"),
    /** The version is in the path. */
    FOR_EVER("public, max-age=31536000, immutable");

    private final String cacheControl;

    Freshness(String cacheControl) {
      this.cacheControl = cacheControl;
    }
  }

  private final Vertx vertx;
  private final String root;
  private final String mount;
  private final Freshness freshness;

  /** Only what there is: a wrong path is looked for each time. */
  private final Map<String, PageFile> files = new ConcurrentHashMap<>();

  /**
   * @param root a folder of the class path
   * @param mount the path of that folder in URLs, without a slash at its end
   */
  public PageFiles(Vertx vertx, String root, String mount, Freshness freshness) {
    this.vertx = vertx;
    this.root = root;
    this.mount = mount;
    this.freshness = freshness;
  }

  @Override
  public void handle(RoutingContext request) {
    String below = request.normalizedPath().substring(mount.length());
    String path = below.equals("/") ? "/index.html" : below;
    PageFile known = files.get(path);
    if (known != null) {
      send(request, known);
      return;
    }
    vertx
        .executeBlocking(() -> read(path), false)
        .onSuccess(
            found ->
                found.ifPresentOrElse(
                    file -> {
                      files.put(path, file);
                      send(request, file);
                    },
                    request::next))
        .onFailure(request::fail);
  }

  private Optional<PageFile> read(String path) {
    String mediaType = MEDIA_TYPES.get(path.substring(path.lastIndexOf('.') + 1));
    if (mediaType == null || !PATH.matcher(path).matches()) {
      return Optional.empty();
    }
    try (InputStream content = PageFiles.class.getClassLoader().getResourceAsStream(root + path)) {
      return content == null
          ? Optional.empty()
          : Optional.of(PageFile.of(mediaType, content.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void send(RoutingContext request, PageFile file) {
    HttpServerResponse response = request.response();
    response
        .putHeader("Cache-Control", freshness.cacheControl)
        .putHeader("ETag", file.etag())
        .putHeader("Vary", "Accept-Encoding");
    if (file.isKnownTo(request.request().getHeader("If-None-Match"))) {
      response.setStatusCode(304).end();
      return;
    }
    boolean compressed = acceptsGzip(request.request().getHeader("Accept-Encoding"));
    Buffer body = compressed ? file.compressed() : file.content();
    response
        .putHeader("Content-Type", file.mediaType())
        .putHeader("Content-Length", Integer.toString(body.length()));
    if (compressed) {
      response.putHeader("Content-Encoding", "gzip");
    }
    if (request.request().method() == HttpMethod.HEAD) {
      response.end();
    } else {
      response.end(body);
    }
  }

  private static boolean acceptsGzip(String acceptEncoding) {
    return acceptEncoding != null
        && Pattern.compile(",")
            .splitAsStream(acceptEncoding)
            .map(coding -> coding.strip().toLowerCase(Locale.ROOT))
            .anyMatch(coding -> coding.startsWith("gzip") && !coding.matches(".*;\\s*q=0(\\.0*)?"));
  }
}
