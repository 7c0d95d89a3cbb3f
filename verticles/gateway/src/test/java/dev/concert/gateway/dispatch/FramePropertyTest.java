package dev.concert.gateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.contract.ApiOperation;
import dev.concert.contract.ApiRequestReader;
import dev.concert.contract.ClientFrame;
import dev.concert.contract.ContractTable;
import dev.concert.contract.Field;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.json.Json;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.ServerEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** Random frames, near the table and far from it, are each answered exactly once. */
class FramePropertyTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final WebSocketAdapter ADAPTER =
      new WebSocketAdapter(new Dispatcher(VERTX, everyRowServed()));

  @AfterContainer
  static void close() {
    VERTX.close();
  }

  private static Handlers everyRowServed() {
    Handlers handlers = new Handlers();
    ContractTable.rows().stream()
        .filter(row -> !row.planned())
        .forEach(row -> serve(handlers, row));
    return handlers.complete();
  }

  /** Some answer, some fail, some throw. */
  @SuppressWarnings("unchecked")
  private static <Q extends ClientMessage> void serve(Handlers handlers, ApiOperation<Q, ?> row) {
    handlers.serve(
        (ApiOperation<Q, Object>) row,
        _ ->
            switch (row.name().length() % 3) {
              case 0 -> Future.succeededFuture(new ServerEvent.Pong(1L, 2));
              case 1 -> Future.failedFuture(new ConcertException(ErrorCode.NO_TURN, "Failed."));
              default -> throw new ConcertException(ErrorCode.NO_TURN, "Thrown.");
            });
  }

  @Property(tries = 400)
  void aFrameMadeOfTheTableIsAnsweredOnce(@ForAll("nearlyValid") ObjectNode frame) {
    assertAnsweredOnce(frame.toString());
  }

  @Property(tries = 200)
  void anyTextIsAnsweredOnce(@ForAll String text) {
    assertAnsweredOnce(text);
    assertAnsweredOnce("{\"type\":\"list_files\",\"sessionId\":" + text + "}");
  }

  private static void assertAnsweredOnce(String frame) {
    RecordingClient client = new RecordingClient(Optional.of(RecordingClient.OWNER));
    switch (ApiRequestReader.read(frame)) {
      case ClientFrame.Refused refusal -> client.refuse(refusal.requestId(), refusal.problem());
      case ClientFrame.Valid valid -> ADAPTER.handle(client, valid);
    }
    assertThat(client.frames).as(frame).hasSize(1);
  }

  @Provide
  Arbitrary<ObjectNode> nearlyValid() {
    List<ApiOperation<? extends ClientMessage, ?>> messages =
        ContractTable.rows().stream().filter(ApiOperation::onSocket).toList();
    return Arbitraries.of(messages)
        .flatMap(
            row -> values().list().ofSize(row.fields().size()).map(given -> frame(row, given)));
  }

  private static ObjectNode frame(ApiOperation<?, ?> row, List<JsonNode> values) {
    ObjectNode frame = Json.MAPPER.createObjectNode().put("type", row.name()).put("requestId", "r");
    for (int i = 0; i < values.size(); i++) {
      Field field = row.fields().get(i);
      frame.set(field.name(), values.get(i));
    }
    return frame;
  }

  private static Arbitrary<JsonNode> values() {
    var nodes = Json.MAPPER.getNodeFactory();
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(20).map(nodes::textNode),
        Arbitraries.longs().map(nodes::numberNode),
        Arbitraries.doubles().map(nodes::numberNode),
        Arbitraries.bigIntegers().map(nodes::numberNode),
        Arbitraries.of(true, false).map(nodes::booleanNode),
        Arbitraries.of(nodes.nullNode(), nodes.missingNode()).map(_ -> nodes.nullNode()),
        Arbitraries.integers().between(1, 60).map(FramePropertyTest::nested),
        Arbitraries.integers().between(0, 30).map(size -> array(size)));
  }

  private static JsonNode nested(int levels) {
    ObjectNode value = Json.MAPPER.createObjectNode();
    for (int i = 1; i < levels; i++) {
      value = (ObjectNode) Json.MAPPER.createObjectNode().set("k", value);
    }
    return value;
  }

  private static JsonNode array(int size) {
    var value = Json.MAPPER.createArrayNode();
    for (int i = 0; i < size; i++) {
      value.add(i);
    }
    return value;
  }
}
