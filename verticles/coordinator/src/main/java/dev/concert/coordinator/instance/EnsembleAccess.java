package dev.concert.coordinator.instance;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.inference.InferenceMessages.Access;
import dev.concert.inference.InferenceMessages.OpenAccess;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one agent needs to call models: its token, and where Ensemble is now. Thread-safe. */
final class EnsembleAccess {
  private static final Logger LOG = LoggerFactory.getLogger(EnsembleAccess.class);

  /** A turn waits no longer for an Ensemble that does not answer; its agent then finds out. */
  private static final Duration RENEWAL = Duration.ofSeconds(2);

  private final ConcertBus bus;
  private final String instanceId;
  private final String tenantId;
  private volatile Access access;

  private EnsembleAccess(ConcertBus bus, String instanceId, String tenantId, Access access) {
    this.bus = bus;
    this.instanceId = instanceId;
    this.tenantId = tenantId;
    this.access = access;
  }

  /** Has Ensemble issue a token. */
  static Future<EnsembleAccess> open(
      ConcertBus bus, String instanceId, String tenantId, Duration timeout) {
    return bus.request(Addresses.OPEN_ACCESS, new OpenAccess(instanceId, tenantId, null), timeout)
        .map(access -> new EnsembleAccess(bus, instanceId, tenantId, access));
  }

  /**
   * Before each turn: an Ensemble that was started again knows no token, and may listen on another
   * port. Completes within two seconds, also where Ensemble does not answer.
   */
  Future<Void> renew() {
    return bus.request(
            Addresses.OPEN_ACCESS, new OpenAccess(instanceId, tenantId, token()), RENEWAL)
        .onSuccess(renewed -> access = renewed)
        .onFailure(
            failure ->
                LOG.debug(
                    "The access of {} could not be renewed: {}", instanceId, failure.toString()))
        .otherwiseEmpty()
        .mapEmpty();
  }

  /** The agent's bearer token; a secret. */
  String token() {
    return access.token();
  }

  /** Base URL of Ensemble as seen from this host. */
  URI url() {
    return URI.create(access.url());
  }

  /** The model to use when none was chosen. */
  String defaultModel() {
    return access.defaultModel();
  }
}
