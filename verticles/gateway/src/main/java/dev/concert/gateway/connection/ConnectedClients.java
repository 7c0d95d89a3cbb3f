package dev.concert.gateway.connection;

import dev.concert.protocol.EventCodec;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import dev.concert.protocol.ServerEvent;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The clients that are connected to this gateway now. Thread-safe. */
public final class ConnectedClients {
  private final Set<Client> clients = ConcurrentHashMap.newKeySet();

  void add(Client client) {
    clients.add(client);
  }

  void remove(Client client) {
    clients.remove(client);
  }

  /** Shows {@link #size} among the metrics. */
  public void meter(MeterRegistry metrics) {
    Gauge.builder("concert.gateway.connections", this, ConnectedClients::size)
        .description("Open client connections")
        .register(metrics);
  }

  public int size() {
    return clients.size();
  }

  /** The clients that are now connected as this user. */
  public List<Client> of(String tenantId, String userId) {
    return clients.stream()
        .filter(
            client ->
                client
                    .identity()
                    .filter(who -> who.tenantId().equals(tenantId) && who.userId().equals(userId))
                    .isPresent())
        .toList();
  }

  /** The clients that joined this session. */
  public List<Client> joinedTo(String sessionId) {
    return clients.stream().filter(client -> client.sessions().has(sessionId)).toList();
  }

  /** Every client of a tenant. */
  public List<Client> ofTenant(String tenantId) {
    return clients.stream()
        .filter(
            client -> client.identity().filter(who -> who.tenantId().equals(tenantId)).isPresent())
        .toList();
  }

  /** The session is no more: nobody is joined to it. */
  public void leave(String sessionId) {
    clients.forEach(client -> client.sessions().leave(sessionId));
  }

  /** Sends an event to those of the tenant's clients that have a permission. */
  public void notify(String tenantId, Permission permission, ServerEvent event) {
    send(who -> who.tenantId().equals(tenantId) && who.permissions().contains(permission), event);
  }

  /** Sends an event to the clients who may see it. */
  public void send(Predicate<Identity> audience, ServerEvent event) {
    notifyOthers(audience, Optional.empty(), event);
  }

  /**
   * Sends an event to the clients who may see it, except the author, who gets it as a reply. It is
   * encoded once for all of them.
   *
   * @param author empty where the request did not come over a connection
   */
  public void notifyOthers(
      Predicate<Identity> audience, Optional<Client> author, ServerEvent event) {
    List<Client> told =
        clients.stream()
            .filter(client -> author.filter(one -> one == client).isEmpty())
            .filter(client -> client.identity().filter(audience).isPresent())
            .filter(client -> client.protocol().has(event))
            .toList();
    if (!told.isEmpty()) {
      String json = EventCodec.encode(event, null);
      told.forEach(client -> client.send(json));
    }
  }
}
