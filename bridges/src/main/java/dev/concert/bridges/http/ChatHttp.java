package dev.concert.bridges.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.concert.foundation.proxy.OutboundProxies;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.multipart.MultipartForm;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;

/** Makes each call once. Who calls decides whether to call again. Non-blocking. */
public final class ChatHttp {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Duration UPLOAD = Duration.ofMinutes(1);
  private static final int CONNECT_MS = 5000;
  private static final int TOO_MANY = 429;
  private static final Duration UNNAMED_PAUSE = Duration.ofSeconds(30);
  private static final double MAX_SECONDS = 3600;

  private final OutboundProxies proxies;
  private final WebClient client;

  /**
   * @param proxies on the way to platforms
   */
  public ChatHttp(Vertx vertx, OutboundProxies proxies) {
    this.proxies = proxies;
    this.client =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setConnectTimeout(CONNECT_MS)
                .setFollowRedirects(false)
                .setUserAgent("Concert"));
  }

  /**
   * @param authorization the header's value; empty for none
   * @param body JSON; a missing node for none
   */
  public Future<ChatReply> call(
      HttpMethod method, String url, String authorization, JsonNode body) {
    return call(method, url, authorization, body, TIMEOUT);
  }

  /** The same, for a call whose answer may be long in coming. */
  public Future<ChatReply> call(
      HttpMethod method, String url, String authorization, JsonNode body, Duration timeout) {
    HttpRequest<Buffer> request = request(method, url, timeout);
    if (!authorization.isEmpty()) {
      request.putHeader("Authorization", authorization);
    }
    Future<HttpResponse<Buffer>> sent =
        body.isMissingNode()
            ? request.send()
            : request
                .putHeader("Content-Type", "application/json")
                .sendBuffer(Buffer.buffer(body.toString()));
    return sent.map(ChatHttp::reply).otherwise(ChatHttp::failure);
  }

  /** Posts a form, as endpoints of tokens want it. */
  public Future<ChatReply> form(String url, Map<String, String> fields) {
    MultiMap form = MultiMap.caseInsensitiveMultiMap();
    fields.forEach(form::add);
    return request(HttpMethod.POST, url, TIMEOUT)
        .sendForm(form)
        .map(ChatHttp::reply)
        .otherwise(ChatHttp::failure);
  }

  /** Posts a form that may have files. */
  public Future<ChatReply> post(String url, String authorization, MultipartForm form) {
    HttpRequest<Buffer> request = request(HttpMethod.POST, url, UPLOAD);
    if (!authorization.isEmpty()) {
      request.putHeader("Authorization", authorization);
    }
    return request.sendMultipartForm(form).map(ChatHttp::reply).otherwise(ChatHttp::failure);
  }

  /** Posts the bytes of a file. */
  public Future<ChatReply> upload(String url, String authorization, String type, Buffer content) {
    return request(HttpMethod.POST, url, UPLOAD)
        .putHeader("Authorization", authorization)
        .putHeader("Content-Type", type)
        .sendBuffer(content)
        .map(ChatHttp::reply)
        .otherwise(ChatHttp::failure);
  }

  /** Puts the bytes of a file where a platform wants them, with the headers that it names. */
  public Future<ChatReply> put(String url, Map<String, String> headers, Buffer content) {
    HttpRequest<Buffer> request = request(HttpMethod.PUT, url, UPLOAD);
    headers.forEach(request::putHeader);
    return request.sendBuffer(content).map(ChatHttp::reply).otherwise(ChatHttp::failure);
  }

  private HttpRequest<Buffer> request(HttpMethod method, String url, Duration timeout) {
    HttpRequest<Buffer> request = client.requestAbs(method, url).timeout(timeout.toMillis());
    proxies.to(request.host(), request.ssl()).ifPresent(request::proxy);
    return request;
  }

  private static ChatReply reply(HttpResponse<Buffer> response) {
    int status = response.statusCode();
    JsonNode body = body(response);
    if (status == TOO_MANY) {
      return new ChatReply.Limited(pause(response, body), body);
    }
    if (status >= 500) {
      return new ChatReply.Unknown("HTTP " + status);
    }
    return status < 300
        ? new ChatReply.Ok(body, rest(response))
        : new ChatReply.Refused(status, body);
  }

  private static JsonNode body(HttpResponse<Buffer> response) {
    Buffer body = response.body();
    if (body == null || body.length() == 0) {
      return MissingNode.getInstance();
    }
    try {
      return Json.MAPPER.readTree(body.getBytes());
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  private static Duration pause(HttpResponse<?> response, JsonNode body) {
    JsonNode named = body.path("retry_after");
    String header = response.getHeader("Retry-After");
    if (named.isNumber()) {
      return seconds(named.asDouble());
    }
    return header != null && header.matches("\\d{1,6}(\\.\\d{1,6})?")
        ? seconds(Double.parseDouble(header))
        : UNNAMED_PAUSE;
  }

  private static Duration rest(HttpResponse<?> response) {
    String reset = response.getHeader("X-RateLimit-Reset-After");
    return "0".equals(response.getHeader("X-RateLimit-Remaining"))
            && reset != null
            && reset.matches("\\d{1,6}(\\.\\d{1,6})?")
        ? seconds(Double.parseDouble(reset))
        : Duration.ZERO;
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis((long) (Math.clamp(seconds, 0.1, MAX_SECONDS) * 1000));
  }

  private static ChatReply failure(Throwable failure) {
    String reason = failure.getClass().getSimpleName();
    return failure instanceof ConnectException
            || failure instanceof UnknownHostException
            || failure instanceof UnresolvedAddressException
        ? new ChatReply.Unreached(reason)
        : new ChatReply.Unknown(reason);
  }
}
