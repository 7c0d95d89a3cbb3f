package dev.concert.github;

import dev.concert.automation.EventMessages.RepositoryActivity;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.forge.Forge;
import dev.concert.github.forge.ForgeDelivery;
import dev.concert.github.work.TenantWork;
import dev.concert.github.work.WorkServices;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;

/**
 * Takes what forges deliver: it is verified, read, claimed by the work of its tenant, and told to
 * others. The forge has its answer after that, so what fails is delivered again.
 *
 * @param tenants gives the work of a tenant
 */
record WebhookEntry(WorkServices services, Function<String, Future<TenantWork>> tenants) {
  private static final WebhookReply UNKNOWN =
      new WebhookReply(404, "text/plain", "There is no such connection.");

  /** The answer for the forge. */
  Future<WebhookReply> deliver(DeliverWebhook webhook) {
    return services
        .connections()
        .find(webhook.connectionId())
        .compose(
            found ->
                found
                    .filter(connection -> connection.platform().equals(webhook.platform()))
                    .map(connection -> deliver(connection, webhook))
                    .orElseGet(() -> Future.succeededFuture(UNKNOWN)));
  }

  /** A payload may have many megabytes, so it is read elsewhere. */
  private Future<WebhookReply> deliver(ForgeConnection connection, DeliverWebhook webhook) {
    Forge forge = services.forges().of(connection);
    return services
        .workers()
        .executeBlocking(() -> forge.read(connection, webhook), false)
        .compose(
            read ->
                receive(connection, read)
                    .compose(_ -> forge.received(connection, read))
                    .compose(happened -> tell(connection, happened))
                    .map(read.reply()));
  }

  private Future<Void> receive(ForgeConnection connection, ForgeDelivery read) {
    return read.event()
        .map(
            event ->
                tenants
                    .apply(connection.tenantId())
                    .compose(work -> work.receive(connection, read.id(), event)))
        .orElseGet(Future::succeededFuture);
  }

  /** What automations are to hear is durable before the forge gets its answer. */
  private Future<Void> tell(ForgeConnection connection, Optional<RepositoryActivity> happened) {
    return happened
        .map(event -> tenants.apply(connection.tenantId()).compose(work -> work.happened(event)))
        .orElseGet(Future::succeededFuture);
  }
}
