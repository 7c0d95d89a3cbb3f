package dev.concert.ensemble.response;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.compatible.responses.ResponseSaver;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the responses of the Responses API and puts in what requests refer to: a previous
 * response, or an item of one. So every provider has them, and none of them stores anything. Use it
 * on an event loop.
 */
public final class StoredConversations {
  private static final Logger LOG = LoggerFactory.getLogger(StoredConversations.class);
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final String PREVIOUS = "previous_response_id";
  private static final String REFERENCE = "item_reference";

  private final Vertx vertx;
  private final RecordedResponseStore store;

  public StoredConversations(Vertx vertx, RecordedResponseStore store) {
    this.vertx = vertx;
    this.store = store;
    vertx.setPeriodic(PAUSE.toMillis(), timer -> forget());
  }

  /** A request with everything that it refers to, and where its response is stored. */
  public record Completed(Buffer body, ResponseSaver saver) {}

  /**
   * Completes a request.
   *
   * @param caller who asks, and for whom the response is stored
   * @return fails with a {@code ConcertException} naming what is not stored
   */
  public Future<Completed> complete(Caller caller, Buffer body) {
    String text = body.toString();
    if (!text.contains(PREVIOUS) && !text.contains(REFERENCE)) {
      return Future.succeededFuture(
          new Completed(body, new Saver(caller, Optional.empty(), Optional.empty())));
    }
    return vertx.executeBlocking(() -> completed(caller, body), false);
  }

  private Completed completed(Caller caller, Buffer bytes) {
    String owner = caller.id();
    ObjectNode body = VendorJson.object(bytes);
    ArrayNode input = referred(owner, items(body.path("input")));
    Optional<String> previous =
        Optional.of(body.path(PREVIOUS).asText("")).filter(id -> VendorJson.has(body, PREVIOUS));
    Saver saver = new Saver(caller, previous, Optional.of(input));
    ArrayNode whole = JsonNodeFactory.instance.arrayNode();
    if (previous.isPresent()) {
      whole.addAll(
          store
              .history(owner, previous.get(), true)
              .orElseThrow(
                  () ->
                      VendorJson.wrong(
                          PREVIOUS,
                          "no response '" + previous.get() + "' is stored for this key")));
      body.remove(PREVIOUS);
    }
    body.set("input", whole.addAll(input));
    return new Completed(ExactJson.bytes(body), saver);
  }

  private ArrayNode referred(String owner, ArrayNode input) {
    for (int i = 0; i < input.size(); i++) {
      JsonNode item = input.path(i);
      if (item.path("type").asText().equals(REFERENCE)) {
        String id = item.path("id").asText();
        int at = i;
        input.set(
            i,
            store
                .item(owner, id)
                .orElseThrow(
                    () ->
                        VendorJson.wrong(
                            "input[" + at + "].id",
                            "no item '" + id + "' is stored for this key")));
      }
    }
    return input;
  }

  /** A text is a message of the user. */
  private static ArrayNode items(JsonNode input) {
    if (input instanceof ArrayNode list) {
      return list;
    }
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    if (input.isTextual()) {
      ObjectNode message = items.addObject().put("type", "message").put("role", "user");
      message.set("content", input);
    }
    return items;
  }

  public Future<RecordedResponse> find(String owner, String id) {
    return vertx.executeBlocking(() -> store.find(owner, id).orElseThrow(() -> unknown(id)), false);
  }

  /** The items before a response. */
  public Future<ArrayNode> input(String owner, String id) {
    return vertx.executeBlocking(
        () -> store.history(owner, id, false).orElseThrow(() -> unknown(id)), false);
  }

  public Future<Void> delete(String owner, String id) {
    return vertx.executeBlocking(
        () -> {
          if (!store.delete(owner, id)) {
            throw unknown(id);
          }
          return null;
        },
        false);
  }

  private static ConcertException unknown(String id) {
    return new ConcertException(
        ErrorCode.ANSWER_NOT_FOUND, "No response '%s' is stored for this key.".formatted(id));
  }

  private void forget() {
    ResponseRetention options = ResponseRetention.DEFAULT;
    vertx
        .executeBlocking(
            () -> {
              store.forget(Instant.now().minus(options.keep()), options.mostBytes());
              return null;
            },
            false)
        .onFailure(e -> LOG.warn("Cannot delete old responses: {}", e.getMessage()));
  }

  /**
   * Stores one response.
   *
   * @param given the new items of the request, if it referred to others
   */
  private final class Saver implements ResponseSaver {
    private final Caller owner;
    private final Optional<String> previous;
    private final Optional<ArrayNode> given;

    Saver(Caller owner, Optional<String> previous, Optional<ArrayNode> given) {
      this.owner = owner;
      this.previous = previous;
      this.given = given;
    }

    @Override
    public Optional<String> previous() {
      return previous;
    }

    @Override
    public Future<Void> save(JsonNode input, ObjectNode response) {
      return vertx
          .<Void>executeBlocking(
              () -> {
                ArrayNode items = given.orElseGet(() -> items(input));
                store.save(
                    owner.id(), owner.customer(), new RecordedResponse(previous, items, response));
                return null;
              },
              false)
          .recover(
              failure -> {
                LOG.warn("Cannot store a response: {}", failure.getMessage());
                return Future.succeededFuture();
              });
    }
  }
}
