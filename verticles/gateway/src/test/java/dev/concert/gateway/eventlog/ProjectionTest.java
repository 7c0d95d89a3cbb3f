package dev.concert.gateway.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.error.Problem;
import dev.concert.gateway.projection.EventProjection;
import dev.concert.gateway.projection.WebSocketProtocol;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerProtocol;
import dev.concert.protocol.SessionEvent;
import dev.concert.testing.Await;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log shows its events in protocols that it has never heard of. */
class ProjectionTest {
  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private EventJournal journal;
  private SessionDatabases databases;
  private Context context;
  private SessionLog log;

  /** A protocol that is only in this test: server-sent events with the names of JSON-RPC items. */
  private static final EventProjection SERVER_SENT =
      event ->
          switch (event.event()) {
            case ServerEvent.TextDelta delta ->
                Optional.of(
                    "event: item/agentMessage/delta\nid: %d\ndata: %s\n\n"
                        .formatted(event.seq(), delta.text()));
            case ServerEvent.PlanRevised _ ->
                Optional.of("event: turn/plan/updated\nid: %d\n\n".formatted(event.seq()));
            default -> Optional.empty();
          };

  /** A subscriber that always has room. */
  private record Reader(EventProjection projection, List<String> frames)
      implements EventSubscriber {
    Reader(EventProjection projection) {
      this(projection, new CopyOnWriteArrayList<>());
    }

    @Override
    public void event(SessionEvent event, String shown) {
      frames.add(shown);
    }

    @Override
    public Future<Void> writable() {
      return Future.succeededFuture();
    }

    @Override
    public void failed(Problem problem) {
      frames.add(problem.message());
    }

    @Override
    public boolean closed() {
      return false;
    }
  }

  @BeforeEach
  void open() {
    journal = new EventJournal(folder.resolve("journal.db"), new SimpleMeterRegistry());
    journal.start();
    databases = new SessionDatabases(vertx, folder, 2);
    context = vertx.getOrCreateContext();
    log = new SessionLog("s", 0, context, journal, databases, _ -> {});
  }

  @AfterEach
  void close() throws Exception {
    databases.close().toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
    journal.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
  }

  private void append() {
    context.runOnContext(
        _ -> {
          log.append("t", new ServerEvent.ThinkingStart());
          log.append("t", new ServerEvent.TextDelta("hel"));
          log.append("t", new ServerEvent.PlanRevised("p", List.of(), "why"));
          log.append("t", new ServerEvent.TextDelta("lo"));
        });
    Await.until(() -> log.lastSeq() == 4);
  }

  private static final List<String> SERVER_SENT_FRAMES =
      List.of(
          "event: item/agentMessage/delta\nid: 2\ndata: hel\n\n",
          "event: turn/plan/updated\nid: 3\n\n",
          "event: item/agentMessage/delta\nid: 4\ndata: lo\n\n");

  @Test
  void aNewProtocolNeedsNothingButItsProjection() {
    Reader sse = new Reader(SERVER_SENT);
    Reader first = new Reader(WebSocketProtocol.VERSION_1);
    Reader second = new Reader(WebSocketProtocol.VERSION_2);
    context.runOnContext(
        _ -> List.of(sse, first, second).forEach(reader -> log.subscribe(reader, 0)));
    append();

    Await.until(() -> sse.frames().size() == 3 && second.frames().size() == 4);
    assertThat(sse.frames()).isEqualTo(SERVER_SENT_FRAMES);
    assertThat(types(second)).contains("plan.revised");
    assertThat(types(first)).containsExactly("thinking_start", "text_delta", "text_delta");
  }

  @Test
  void aReplayFromTheDatabaseIsTheSameAsTheLiveEvents() {
    append();
    context.runOnContext(_ -> log.settle());
    Await.until(log::settled);

    Reader sse = new Reader(SERVER_SENT);
    context.runOnContext(_ -> log.subscribe(sse, 0));

    Await.until(() -> sse.frames().size() == 3);
    assertThat(sse.frames()).isEqualTo(SERVER_SENT_FRAMES);
  }

  private static List<String> types(Reader reader) {
    return reader.frames().stream()
        .map(EventCodec::decode)
        .map(event -> ServerProtocol.row(event).type())
        .toList();
  }
}
