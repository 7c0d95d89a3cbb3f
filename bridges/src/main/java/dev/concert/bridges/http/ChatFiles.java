package dev.concert.bridges.http;

import dev.concert.foundation.proxy.OutboundProxies;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.Locale;
import java.util.Set;

/** Fetches files from platforms, as they come, up to a bound. Non-blocking. */
public final class ChatFiles {
  private static final int CONNECT_MS = 5000;
  private static final int IDLE_SECONDS = 20;

  private final OutboundProxies proxies;
  private final HttpClient client;

  /**
   * @param proxies on the way to platforms
   */
  public ChatFiles(Vertx vertx, OutboundProxies proxies) {
    this.proxies = proxies;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout(CONNECT_MS).setReadIdleTimeout(IDLE_SECONDS));
  }

  /**
   * Whether an address is one of the platform: on the host that its API has, or below one of these
   * domains by HTTPS. What events say is no reason to ask any other host.
   */
  public static boolean isOf(String url, URI api, Set<String> domains) {
    URI address;
    try {
      address = URI.create(url);
    } catch (IllegalArgumentException e) {
      return false;
    }
    if (address.getHost() == null || address.getUserInfo() != null) {
      return false;
    }
    String host = address.getHost().toLowerCase(Locale.ROOT);
    boolean isApi =
        host.equals(api.getHost())
            && address.getPort() == api.getPort()
            && api.getScheme().equals(address.getScheme());
    return isApi
        || ("https".equals(address.getScheme())
            && address.getPort() == -1
            && domains.stream().anyMatch(one -> host.equals(one) || host.endsWith("." + one)));
  }

  /**
   * Fetches a file.
   *
   * @param authorization the header's value; empty for none
   * @return fails where it is not given; with a {@link FileTooLargeException} where it has more
   *     bytes than that
   */
  public Future<Buffer> fetch(String url, String authorization, int maxBytes) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("User-Agent", "Concert");
    if (!authorization.isEmpty()) {
      headers.add("Authorization", authorization);
    }
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(url)
            .setHeaders(headers)
            .setFollowRedirects(false);
    return client
        .request(proxies.route(options))
        .compose(request -> request.send().compose(response -> body(response, maxBytes)));
  }

  private static Future<Buffer> body(HttpClientResponse response, int maxBytes) {
    if (response.statusCode() != 200) {
      response.request().reset();
      return Future.failedFuture("HTTP " + response.statusCode());
    }
    Promise<Buffer> whole = Promise.promise();
    Buffer content = Buffer.buffer();
    response.handler(
        piece -> {
          if (content.length() + piece.length() > maxBytes) {
            whole.tryFail(new FileTooLargeException(maxBytes));
            response.request().reset();
          } else {
            content.appendBuffer(piece);
          }
        });
    response.exceptionHandler(whole::tryFail);
    response.endHandler(_ -> whole.tryComplete(content));
    return whole.future();
  }
}
