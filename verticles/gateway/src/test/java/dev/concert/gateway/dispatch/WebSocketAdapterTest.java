package dev.concert.gateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.POJONode;
import dev.concert.contract.ApiOperation;
import dev.concert.contract.ApiRequestReader;
import dev.concert.contract.ClientFrame;
import dev.concert.contract.ContractTable;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.json.Json;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Role;
import dev.concert.protocol.ServerEvent;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Whatever a handler does, its caller gets one reply. */
@ExpectedLog(
    logger = "dev.concert.gateway.dispatch.WebSocketAdapter",
    message = "The reply to 'get_events' could not be encoded",
    required = false)
@ExpectedLog(
    logger = "dev.concert.gateway.dispatch.Dispatcher",
    message = "'ping' failed",
    required = false)
class WebSocketAdapterTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final String PING = "{\"type\":\"ping\",\"requestId\":\"r\"}";

  private final RecordingClient client = new RecordingClient(Optional.of(RecordingClient.OWNER));

  @AfterAll
  static void close() {
    VERTX.close();
  }

  private void send(Handlers handlers, String frame) {
    ClientFrame.Valid valid = (ClientFrame.Valid) ApiRequestReader.read(frame);
    new WebSocketAdapter(new Dispatcher(VERTX, handlers)).handle(client, valid);
  }

  private void ping(OperationHandler<ClientMessage.Ping, ServerEvent.Pong> handler) {
    send(new Handlers().serve(ContractTable.PING, handler), PING);
  }

  private void assertOneError(ErrorCode code) throws Exception {
    assertThat(client.frames).hasSize(1);
    var frame = Json.MAPPER.readTree(client.frames.getFirst());
    assertThat(frame.path("code").asText()).isEqualTo(code.name());
    assertThat(frame.path("requestId").asText()).isEqualTo("r");
  }

  @Test
  void aReplyCarriesTheRequestIdAndWhatFollowsItComesAfter() {
    ping(
        request -> {
          request.afterReply(() -> client.send("after"));
          return Future.succeededFuture(new ServerEvent.Pong(1L, 2));
        });
    assertThat(client.frames)
        .containsExactly(
            "{\"type\":\"pong\",\"requestId\":\"r\",\"ts\":1,\"serverTs\":2}", "after");
  }

  @Test
  void aHandlerThatThrowsIsAnsweredWithInternal() throws Exception {
    ping(
        _ -> {
          throw new IllegalStateException("a secret path");
        });
    assertOneError(ErrorCode.INTERNAL);
    assertThat(client.frames.getFirst()).doesNotContain("secret");
  }

  @Test
  void aHandlerThatFailsIsAnsweredWithItsCode() throws Exception {
    ping(_ -> Future.failedFuture(new ConcertException(ErrorCode.NO_TURN, "No turn.")));
    assertOneError(ErrorCode.NO_TURN);
  }

  @Test
  void aReplyThatCannotBeEncodedIsAnsweredWithInternalAndNothingFollowsIt() throws Exception {
    send(
        new Handlers()
            .serve(
                ContractTable.GET_EVENTS,
                request -> {
                  request.afterReply(() -> client.send("after"));
                  return Future.succeededFuture(
                      new ServerEvent.Events("s", List.of(new POJONode(new Object())), 1, false));
                }),
        "{\"type\":\"get_events\",\"sessionId\":\"s\",\"afterSeq\":0,\"requestId\":\"r\"}");
    assertOneError(ErrorCode.INTERNAL);
  }

  @Test
  void aHandlerThatNeverAnswersIsATimeoutAndItsLateReplyIsDropped() throws Exception {
    Promise<ServerEvent.Pong> never = Promise.promise();
    ApiOperation<ClientMessage.Ping, ServerEvent.Pong> hasty = ContractTable.PING;
    Handlers handlers = new Handlers().serve(hasty, _ -> never.future());
    Requester requester = Requester.of(client, Optional.of("r"));
    AtomicInteger completed = new AtomicInteger();
    Future<ServerEvent.Pong> reply =
        new Dispatcher(VERTX, handlers)
            .dispatch(
                hasty,
                new ApiRequest<>(
                    requester,
                    ContractTable.PING,
                    new ClientMessage.Ping(1L),
                    Duration.ofMillis(20)))
            .onComplete(_ -> completed.incrementAndGet());
    Await.until(reply::isComplete);
    never.complete(new ServerEvent.Pong(1L, 2));
    assertThat(((ConcertException) reply.cause()).code()).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(completed).hasValue(1);
  }

  @Test
  void aPlannedMessageIsNotServed() throws Exception {
    assertThat(
            Dispatcher.refusal(ContractTable.PING.notServedYet(), client.identity())
                .orElseThrow()
                .code())
        .isEqualTo(ErrorCode.NOT_SERVED);
  }

  @Test
  void whoIsNotAuthenticatedOrLacksThePermissionIsRefused() throws Exception {
    String create = "{\"type\":\"create_session\",\"agentType\":\"echo\",\"requestId\":\"r\"}";
    RecordingClient viewer =
        new RecordingClient(Optional.of(Identity.of("v", "v@example.com", "t", Role.VIEWER)));
    RecordingClient stranger = new RecordingClient(Optional.empty());
    WebSocketAdapter adapter = new WebSocketAdapter(new Dispatcher(VERTX, new Handlers()));
    for (RecordingClient one : List.of(viewer, stranger)) {
      adapter.handle(one, (ClientFrame.Valid) ApiRequestReader.read(create));
    }
    assertThat(viewer.frames).singleElement().asString().contains("FORBIDDEN", "threads.create");
    assertThat(stranger.frames).singleElement().asString().contains("UNAUTHENTICATED");
  }
}
