package dev.concert.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.automation.EventMessages.RepositoryActivity;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.github.connection.GitHubConnection;
import dev.concert.github.webhook.GitHubEvent;
import dev.concert.github.webhook.GitHubEventReader;
import dev.concert.github.webhook.GitHubSignature;
import dev.concert.github.webhook.RepositoryActivityReader;
import dev.concert.github.webhook.WebhookBody;
import dev.concert.github.work.TenantWork;
import dev.concert.github.work.WorkServices;
import dev.concert.json.Json;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what GitHub delivers: it is verified, read, claimed by the work of its tenant, and told to
 * automations. GitHub has its answer after that, so what fails is delivered again.
 *
 * @param tenants gives the work of a tenant
 */
record WebhookEntry(WorkServices services, Function<String, Future<TenantWork>> tenants) {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookEntry.class);

  private static final String DELIVERY_HEADER = "x-github-delivery";

  /** A delivery is a GUID. */
  private static final String DELIVERY = "[A-Za-z0-9-]{1,100}";

  /** A person takes back what they allowed the App; GitHub knows no other action of it. */
  private static final String REVOKED = "github_app_authorization";

  private static final WebhookReply UNKNOWN =
      new WebhookReply(404, "text/plain", "There is no such connection.");
  private static final WebhookReply TAKEN = new WebhookReply(202, "text/plain", "");

  /** The answer for GitHub. */
  Future<WebhookReply> deliver(DeliverWebhook webhook) {
    return services
        .connections()
        .find(webhook.connectionId())
        .compose(
            found ->
                found
                    .map(connection -> deliver(connection, webhook))
                    .orElseGet(() -> Future.succeededFuture(UNKNOWN)));
  }

  /** A payload may have many megabytes, so it is read elsewhere. */
  private Future<WebhookReply> deliver(GitHubConnection connection, DeliverWebhook webhook) {
    return services
        .workers()
        .executeBlocking(() -> read(connection, webhook), false)
        .compose(
            read ->
                receive(connection, webhook, read)
                    .compose(_ -> services.accounts().revoked(connection.id(), read.revokedBy()))
                    .compose(_ -> tell(connection, read))
                    .map(read.reply()));
  }

  private Future<Void> receive(
      GitHubConnection connection, DeliverWebhook webhook, ReadDelivery read) {
    return read.event()
        .map(
            event ->
                tenants
                    .apply(connection.tenantId())
                    .compose(
                        work ->
                            work.receive(
                                connection, webhook.headers().get(DELIVERY_HEADER), event)))
        .orElseGet(Future::succeededFuture);
  }

  /** Automations have it, or it is durable here, before GitHub gets its answer. */
  private Future<Void> tell(GitHubConnection connection, ReadDelivery read) {
    return read.happened()
        .map(
            event ->
                services
                    .serves(connection, event.owner(), event.installation())
                    .compose(
                        isServed ->
                            isServed
                                ? tenants
                                    .apply(connection.tenantId())
                                    .compose(work -> work.happened(event))
                                : Future.<Void>succeededFuture()))
        .orElseGet(Future::succeededFuture);
  }

  /**
   * What a delivery says, and its answer.
   *
   * @param event for the work on issues; empty where it does not concern that
   * @param happened for automations; empty where it is about no repository
   * @param revokedBy account that takes back what it allowed the App; 0 for none
   */
  private record ReadDelivery(
      WebhookReply reply,
      Optional<GitHubEvent> event,
      Optional<RepositoryActivity> happened,
      long revokedBy) {
    static ReadDelivery refused(int status, String sentence) {
      return new ReadDelivery(
          new WebhookReply(status, "text/plain", sentence), Optional.empty(), Optional.empty(), 0);
    }
  }

  private static ReadDelivery read(GitHubConnection connection, DeliverWebhook webhook) {
    Map<String, String> headers = webhook.headers();
    byte[] body;
    try {
      body = WebhookBody.of(webhook.body());
    } catch (IOException e) {
      return ReadDelivery.refused(413, "The body is larger than GitHub's are.");
    }
    if (!GitHubSignature.isRight(
        connection.secrets().getOrDefault(GitHubConnection.WEBHOOK_SECRET, ""),
        headers.getOrDefault(GitHubSignature.HEADER, ""),
        body)) {
      LOG.atInfo()
          .addKeyValue("tenantId", connection.tenantId())
          .log("A webhook of GitHub is refused: its signature is wrong");
      return ReadDelivery.refused(
          401, "The signature is wrong. Give GitHub the webhook secret of this bridge.");
    }
    if (!headers.getOrDefault(DELIVERY_HEADER, "").matches(DELIVERY)) {
      return ReadDelivery.refused(400, "The header X-GitHub-Delivery is missing.");
    }
    try {
      JsonNode payload = Json.MAPPER.readTree(body);
      String name = headers.getOrDefault("x-github-event", "");
      return new ReadDelivery(
          TAKEN,
          GitHubEventReader.read(name, payload),
          RepositoryActivityReader.read(connection, headers.get(DELIVERY_HEADER), name, payload),
          name.equals(REVOKED) ? payload.path("sender").path("id").asLong() : 0);
    } catch (IOException e) {
      return ReadDelivery.refused(
          400, "The body is not JSON. Choose the content type application/json.");
    }
  }
}
