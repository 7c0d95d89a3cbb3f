package dev.concert.gateway.dispatch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.contract.ContractTable;
import dev.concert.gateway.eventlog.SessionDatabases;
import dev.concert.gateway.projection.ProjectedStream;
import dev.concert.gateway.session.Session;
import dev.concert.json.Json;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionEvent;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the past of a session. */
public final class HistoryHandlers {
  /** A reply stays below about this many characters; the rest comes with the next request. */
  private static final int MAX_REPLY = 4 << 20;

  private final SessionDatabases databases;

  public HistoryHandlers(SessionDatabases databases) {
    this.databases = databases;
  }

  public void register(Handlers handlers, SessionScope scope) {
    handlers
        .serve(ContractTable.GET_HISTORY, scope.onSession(this::history))
        .serve(ContractTable.GET_EVENTS, scope.onSession(HistoryHandlers::events));
  }

  private Future<ServerEvent.History> history(
      Session session, ApiRequest<ClientMessage.GetHistory> request) {
    ClientMessage.GetHistory message = request.message();
    return session
        .log()
        .settle()
        .compose(
            _ ->
                databases.with(
                    session.id(),
                    store ->
                        store.messages(Optional.ofNullable(message.before()), message.limit())))
        .map(page -> new ServerEvent.History(session.id(), page.messages(), page.hasMore()));
  }

  private static Future<ServerEvent.Events> events(
      Session session, ApiRequest<ClientMessage.GetEvents> request) {
    ClientMessage.GetEvents message = request.message();
    return page(
        session,
        new ProjectedStream(request.requester().protocol(), message.afterSeq()),
        message.afterSeq(),
        message.limit());
  }

  /** Reads on where the reader's protocol has none of the events of a page. */
  private static Future<ServerEvent.Events> page(
      Session session, ProjectedStream projected, long afterSeq, int limit) {
    long lastSeq = session.log().lastSeq();
    return session
        .log()
        .read(afterSeq, limit)
        .compose(
            read -> {
              ServerEvent.Events page = page(session.id(), read, projected, lastSeq);
              return page.events().isEmpty() && page.hasMore()
                  ? page(session, projected, read.getLast().seq(), limit)
                  : Future.succeededFuture(page);
            });
  }

  private static ServerEvent.Events page(
      String sessionId, List<SessionEvent> read, ProjectedStream projected, long lastSeq) {
    List<JsonNode> events = new ArrayList<>();
    long size = 0;
    for (SessionEvent event : read) {
      Optional<String> shown = projected.next(event);
      if (shown.isEmpty()) {
        continue;
      }
      size += shown.get().length();
      if (size > MAX_REPLY && !events.isEmpty()) {
        return new ServerEvent.Events(sessionId, events, lastSeq, true);
      }
      events.add(tree(shown.get()));
    }
    boolean hasMore = !read.isEmpty() && read.getLast().seq() < lastSeq;
    return new ServerEvent.Events(sessionId, events, lastSeq, hasMore);
  }

  private static JsonNode tree(String json) {
    try {
      return Json.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A stored event is not JSON", e);
    }
  }
}
