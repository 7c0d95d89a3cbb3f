package dev.concert.ensemble.response;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.compatible.responses.ResponseSaver;
import dev.concert.ensemble.http.HttpServerConfig;
import dev.concert.ensemble.loop.LoopContext;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.FailureLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
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

  /** A call that was refused at its provider leaves its response here until then. */
  private static final Duration LONGEST_CALL = Duration.ofHours(2);

  /** Bytes; to look through more of them takes an event loop milliseconds. */
  private static final int LARGE = 128 * 1024;

  private static final int MOST_RUNNING = 100_000;

  /** Each is looked up before the request is counted. */
  private static final int MOST_REFERENCES = 10_000;

  private final Vertx vertx;
  private final RecordedResponses store;

  /** The responses that this node makes now. */
  private final Cache<Name, RecordedResponse> running =
      Caffeine.newBuilder().expireAfterWrite(LONGEST_CALL).maximumSize(MOST_RUNNING).build();

  private record Name(String owner, String id) {}

  public StoredConversations(Vertx vertx, RecordedResponses store) {
    this.vertx = vertx;
    this.store = store;
    vertx.setPeriodic(PAUSE.toMillis(), timer -> forget());
  }

  /** A request with everything that it refers to, and where its response is stored. */
  public record Completed(Buffer body, ResponseSaver saver) {}

  /** A request that refers to something. */
  private record Asked(ObjectNode body, ArrayNode input, Optional<String> previous) {}

  /**
   * Completes a request.
   *
   * @param caller who asks, and for whom the response is stored
   * @return fails with a {@code ConcertException} naming what is not stored
   */
  public Future<Completed> complete(Caller caller, Buffer body) {
    if (body.length() > LARGE) {
      return here(
          vertx
              .executeBlocking(() -> refers(body), false)
              .compose(refers -> refers ? referring(caller, body) : plain(caller, body)));
    }
    return refers(body) ? here(referring(caller, body)) : plain(caller, body);
  }

  private static boolean refers(Buffer body) {
    // Each byte becomes a character, which is all that is needed, and faster than decoding.
    String text = new String(body.getBytes(), StandardCharsets.ISO_8859_1);
    return text.contains(PREVIOUS) || text.contains(REFERENCE);
  }

  private Future<Completed> plain(Caller caller, Buffer body) {
    return Future.succeededFuture(
        new Completed(body, new Saver(caller, Optional.empty(), List.of(), Optional.empty())));
  }

  private Future<Completed> referring(Caller caller, Buffer body) {
    return vertx
        .executeBlocking(() -> asked(body), false)
        .compose(
            asked ->
                referred(caller, asked.input())
                    .compose(done -> history(caller, asked.previous()))
                    .compose(
                        history ->
                            vertx.executeBlocking(() -> completed(caller, asked, history), false)));
  }

  private static Asked asked(Buffer bytes) {
    ObjectNode body = VendorJson.object(bytes);
    return new Asked(
        body,
        items(body.path("input")),
        Optional.of(body.path(PREVIOUS).asText("")).filter(id -> VendorJson.has(body, PREVIOUS)));
  }

  private Completed completed(
      Caller caller, Asked asked, Optional<RecordedResponse.History> history) {
    Saver saver =
        new Saver(
            caller,
            asked.previous(),
            history.map(RecordedResponse.History::ids).orElse(List.of()),
            Optional.of(asked.input()));
    ArrayNode whole = JsonNodeFactory.instance.arrayNode();
    history.ifPresent(before -> whole.addAll(before.items()));
    asked.body().remove(PREVIOUS);
    asked.body().set("input", whole.addAll(asked.input()));
    return new Completed(bounded(asked.body()), saver);
  }

  /** A conversation that its client refers to is as long as one that it sends, not longer. */
  private static Buffer bounded(ObjectNode body) {
    return ExactJson.bytes(body, HttpServerConfig.BODY_LIMIT)
        .orElseThrow(StoredConversations::tooLarge);
  }

  private static ConcertException tooLarge() {
    return new ConcertException(
        ErrorCode.MESSAGE_TOO_LARGE,
        "The conversation is over %d MiB with everything that the request refers to. Compact it, or begin another one."
            .formatted(HttpServerConfig.BODY_LIMIT / 1024 / 1024));
  }

  private Future<Optional<RecordedResponse.History>> history(
      Caller caller, Optional<String> previous) {
    if (previous.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    String id = previous.get();
    if (now(caller, id).isPresent()) {
      return Future.failedFuture(unfinished(PREVIOUS));
    }
    return store
        .history(caller, id, true)
        .compose(
            found -> {
              if (found.isEmpty()) {
                return store.find(caller, id).compose(last -> Future.failedFuture(lost(id, last)));
              }
              return found.get().isOpen()
                  ? Future.failedFuture(unfinished(PREVIOUS))
                  : Future.succeededFuture(found);
            });
  }

  /** A conversation that goes on for longer than a day loses its beginning. */
  private static ConcertException lost(String id, Optional<RecordedResponse> last) {
    return VendorJson.wrong(
        PREVIOUS,
        last.isEmpty()
            ? "no response '" + id + "' is stored for this key"
            : "the conversation before '"
                + id
                + "' is not stored any more: send all of it once, without this field");
  }

  private static ConcertException unfinished(String field) {
    return VendorJson.wrong(field, "the response is still being made; wait for its end");
  }

  /** Puts the items in, each of which is read once: a small body can name a large one often. */
  private Future<Void> referred(Caller caller, ArrayNode input) {
    Map<String, List<Integer>> places = new LinkedHashMap<>();
    for (int i = 0; i < input.size(); i++) {
      JsonNode item = input.path(i);
      if (item.path("type").asText().equals(REFERENCE)) {
        places.computeIfAbsent(item.path("id").asText(), id -> new ArrayList<>()).add(i);
      }
    }
    if (places.size() > MOST_REFERENCES) {
      return Future.failedFuture(
          VendorJson.wrong("input", "may name at most " + MOST_REFERENCES + " stored items"));
    }
    AtomicLong size = new AtomicLong();
    return BucketFolders.inSteps(
            List.copyOf(places.keySet()), id -> referred(caller, input, id, places.get(id), size))
        .mapEmpty();
  }

  private Future<Void> referred(
      Caller caller, ArrayNode input, String id, List<Integer> places, AtomicLong size) {
    return store
        .item(caller, id)
        .compose(
            found ->
                vertx.executeBlocking(
                    () -> {
                      ObjectNode item = known(found, places.getFirst(), id);
                      int bytes = bounded(item).length();
                      if (size.addAndGet((long) bytes * places.size())
                          > HttpServerConfig.BODY_LIMIT) {
                        throw tooLarge();
                      }
                      return item;
                    },
                    false))
        .map(
            item -> {
              places.forEach(place -> input.set(place, item));
              return null;
            });
  }

  private static ObjectNode known(Optional<ObjectNode> item, int at, String id) {
    return item.orElseThrow(
        () ->
            VendorJson.wrong(
                "input[" + at + "].id", "no item '" + id + "' is stored for this key"));
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

  /** One that is being made has the status {@code in_progress} and no items. */
  public Future<RecordedResponse> find(Caller owner, String id) {
    return now(owner, id)
        .map(Future::succeededFuture)
        .orElseGet(
            () -> here(store.find(owner, id).map(found -> found.orElseThrow(() -> unknown(id)))));
  }

  /** The items before a response. */
  public Future<ArrayNode> input(Caller owner, String id) {
    Optional<RecordedResponse> open = now(owner, id);
    if (open.isPresent() && open.get().previous().isEmpty()) {
      return Future.succeededFuture(open.get().input().deepCopy());
    }
    Future<Optional<RecordedResponse.History>> before =
        open.isPresent()
            ? store.history(owner, open.get().previous().orElseThrow(), true)
            : store.history(owner, id, false);
    return here(before)
        .map(found -> found.orElseThrow(() -> unknown(id)).items())
        .map(items -> open.map(now -> items.addAll(now.input())).orElse(items));
  }

  public Future<Void> delete(Caller owner, String id) {
    if (now(owner, id).isPresent()) {
      return Future.failedFuture(unfinished("id"));
    }
    return here(
        store
            .delete(owner, id)
            .map(
                was -> {
                  if (!was) {
                    throw unknown(id);
                  }
                  return null;
                }));
  }

  private Optional<RecordedResponse> now(Caller owner, String id) {
    return Optional.ofNullable(running.getIfPresent(new Name(owner.id(), id)));
  }

  private <T> Future<T> here(Future<T> asked) {
    return LoopContext.moved(vertx, asked);
  }

  private static ConcertException unknown(String id) {
    return new ConcertException(
        ErrorCode.ANSWER_NOT_FOUND, "No response '%s' is stored for this key.".formatted(id));
  }

  private void forget() {
    store
        .forget(Instant.now().minus(ResponseRetention.DEFAULT.keep()))
        .onFailure(e -> LOG.warn("Cannot delete old responses: {}", FailureLog.reason(e)));
  }

  /**
   * Stores one response.
   *
   * @param earlier the ids of those before it
   * @param given the new items of the request, if it referred to others
   */
  private final class Saver implements ResponseSaver {
    private final Caller owner;
    private final Optional<String> previous;
    private final List<String> earlier;
    private final Optional<ArrayNode> given;

    Saver(
        Caller owner, Optional<String> previous, List<String> earlier, Optional<ArrayNode> given) {
      this.owner = owner;
      this.previous = previous;
      this.earlier = earlier;
      this.given = given;
    }

    @Override
    public Optional<String> previous() {
      return previous;
    }

    @Override
    public Future<Void> begin(JsonNode input, ObjectNode begun) {
      RecordedResponse response = response(input, begun);
      running.put(name(response.id()), response);
      Future<Void> announced = store.announce(owner, response);
      return announced.succeeded()
          ? announced
          : here(announced)
              .recover(
                  failure -> {
                    LOG.warn(
                        "Only this node knows of a response that is being made: {}",
                        FailureLog.reason(failure));
                    return Future.succeededFuture();
                  });
    }

    @Override
    public void drop(String id) {
      running.invalidate(name(id));
      store
          .retract(owner, id)
          .onFailure(
              e -> LOG.warn("A response that was not made is left: {}", FailureLog.reason(e)));
    }

    @Override
    public Future<Void> save(JsonNode input, ObjectNode response) {
      return here(store.save(owner, response(input, response)))
          .recover(
              failure -> {
                LOG.warn("Cannot store a response: {}", FailureLog.reason(failure));
                return Future.succeededFuture();
              })
          .onSuccess(saved -> running.invalidate(name(response.path("id").asText())));
    }

    private RecordedResponse response(JsonNode input, ObjectNode response) {
      return new RecordedResponse(previous, earlier, given.orElseGet(() -> items(input)), response);
    }

    private Name name(String id) {
      return new Name(owner.id(), id);
    }
  }
}
