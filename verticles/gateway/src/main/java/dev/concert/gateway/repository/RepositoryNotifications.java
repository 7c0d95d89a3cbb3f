package dev.concert.gateway.repository;

import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.gateway.connection.ConnectedClients;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import dev.concert.repository.RepositoryMessages.RepositoryNews;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the open connections of a tenant what happens in its repositories: to each member who may
 * read sessions, as the lists of repositories are.
 */
public record RepositoryNotifications(ConnectedClients clients) {
  private static final Logger LOG = LoggerFactory.getLogger(RepositoryNotifications.class);

  /** Shows what comes from now on. */
  public void listen(ConcertBus bus) {
    bus.listen(GitHubAddresses.NEWS, this::show);
  }

  private void show(RepositoryNews news) {
    try {
      clients.send(who -> maySee(who, news), EventCodec.decode(news.event()));
    } catch (IllegalArgumentException unknown) {
      LOG.debug("A newer service tells of {}, which this gateway does not know", news.type());
    }
  }

  private static boolean maySee(Identity who, RepositoryNews news) {
    return who.tenantId().equals(news.tenantId())
        && who.onlySessions().isEmpty()
        && who.permissions().contains(Permission.THREADS_READ);
  }
}
