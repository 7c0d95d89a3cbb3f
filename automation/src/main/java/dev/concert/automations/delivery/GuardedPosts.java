package dev.concert.automations.delivery;

import dev.concert.automations.delivery.WebhookTargets.UnresolvedException;
import dev.concert.automations.delivery.WebhookTargets.WebhookTarget;
import dev.concert.error.ConcertException;
import dev.concert.foundation.outbox.SendOutcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.codec.BodyCodec;
import java.net.ConnectException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/**
 * Posts to addresses that members name: only where {@link WebhookTargets} allows it, with a breaker
 * for each server, and not too many at once. Redirects are not followed, and nothing of an answer
 * but its status is read. On one context.
 */
final class GuardedPosts {
  private static final int CONNECT_MS = 5000;
  private static final int TOO_MANY = 429;
  private static final Duration UNNAMED_PAUSE = Duration.ofMinutes(1);
  private static final Duration FULL = Duration.ofSeconds(1);
  private static final int AT_ONCE = 64;

  private final WebhookTargets targets;
  private final WebClient client;
  private final Duration timeout;
  private final TargetBreakers breakers;
  private int underWay;

  GuardedPosts(Vertx vertx, WebhookTargets targets, DeliveryOptions options, InstantSource clock) {
    this.targets = targets;
    this.timeout = options.timeout();
    this.breakers = new TargetBreakers(clock);
    WebClientOptions web =
        new WebClientOptions()
            .setConnectTimeout(CONNECT_MS)
            .setFollowRedirects(false)
            .setKeepAlive(false)
            .setUserAgent("Concert");
    options
        .caFile()
        .ifPresent(file -> web.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    this.client = WebClient.create(vertx, web);
  }

  /**
   * A request.
   *
   * @param gone statuses that say that the address is no more
   */
  record Post(String url, Map<String, String> headers, byte[] body, Set<Integer> gone) {}

  /**
   * Sends the request once. The outcome says why it was not sent.
   *
   * @param make the request; it may need a secret, and its time is that of the attempt
   */
  Future<SendOutcome> send(Supplier<Future<Post>> make) {
    if (underWay >= AT_ONCE) {
      return Future.succeededFuture(new SendOutcome.Wait(FULL));
    }
    underWay++;
    return Future.succeededFuture()
        // Also where it throws, so that its place becomes free.
        .compose(_ -> make.get())
        .compose(this::guarded)
        .recover(GuardedPosts::refused)
        .onComplete(_ -> underWay--);
  }

  /** Cuts what is under way. */
  void close() {
    client.close();
  }

  private Future<SendOutcome> guarded(Post post) {
    return targets
        .resolve(post.url())
        .compose(target -> breakers.guard(target, () -> sendTo(target, post)));
  }

  private static Future<SendOutcome> refused(Throwable failure) {
    return switch (failure) {
      case UnresolvedException unresolved ->
          Future.succeededFuture(new SendOutcome.Failed(unresolved.getMessage()));
      case ConcertException wrong ->
          Future.succeededFuture(new SendOutcome.Refused(wrong.problem().message()));
      default -> Future.failedFuture(failure);
    };
  }

  private Future<SendOutcome> sendTo(WebhookTarget target, Post post) {
    HttpRequest<Void> request =
        client
            .request(
                HttpMethod.POST,
                SocketAddress.inetSocketAddress(target.port(), target.address().getHostAddress()),
                target.port(),
                target.host(),
                target.requestUri())
            .ssl(target.isEncrypted())
            .timeout(timeout.toMillis())
            .as(BodyCodec.none());
    post.headers().forEach(request::putHeader);
    return request
        .sendBuffer(Buffer.buffer(post.body()))
        .map(response -> outcome(response, post.gone()))
        .otherwise(GuardedPosts::outcome);
  }

  private static SendOutcome outcome(HttpResponse<?> response, Set<Integer> gone) {
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      return new SendOutcome.Sent("");
    }
    if (gone.contains(status)) {
      return new SendOutcome.Refused(
          "The server says that this address is gone (%d).".formatted(status), true);
    }
    return status == TOO_MANY
        ? new SendOutcome.Wait(pause(response.getHeader("Retry-After")))
        : new SendOutcome.Failed("The server answers %d.".formatted(status));
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
