package dev.concert.gateway.bridge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridge.ClientCalls.AwaitEvents;
import dev.concert.bridge.ClientCalls.CallOperation;
import dev.concert.bridge.ClientCalls.EventPage;
import dev.concert.bridge.ClientCalls.OperationReply;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.contract.ApiOperation;
import dev.concert.contract.ApiRequestReader;
import dev.concert.contract.ContractTable;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.Dispatcher;
import dev.concert.gateway.dispatch.Requester;
import dev.concert.gateway.projection.WebSocketProtocol;
import dev.concert.gateway.session.Session;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.json.Json;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Base64;
import java.util.Optional;

/**
 * Serves the operations of the contract table on the bus, for services that ask in the name of a
 * member. What the member may do is read for each request, so a role that changes, or a membership
 * that ends, holds for the next one.
 */
public final class MemberCalls {
  private final Vertx vertx;
  private final MemberLookup members;
  private final Dispatcher dispatcher;
  private final SessionDirectory directory;

  public MemberCalls(
      Vertx vertx, MemberLookup members, Dispatcher dispatcher, SessionDirectory directory) {
    this.vertx = vertx;
    this.members = members;
    this.dispatcher = dispatcher;
    this.directory = directory;
  }

  /** Answers from now on. */
  public void serve(ConcertBus bus) {
    bus.serve(Addresses.CALL_OPERATION, this::call);
    bus.serve(Addresses.AWAIT_EVENTS, this::await);
    new SessionTransfers(bus, members, directory).serve();
  }

  private Future<OperationReply> call(CallOperation call) {
    ApiOperation<? extends ClientMessage, ?> operation = operation(call.operation());
    return member(call.tenantId(), call.userId())
        .compose(who -> reply(who, operation, fields(call.request())))
        .map(reply -> new OperationReply(json(reply)));
  }

  /** What HTTP does not serve needs a connection, which nobody has here. */
  private static ApiOperation<? extends ClientMessage, ?> operation(String name) {
    return ContractTable.rows().stream()
        .filter(row -> row.name().equals(name) && ContractTable.routeOf(row).isPresent())
        .findFirst()
        .orElseThrow(
            () ->
                new ConcertException(
                    ErrorCode.INVALID_MESSAGE, "There is no operation of this name."));
  }

  private static ObjectNode fields(String json) {
    try {
      if (Json.MAPPER.readTree(json) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw new ConcertException(ErrorCode.INVALID_JSON, "The request is not JSON.", e);
    }
    throw new ConcertException(ErrorCode.INVALID_JSON, "The request is not a JSON object.");
  }

  private <Q extends ClientMessage, R> Future<R> reply(
      Identity who, ApiOperation<Q, R> operation, ObjectNode fields) {
    Requester requester =
        new Requester(
            Optional.of(who),
            Optional.empty(),
            Optional.empty(),
            WebSocketProtocol.VERSION_2,
            Optional.empty());
    operation.bodyField().ifPresent(field -> decode(fields, field.name()));
    ApiRequest<Q> request =
        new ApiRequest<>(requester, operation, ApiRequestReader.read(operation, fields));
    return dispatcher.dispatch(operation, request).onSuccess(_ -> request.replied());
  }

  /** What is the body of an HTTP request is a text in Base64 here. */
  private static void decode(ObjectNode fields, String name) {
    try {
      fields.put(name, Base64.getDecoder().decode(fields.path(name).asText("")));
    } catch (IllegalArgumentException e) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE, "The message is invalid: '" + name + "' is not Base64.", e);
    }
  }

  private static String json(Object reply) {
    try {
      return switch (reply) {
        case SessionEvent event -> EventCodec.encode(event);
        case ServerEvent event -> EventCodec.encode(event, null);
        case Object other -> Json.MAPPER.writeValueAsString(other);
      };
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A reply cannot be written as JSON", e);
    }
  }

  private Future<EventPage> await(AwaitEvents wanted) {
    return member(wanted.tenantId(), wanted.userId())
        .compose(
            who ->
                page(who, wanted)
                    .compose(
                        page ->
                            page.events().isEmpty() && wanted.waitMs() > 0
                                ? news(who, wanted).compose(_ -> page(who, wanted))
                                : Future.succeededFuture(page)));
  }

  private Future<EventPage> page(Identity who, AwaitEvents wanted) {
    ObjectNode fields =
        Json.MAPPER
            .createObjectNode()
            .put("sessionId", wanted.sessionId())
            .put("afterSeq", wanted.afterSeq())
            .put("limit", wanted.limit());
    return reply(who, ContractTable.GET_EVENTS, fields)
        .map(
            events ->
                new EventPage(
                    events.events().stream().map(JsonNode::toString).toList(), events.hasMore()));
  }

  /** Completes when there is an event, or when the time is over. */
  private Future<Void> news(Identity who, AwaitEvents wanted) {
    return directory
        .find(who, wanted.sessionId(), Permission.THREADS_READ)
        .compose(session -> session.call(() -> news(session, wanted)));
  }

  private Future<Void> news(Session session, AwaitEvents wanted) {
    session.requirePresent();
    NewsSubscriber news = new NewsSubscriber();
    long timer = vertx.setTimer(wanted.waitMs(), _ -> news.end());
    session.log().subscribe(news, wanted.afterSeq());
    return news.came()
        .onComplete(
            _ -> {
              vertx.cancelTimer(timer);
              session.on(() -> session.log().unsubscribe(news));
            });
  }

  private Future<Identity> member(String tenantId, String userId) {
    return members
        .find(tenantId, userId)
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        new ConcertException(
                            ErrorCode.AUTH_FAILED, "This user is no member of the tenant.")));
  }
}
