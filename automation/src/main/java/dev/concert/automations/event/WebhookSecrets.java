package dev.concert.automations.event;

import dev.concert.foundation.secret.SecretOptions;
import dev.concert.foundation.secret.SecretStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;

/** The secrets with which senders sign, encrypted, by their automations. Non-blocking. */
public final class WebhookSecrets {
  private static final int BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final Vertx vertx;
  private final SecretStore store;

  private WebhookSecrets(Vertx vertx, SecretStore store) {
    this.vertx = vertx;
    this.store = store;
  }

  public static Future<WebhookSecrets> open(Vertx vertx, SecretOptions options) {
    return vertx.executeBlocking(() -> new WebhookSecrets(vertx, options.open()));
  }

  /**
   * The secret of an automation.
   *
   * @param tenantId of the automation
   */
  public record WebhookSecret(String tenantId, String secret) {
    static final String PREFIX = "whsec_";

    @Override
    public String toString() {
      return "WebhookSecret[" + tenantId + "]";
    }
  }

  /** A new secret, which is the only one from now on. */
  public Future<String> renew(String tenantId, String automationId) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String secret = WebhookSecret.PREFIX + Base64.getEncoder().encodeToString(bytes);
    return vertx.executeBlocking(
        () -> {
          store.put(automationId, tenantId + "\n" + secret);
          return secret;
        });
  }

  /** Keeps a secret that somebody else made. */
  public Future<Void> put(String tenantId, String name, String secret) {
    return vertx.executeBlocking(
        () -> {
          store.put(name, tenantId + "\n" + secret);
          return null;
        });
  }

  /** A secret of the whole server, which is made when it is wanted first. */
  public Future<String> findOrMake(String name, Supplier<String> make) {
    return vertx.executeBlocking(
        () ->
            store
                .find(name)
                .map(stored -> read(stored).secret())
                .orElseGet(
                    () -> {
                      String made = make.get();
                      store.put(name, "\n" + made);
                      return made;
                    }));
  }

  /** The secret of an automation, or of whatever else has one. */
  public Future<Optional<WebhookSecret>> find(String automationId) {
    return vertx.executeBlocking(() -> store.find(automationId).map(WebhookSecrets::read));
  }

  private static WebhookSecret read(String stored) {
    String[] parts = stored.split("\n", 2);
    return new WebhookSecret(parts[0], parts[1]);
  }

  public Future<Void> remove(String automationId) {
    return vertx.executeBlocking(
        () -> {
          store.remove(automationId);
          return null;
        });
  }

  /** The tenant is being deleted. */
  public Future<Void> removeAllOf(String tenantId) {
    return vertx.executeBlocking(
        () -> {
          store
              .names()
              .keySet()
              .forEach(
                  name -> {
                    if (store
                        .find(name)
                        .map(WebhookSecrets::read)
                        .orElseThrow()
                        .tenantId()
                        .equals(tenantId)) {
                      store.remove(name);
                    }
                  });
          return null;
        });
  }

  public Future<Void> close() {
    return vertx.executeBlocking(
        () -> {
          store.close();
          return null;
        });
  }
}
