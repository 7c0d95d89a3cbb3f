package dev.concert.gateway.bridge;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.bus.Addresses;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.gateway.http.ProblemResponse;
import dev.concert.gateway.http.RawBodyHandler;
import dev.concert.gateway.rest.RateLimits;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/**
 * Passes requests to {@code /webhooks/{platform}/{connection}} and below on to the chat bridges,
 * and those to {@code /webhooks/automation/{id}} to the automations, {@code /webhooks/github/{id}}
 * to the GitHub service, byte for byte. Those verify them: no identity of the gateway is needed,
 * and none helps.
 */
public final class WebhookRoute {
  private static final String PATH = "/webhooks/";
  private static final String AUTOMATION = "automation";
  private static final String GITHUB = "github";
  private static final long MAX_BODY = 1 << 20;

  /** What fits into a message of the bus, as Base64. A transaction of Matrix may have 7 MiB. */
  private static final long MAX_LARGE_BODY = 11 << 20;

  /** GitHub sends no more than that. */
  private static final long MAX_GITHUB_BODY = 25 << 20;

  /** A body of GitHub that is larger crosses the bus compressed. */
  private static final int MAX_PLAIN = 8 << 20;

  /** Chat platforms wait 3 s and then send again. */
  private static final Duration TIMEOUT = Duration.ofMillis(2800);

  /** GitHub waits 10 s, and does not send again. */
  private static final Duration GITHUB_TIMEOUT = Duration.ofSeconds(9);

  private static final WebhookReply NOT_FOUND =
      new WebhookReply(404, "text/plain", "There is nothing at this address.");

  private final ConcertBus bus;
  private final RateLimits limits;

  public WebhookRoute(ConcertBus bus, RateLimits limits) {
    this.bus = bus;
    this.limits = limits;
  }

  /** Adds the addresses of webhooks, and those to which GitHub sends a browser back. */
  public void add(Router router) {
    GitHubReturns.add(router);
    router
        .post(PATH + GITHUB + "/:connection")
        .handler(this::admit)
        .handler(new RawBodyHandler(MAX_GITHUB_BODY))
        .handler(this::deliver);
    router
        .post(PATH + ":platform/:connection")
        .handler(this::admit)
        .handler(new RawBodyHandler(MAX_BODY))
        .handler(this::deliver);
    router
        .route(PATH + ":platform/:connection/*")
        .method(HttpMethod.PUT)
        .method(HttpMethod.POST)
        .method(HttpMethod.GET)
        .handler(this::admit)
        .handler(new RawBodyHandler(MAX_LARGE_BODY))
        .handler(this::deliver);
  }

  private void admit(RoutingContext request) {
    RateLimits.Decision decision =
        limits.admitWebhook(platform(request), request.pathParam("connection"));
    decision.headers().forEach(request.response()::putHeader);
    decision
        .refusal()
        .ifPresentOrElse(refusal -> ProblemResponse.send(request, refusal), request::next);
  }

  private static String platform(RoutingContext request) {
    return Optional.ofNullable(request.pathParam("platform")).orElse(GITHUB);
  }

  private void deliver(RoutingContext request) {
    bytes(request)
        .compose(
            bytes ->
                deliver(
                    new DeliverWebhook(
                        platform(request),
                        request.pathParam("connection"),
                        request.request().method().name(),
                        path(request),
                        headers(request),
                        bytes)))
        .onSuccess(reply -> reply(request, reply))
        .onFailure(failure -> ProblemResponse.send(request, failure));
  }

  /** What stands behind the address of the connection. */
  private static String path(RoutingContext request) {
    String[] parts = request.normalizedPath().substring(PATH.length()).split("/", 3);
    return parts.length == 3 ? "/" + parts[2] : "";
  }

  /** What of GitHub is too large for a message of the bus: as JSON it becomes a tenth. */
  private static Future<byte[]> bytes(RoutingContext request) {
    Buffer body = Optional.ofNullable(request.body().buffer()).orElseGet(Buffer::buffer);
    return body.length() <= MAX_PLAIN || !platform(request).equals(GITHUB)
        ? Future.succeededFuture(body.getBytes())
        : request.vertx().executeBlocking(() -> compressed(body), false);
  }

  private static byte[] compressed(Buffer body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(body.getBytes());
    }
    return out.toByteArray();
  }

  private Future<WebhookReply> deliver(DeliverWebhook webhook) {
    boolean isOfABridge = !Set.of(AUTOMATION, GITHUB).contains(webhook.platform());
    if (!isOfABridge && !(webhook.method().equals("POST") && webhook.path().isEmpty())) {
      return Future.succeededFuture(NOT_FOUND);
    }
    return switch (webhook.platform()) {
      case AUTOMATION -> bus.request(AutomationAddresses.DELIVER_EVENT, webhook, TIMEOUT);
      case GITHUB -> bus.request(GitHubAddresses.DELIVER_WEBHOOK, webhook, GITHUB_TIMEOUT);
      // The bridges of this node verify it, and find the node that is to claim it.
      default -> bus.request(bus.node(), Addresses.DELIVER_WEBHOOK, webhook, TIMEOUT);
    };
  }

  private static Map<String, String> headers(RoutingContext request) {
    Map<String, String> headers = new HashMap<>();
    RawBodyHandler.contentType(request).ifPresent(type -> headers.put("content-type", type));
    request
        .request()
        .headers()
        .forEach(
            header ->
                headers.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    return headers;
  }

  private static void reply(RoutingContext request, WebhookReply reply) {
    request
        .response()
        .setStatusCode(reply.status())
        .putHeader("Content-Type", reply.contentType())
        .putHeader("Cache-Control", "no-store")
        .end(reply.body());
  }
}
