package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.bus.Addresses;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.rest.RateLimitOptions;
import io.vertx.core.Future;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chat platforms call from elsewhere, without a token of ours. */
class WebhookRouteTest {
  @TempDir private Path data;

  private static HttpResponse<String> post(RunningGateway gateway, String path, String body)
      throws Exception {
    return post(gateway, path, body, "application/json");
  }

  private static HttpResponse<String> post(
      RunningGateway gateway, String path, String body, String type) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port + path))
                .header("X-Slack-Signature", "v0=abc")
                .header("Content-Type", type)
                .header("Origin", "https://slack.example")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void theBytesReachTheBridgesAsTheyAreAndTheirReplyTheSender() throws Exception {
    try (RunningGateway gateway = RunningGateway.start(data)) {
      AtomicReference<DeliverWebhook> got = new AtomicReference<>();
      new ConcertBus(gateway.vertx)
          .serve(
              Addresses.DELIVER_WEBHOOK,
              webhook -> {
                got.set(webhook);
                return Future.succeededFuture(new WebhookReply(200, "text/plain", "challenge"));
              });
      String body = "{\"text\":\"😀 \\u001B\"}";
      HttpResponse<String> reply = post(gateway, "/webhooks/slack/c1", body);
      assertThat(reply.statusCode()).isEqualTo(200);
      assertThat(reply.body()).isEqualTo("challenge");
      assertThat(new String(got.get().body(), StandardCharsets.UTF_8)).isEqualTo(body);
      assertThat(got.get().headers()).containsEntry("x-slack-signature", "v0=abc");
      assertThat(got.get().connectionId()).isEqualTo("c1");

      assertThat(post(gateway, "/webhooks/slack/c1", "x".repeat((1 << 20) + 1)).statusCode())
          .isEqualTo(413);
      assertThat(post(gateway, "/webhooks/../api/sessions", "{}").statusCode()).isEqualTo(403);
    }
  }

  @Test
  void aWebhookOfGitHubMayHave25MiBAndALargeOneCrossesTheBusCompressed() throws Exception {
    try (RunningGateway gateway = RunningGateway.start(data)) {
      AtomicReference<DeliverWebhook> got = new AtomicReference<>();
      new ConcertBus(gateway.vertx)
          .serve(
              GitHubAddresses.DELIVER_WEBHOOK,
              webhook -> {
                got.set(webhook);
                return Future.succeededFuture(new WebhookReply(202, "text/plain", ""));
              });
      String body = "{\"text\":\"" + "x".repeat(24 << 20) + "\"}";

      assertThat(post(gateway, "/webhooks/github/c1", body).statusCode()).isEqualTo(202);
      assertThat(got.get().body()).hasSizeLessThan(1 << 20);
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(got.get().body()))) {
        assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8).equals(body)).isTrue();
      }
      assertThat(post(gateway, "/webhooks/github/c1", "x".repeat((25 << 20) + 1)).statusCode())
          .isEqualTo(413);
    }
  }

  @Test
  void aServiceThatCannotStoreAnEventSaysWhenItsSenderMayRepeatIt() throws Exception {
    try (RunningGateway gateway = RunningGateway.start(data)) {
      new ConcertBus(gateway.vertx)
          .serve(
              AutomationAddresses.DELIVER_EVENT,
              _ ->
                  Future.failedFuture(
                      ConcertException.retryAfter(
                          ErrorCode.AUTOMATIONS_UNAVAILABLE, "The disk is full.", 30_000)));

      HttpResponse<String> reply = post(gateway, "/webhooks/automation/auto_1", "{}");
      assertThat(reply.statusCode()).isEqualTo(503);
      assertThat(reply.headers().firstValue("Retry-After")).contains("30");
      assertThat(reply.body()).contains("The disk is full.");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
  void aFormOfAnySizeReachesTheBridgesAsItIs(String type) throws Exception {
    try (RunningGateway gateway = RunningGateway.start(data)) {
      AtomicReference<DeliverWebhook> got = new AtomicReference<>();
      new ConcertBus(gateway.vertx)
          .serve(
              Addresses.DELIVER_WEBHOOK,
              webhook -> {
                got.set(webhook);
                return Future.succeededFuture(new WebhookReply(200, "text/plain", ""));
              });
      String body = "payload=%7B%22" + "x".repeat(100_000) + "%22%7D&bad=%";

      assertThat(post(gateway, "/webhooks/slack/c1", body, type).statusCode()).isEqualTo(200);
      assertThat(new String(got.get().body(), StandardCharsets.UTF_8)).isEqualTo(body);
      assertThat(got.get().headers()).containsEntry("content-type", type);
    }
  }

  @Test
  void aRequestBelowTheAddressOfAConnectionReachesTheBridgesWithItsMethodAndPath()
      throws Exception {
    try (RunningGateway gateway = RunningGateway.start(data)) {
      AtomicReference<DeliverWebhook> got = new AtomicReference<>();
      new ConcertBus(gateway.vertx)
          .serve(
              Addresses.DELIVER_WEBHOOK,
              webhook -> {
                got.set(webhook);
                return Future.succeededFuture(new WebhookReply(200, "application/json", "{}"));
              });
      String path = "/_matrix/app/v1/transactions/a%2Fb";
      String body = "x".repeat(3 << 20);
      assertThat(send(gateway, "PUT", "/webhooks/matrix/c1" + path, body)).isEqualTo(200);
      assertThat(got.get().method()).isEqualTo("PUT");
      assertThat(got.get().path()).isEqualTo(path);
      assertThat(got.get().connectionId()).isEqualTo("c1");
      assertThat(got.get().headers()).containsEntry("authorization", "Bearer hs");
      assertThat(got.get().body()).hasSize(body.length());

      got.set(null);
      assertThat(send(gateway, "PUT", "/webhooks/github/c1/x", "{}")).isEqualTo(404);
      assertThat(send(gateway, "PUT", "/webhooks/automation/c1", "{}")).isEqualTo(404);
      assertThat(send(gateway, "DELETE", "/webhooks/matrix/c1/x", "{}")).isEqualTo(404);
      assertThat(got.get()).isNull();
    }
  }

  private static int send(RunningGateway gateway, String method, String path, String body)
      throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port + path))
                .header("Authorization", "Bearer hs")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  @Test
  void aSenderWhoSendsTooOftenIsAskedToWaitAndNothingReachesTheBridges() throws Exception {
    GatewayOptions options =
        RunningGateway.options(data).withRateLimits(new RateLimitOptions(3, Map.of()));
    try (RunningGateway gateway = RunningGateway.start(options)) {
      AtomicInteger got = new AtomicInteger();
      new ConcertBus(gateway.vertx)
          .serve(
              Addresses.DELIVER_WEBHOOK,
              _ -> {
                got.incrementAndGet();
                return Future.succeededFuture(new WebhookReply(200, "text/plain", ""));
              });
      HttpResponse<String> reply = post(gateway, "/webhooks/slack/c1", "{}");
      int admitted = 0;
      while (reply.statusCode() == 200) {
        admitted++;
        reply = post(gateway, "/webhooks/slack/c1", "{}");
      }
      assertThat(reply.statusCode()).isEqualTo(429);
      assertThat(reply.body()).contains("RATE_LIMITED");
      assertThat(reply.headers().firstValue("Retry-After")).isPresent();
      assertThat(got).hasValue(admitted);

      // Another connection of the same platform is not held back.
      assertThat(post(gateway, "/webhooks/slack/c2", "{}").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void withoutBridgesTheSenderIsAskedToComeAgain() throws Exception {
    try (RunningGateway gateway = RunningGateway.start(data)) {
      assertThat(post(gateway, "/webhooks/slack/c1", "{}").statusCode()).isEqualTo(503);
    }
  }
}
