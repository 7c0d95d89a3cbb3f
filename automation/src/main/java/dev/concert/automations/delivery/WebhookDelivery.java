package dev.concert.automations.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.automation.AutomationMessages.InboxItem;
import dev.concert.automations.delivery.WebhookTargets.UnresolvedException;
import dev.concert.automations.delivery.WebhookTargets.WebhookTarget;
import dev.concert.automations.event.WebhookSecrets;
import dev.concert.automations.event.WebhookSecrets.WebhookSecret;
import dev.concert.automations.event.WebhookSignature;
import dev.concert.error.ConcertException;
import dev.concert.foundation.outbox.SendOutcome;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.codec.BodyCodec;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * Posts items to webhooks of members, signed as Standard Webhooks does. An item that is posted
 * again has the same {@code webhook-id}. Redirects are not followed, and nothing of an answer but
 * its status is read. On one context.
 */
final class WebhookDelivery implements DeliveryWay {
  private static final int CONNECT_MS = 5000;
  private static final int CLOSE_MS = 5000;
  private static final int TOO_MANY = 429;
  private static final int GONE = 410;
  private static final Duration UNNAMED_PAUSE = Duration.ofMinutes(1);
  private static final Duration FULL = Duration.ofSeconds(1);
  private static final int AT_ONCE = 64;

  private final WebhookTargets targets;
  private final WebhookSecrets secrets;
  private final InstantSource clock;
  private final Vertx vertx;
  private final WebClient client;
  private final Duration timeout;
  private final TargetBreakers breakers;
  private final Promise<Void> ended = Promise.promise();
  private int underWay;
  private boolean closed;

  WebhookDelivery(
      Vertx vertx,
      WebhookTargets targets,
      WebhookSecrets secrets,
      Duration timeout,
      InstantSource clock) {
    this.vertx = vertx;
    this.targets = targets;
    this.secrets = secrets;
    this.clock = clock;
    this.timeout = timeout;
    this.breakers = new TargetBreakers(clock);
    this.client =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setConnectTimeout(CONNECT_MS)
                .setFollowRedirects(false)
                .setKeepAlive(false)
                .setUserAgent("Concert"));
  }

  /** The name of the secret with which a member's webhooks are signed. */
  static String secretName(String tenantId, String owner) {
    return "inbox:" + tenantId + ":" + owner;
  }

  @Override
  public Future<SendOutcome> send(Parcel parcel) {
    if (parcel.url().isEmpty()) {
      return refused("No address is set for webhooks.");
    }
    if (underWay >= AT_ONCE || closed) {
      return Future.succeededFuture(new SendOutcome.Wait(FULL));
    }
    underWay++;
    return secrets
        .find(secretName(parcel.tenantId(), parcel.owner()))
        .compose(
            secret ->
                secret
                    .map(found -> send(parcel, found))
                    .orElseGet(() -> refused("There is no secret to sign with.")))
        .onComplete(_ -> end());
  }

  private void end() {
    underWay--;
    if (closed && underWay == 0) {
      // After what is done with the outcome.
      vertx.runOnContext(_ -> ended.tryComplete());
    }
  }

  /** Cuts what is under way; completes when its outcome is known. */
  Future<Void> close() {
    closed = true;
    client.close();
    return underWay == 0
        ? Future.succeededFuture()
        : ended.future().timeout(CLOSE_MS, TimeUnit.MILLISECONDS).otherwiseEmpty();
  }

  private static Future<SendOutcome> refused(String reason) {
    return Future.succeededFuture(new SendOutcome.Refused(reason));
  }

  private Future<SendOutcome> send(Parcel parcel, WebhookSecret secret) {
    return targets
        .resolve(parcel.url().orElseThrow())
        .compose(target -> breakers.guard(target, () -> post(parcel, target, secret)))
        .recover(
            failure ->
                switch (failure) {
                  case UnresolvedException unresolved ->
                      Future.succeededFuture(new SendOutcome.Failed(unresolved.getMessage()));
                  case ConcertException wrong -> refused(wrong.problem().message());
                  default -> Future.failedFuture(failure);
                });
  }

  private Future<SendOutcome> post(Parcel parcel, WebhookTarget target, WebhookSecret secret) {
    byte[] body = body(parcel.item());
    Instant now = clock.instant();
    String id = parcel.item().itemId();
    return client
        .request(
            HttpMethod.POST,
            SocketAddress.inetSocketAddress(target.port(), target.address().getHostAddress()),
            target.port(),
            target.host(),
            target.requestUri())
        .ssl(target.isEncrypted())
        .timeout(timeout.toMillis())
        .as(BodyCodec.none())
        .putHeader("Content-Type", "application/json")
        .putHeader("webhook-id", id)
        .putHeader("webhook-timestamp", Long.toString(now.getEpochSecond()))
        .putHeader("webhook-signature", WebhookSignature.standard(id, now, body, secret.secret()))
        .sendBuffer(Buffer.buffer(body))
        .map(WebhookDelivery::outcome)
        .otherwise(WebhookDelivery::outcome);
  }

  private static byte[] body(InboxItem item) {
    ObjectNode message =
        Json.MAPPER
            .createObjectNode()
            .put("type", "inbox.item_created")
            .put("timestamp", Instant.ofEpochMilli(item.createdAt()).toString());
    message.set("data", Json.MAPPER.valueToTree(item));
    try {
      return Json.MAPPER.writeValueAsBytes(message);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An item cannot be written as JSON", e);
    }
  }

  private static SendOutcome outcome(HttpResponse<?> response) {
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      return new SendOutcome.Sent("");
    }
    return switch (status) {
      case TOO_MANY -> new SendOutcome.Wait(pause(response.getHeader("Retry-After")));
      case GONE -> new SendOutcome.Refused("The server says that this address is gone (410).");
      default -> new SendOutcome.Failed("The server answers %d.".formatted(status));
    };
  }

  private static Duration pause(String header) {
    return Optional.ofNullable(header)
        .filter(text -> text.matches("\\d{1,4}"))
        .map(text -> Duration.ofSeconds(Math.max(1, Long.parseLong(text))))
        .orElse(UNNAMED_PAUSE);
  }

  private static SendOutcome outcome(Throwable failure) {
    return switch (failure) {
      case ConnectException _ -> new SendOutcome.Failed("The server cannot be reached.");
      case SSLException _ ->
          new SendOutcome.Failed("The server's certificate is not valid, or it speaks no TLS.");
      default ->
          new SendOutcome.Unknown(
              "The server did not answer (%s).".formatted(failure.getClass().getSimpleName()));
    };
  }
}
