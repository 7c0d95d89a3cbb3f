package dev.concert.gateway.dispatch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bus.Json;
import dev.concert.gateway.eventlog.Piece;
import dev.concert.gateway.eventlog.StorePool;
import dev.concert.gateway.session.Session;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.Message;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers what is asked about the past of a session. Called on the session's context. */
public final class ReplayRequests {
  /** A reply stays below about this many characters; the rest comes with the next request. */
  private static final int MAX_REPLY = 4 << 20;

  private final StorePool stores;

  public ReplayRequests(StorePool stores) {
    this.stores = stores;
  }

  Future<ServerEvent.History> history(Session session, ClientMessage.GetHistory message) {
    return session
        .log()
        .settle()
        .compose(
            _ ->
                stores.with(
                    session.id(),
                    store ->
                        store.messages(Optional.ofNullable(message.before()), message.limit() + 1)))
        .map(
            found -> {
              boolean more = found.size() > message.limit();
              List<Message> page = more ? found.subList(1, found.size()) : found;
              return new ServerEvent.History(session.id(), page, more);
            });
  }

  Future<ServerEvent.Events> events(Session session, ClientMessage.GetEvents message) {
    long lastSeq = session.log().lastSeq();
    return session
        .log()
        .read(message.afterSeq(), message.limit() + 1)
        .map(pieces -> page(session.id(), pieces, message.limit(), lastSeq));
  }

  private static ServerEvent.Events page(
      String sessionId, List<Piece> pieces, int limit, long lastSeq) {
    List<JsonNode> events = new ArrayList<>();
    long size = 0;
    for (Piece piece : pieces) {
      if (events.size() == limit
          || (size += piece.json().length()) > MAX_REPLY && !events.isEmpty()) {
        return new ServerEvent.Events(sessionId, events, lastSeq, true);
      }
      events.add(tree(piece.json()));
    }
    return new ServerEvent.Events(sessionId, events, lastSeq, false);
  }

  private static JsonNode tree(String json) {
    try {
      return Json.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A stored event is not JSON", e);
    }
  }
}
