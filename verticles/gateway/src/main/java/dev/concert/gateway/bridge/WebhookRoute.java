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
import java.util.zip.GZIPOutputStream;

/**
 * Passes requests to {@code /webhooks/{platform}/{connection}} and below on to the chat bridges,
 * and those to {@code /webhooks/automation/{id}} to the automations, {@code /webhooks/github/{id}}
 * and those of other forges to the GitHub service, byte for byte. Those verify them: no identity of
 * the gateway is needed, and none helps.
 */
public final class WebhookRoute {
  private static final String PATH = "/webhooks/";
  private static final String AUTOMATION = "automation";
  private static final long MAX_BODY = 1 << 20;

  /** What fits into a message of the bus, as Base64. A transaction of Matrix may have 7 MiB. */
  private static final long MAX_LARGE_BODY = 11 << 20;

  /** GitHub sends no more than that, and GitLab by default. */
  private static final long MAX_FORGE_BODY = 25 << 20;

  /** A body of a forge that is larger crosses the bus compressed. */
  private static final int MAX_PLAIN = 8 << 20;

  /** Chat platforms wait 3 s and then send again. */
  private static final Duration TIMEOUT = Duration.ofMillis(2800);

  /** GitHub and GitLab wait 10 s; GitHub does not send again. */
  private static final Duration FORGE_TIMEOUT = Duration.ofSeconds(9);

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
    RawBodyHandler body = new RawBodyHandler(MAX_BODY);
    RawBodyHandler forgeBody = new RawBodyHandler(MAX_FORGE_BODY);
    router
        .post(PATH + ":platform/:connection")
        .handler(this::admit)
        .handler(request -> (isOfAForge(platform(request)) ? forgeBody : body).handle(request))
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
    return request.pathParam("platform");
  }

  private static boolean isOfAForge(String platform) {
    return GitHubAddresses.FORGES.contains(platform);
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

  /** What of a forge is too large for a message of the bus: as JSON it becomes a tenth. */
  private static Future<byte[]> bytes(RoutingContext request) {
    Buffer body = Optional.ofNullable(request.body().buffer()).orElseGet(Buffer::buffer);
    return body.length() <= MAX_PLAIN || !isOfAForge(platform(request))
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
    boolean isOfAForge = isOfAForge(webhook.platform());
    boolean isOfABridge = !isOfAForge && !webhook.platform().equals(AUTOMATION);
    if (!isOfABridge && !(webhook.method().equals("POST") && webhook.path().isEmpty())) {
      return Future.succeededFuture(NOT_FOUND);
    }
    if (isOfAForge) {
      return bus.request(GitHubAddresses.DELIVER_WEBHOOK, webhook, FORGE_TIMEOUT);
    }
    return isOfABridge
        // The bridges of this node verify it, and find the node that is to claim it.
        ? bus.request(bus.node(), Addresses.DELIVER_WEBHOOK, webhook, TIMEOUT)
        : bus.request(AutomationAddresses.DELIVER_EVENT, webhook, TIMEOUT);
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
