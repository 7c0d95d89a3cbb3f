package dev.concert.github.news;

import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.github.connection.ForgeConnection;
import dev.concert.github.webhook.ForgeEvent;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.ServerEvent;
import dev.concert.repository.RepositoryMessages.RepositoryNews;

/**
 * Tells what happens in the repositories of tenants. An event is told when its delivery is claimed,
 * and again after a crash that came before it was worked on: its delivery has the same id.
 *
 * @param bus that the gateways listen to
 */
public record NewsPublisher(ConcertBus bus) {

  /**
   * Tells the tenant of a connection.
   *
   * @param deliveryId that GitHub gave the event
   */
  public void tell(ForgeConnection connection, String deliveryId, ForgeEvent event) {
    ServerEvent told = EventNews.of(connection.id(), deliveryId, event);
    bus.publish(
        GitHubAddresses.NEWS,
        new RepositoryNews(
            connection.tenantId(), event.type().wireName(), EventCodec.encode(told, null)));
  }
}
