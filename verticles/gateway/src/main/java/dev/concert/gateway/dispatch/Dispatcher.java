package dev.concert.gateway.dispatch;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.gateway.connection.Client;
import dev.concert.gateway.connection.Connection;
import dev.concert.gateway.connection.Origin;
import dev.concert.gateway.session.Session;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.Incoming;
import dev.concert.protocol.ServerEvent;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings each message to the one that answers it. Thread-safe. */
public final class Dispatcher implements Connection.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private final SessionDirectory directory;
  private final SessionRequests sessions;
  private final ReplayRequests replays;
  private final FileRequests files;
  private final Map<Client, Set<Session>> joined = new ConcurrentHashMap<>();
  private final Set<Client> connected = ConcurrentHashMap.newKeySet();

  public Dispatcher(
      SessionDirectory directory,
      SessionRequests sessions,
      ReplayRequests replays,
      FileRequests files) {
    this.directory = directory;
    this.sessions = sessions;
    this.replays = replays;
    this.files = files;
  }

  /** Clients that are connected now. */
  public int connections() {
    return connected.size();
  }

  @Override
  public void opened(Client client) {
    connected.add(client);
  }

  @Override
  public void message(Client client, Incoming.Valid valid) {
    Origin origin = new Origin(client, valid.requestId());
    answered(origin, () -> dispatch(client, valid, origin));
  }

  /** Nobody waits in vain: a failure of the work is the answer. */
  private static void answered(Origin origin, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      refuse(origin, e);
    }
  }

  private void dispatch(Client client, Incoming.Valid valid, Origin origin) {
    switch (valid.message()) {
      case ClientMessage.Ping ping ->
          client.reply(
              valid.requestId(), new ServerEvent.Pong(ping.ts(), System.currentTimeMillis()));
      case ClientMessage.ListSessions list ->
          answer(origin, sessions.list(client.identity(), list));
      case ClientMessage.CreateSession create ->
          answer(
              origin,
              sessions
                  .create(client.identity(), create)
                  .onSuccess(created -> tellOthers(client, created)));
      case ClientMessage.JoinSession join ->
          inSession(origin, join, session -> join(origin, session, join));
      case ClientMessage.LeaveSession leave ->
          inSession(origin, leave, session -> leave(origin, session));
      case ClientMessage.RunTurn run ->
          inSession(origin, run, session -> session.runTurn(origin, run));
      case ClientMessage.StopTurn stop -> inSession(origin, stop, s -> s.stopTurn(origin));
      case ClientMessage.Steer steer ->
          inSession(origin, steer, session -> session.steer(origin, steer.text()));
      case ClientMessage.AnswerQuestion given ->
          inSession(origin, given, session -> session.answer(origin, given));
      case ClientMessage.GetHistory get ->
          inSession(origin, get, session -> answer(origin, replays.history(session, get)));
      case ClientMessage.GetEvents get ->
          inSession(origin, get, session -> answer(origin, replays.events(session, get)));
      case ClientMessage.ListFiles list -> answer(origin, files.list(client.identity(), list));
      case ClientMessage.ReadFile read -> answer(origin, files.read(client.identity(), read));
      case ClientMessage.FileHistory get -> answer(origin, files.history(client.identity(), get));
      case ClientMessage.FileAtIteration get -> answer(origin, files.at(client.identity(), get));
      case ClientMessage.RenameSession _,
          ClientMessage.ArchiveSession _,
          ClientMessage.UnarchiveSession _,
          ClientMessage.DeleteSession _,
          ClientMessage.ManageMembers _ ->
          refuse(
              origin,
              new ConcertException(
                  ErrorCode.INVALID_MESSAGE,
                  "This server does not serve '" + valid.row().type() + "' yet."));
      case ClientMessage.Authenticate _ ->
          throw new IllegalStateException("The connection answers 'authenticate' itself");
    }
  }

  private void inSession(Origin origin, ClientMessage.ForSession message, Consumer<Session> work) {
    directory
        .find(origin.client().identity().tenantId(), message.sessionId())
        .onSuccess(session -> session.on(() -> answered(origin, () -> work.accept(session))))
        .onFailure(failure -> refuse(origin, failure));
  }

  private void join(Origin origin, Session session, ClientMessage.JoinSession join) {
    if (origin.client().closed()) {
      return;
    }
    joined.computeIfAbsent(origin.client(), _ -> ConcurrentHashMap.newKeySet()).add(session);
    session.join(origin, Optional.ofNullable(join.afterSeq()));
    if (origin.client().closed()) {
      left(origin.client());
    }
  }

  private void leave(Origin origin, Session session) {
    session.log().unsubscribe(origin.client());
    joined.getOrDefault(origin.client(), Set.of()).remove(session);
    origin.client().reply(origin.requestId(), new ServerEvent.SessionLeft(session.id()));
  }

  @Override
  public void closed(Client client) {
    connected.remove(client);
    left(client);
  }

  private void left(Client client) {
    Set<Session> left = joined.remove(client);
    if (left != null) {
      left.forEach(session -> session.on(() -> session.log().unsubscribe(client)));
    }
  }

  /** What changes the list of a tenant's sessions is told to everybody of the tenant. */
  private void tellOthers(Client author, ServerEvent event) {
    String tenantId = author.identity().tenantId();
    connected.stream()
        .filter(one -> one != author && one.identity() != null)
        .filter(one -> one.identity().tenantId().equals(tenantId))
        .forEach(one -> one.reply(null, event));
  }

  private static void answer(Origin origin, Future<? extends ServerEvent> reply) {
    reply
        .onSuccess(event -> origin.client().reply(origin.requestId(), event))
        .onFailure(failure -> refuse(origin, failure));
  }

  private static void refuse(Origin origin, Throwable failure) {
    if (!(failure instanceof ConcertException)) {
      LOG.error("A request of client {} failed", origin.client().id(), failure);
    }
    origin.client().refuse(origin.requestId(), Problem.of(failure));
  }
}
