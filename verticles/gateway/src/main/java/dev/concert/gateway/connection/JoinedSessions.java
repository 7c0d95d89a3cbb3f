package dev.concert.gateway.connection;

import dev.concert.gateway.session.Session;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The sessions that one client joined. Thread-safe. */
public final class JoinedSessions {
  private final Client client;
  private final Map<String, SessionFeed> feeds = new ConcurrentHashMap<>();

  JoinedSessions(Client client) {
    this.client = client;
  }

  /**
   * The client joins; joining again starts anew.
   *
   * @param afterSeq number of the last event that the client has
   * @return begins to pass on events; to be called once the client has its reply
   */
  public Runnable join(Session session, long afterSeq) {
    SessionFeed feed = new SessionFeed(client, session, afterSeq);
    Optional.ofNullable(feeds.put(session.id(), feed)).ifPresent(SessionFeed::end);
    return feed::start;
  }

  /** The client leaves; one that did not join changes nothing. */
  public void leave(String sessionId) {
    Optional.ofNullable(feeds.remove(sessionId)).ifPresent(SessionFeed::end);
  }

  /** The client is gone. */
  public void leaveAll() {
    feeds.values().forEach(SessionFeed::end);
    feeds.clear();
  }

  /** Whether the client joined this session. */
  public boolean has(String sessionId) {
    return feeds.containsKey(sessionId);
  }

  /** The sessions that the client joined. */
  public List<Session> all() {
    return feeds.values().stream().map(SessionFeed::session).toList();
  }

  boolean has(SessionFeed feed) {
    return feeds.get(feed.session().id()) == feed;
  }

  Optional<SessionFeed> feedOf(String sessionId) {
    return Optional.ofNullable(feeds.get(sessionId));
  }
}
