package dev.concert.ensemble.response;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.call.CallIdentity;
import dev.concert.ensemble.loop.LoopContext;
import dev.concert.ensemble.usage.CallReport;
import dev.concert.error.FailureLog;
import dev.concert.foundation.objectstore.ObjectStore;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of ended answers in the bucket that nodes have in common, for the other nodes: a line of
 * JSON with the facts of the call, and the bytes that are in the ledger's file. They lie beside the
 * responses of their owner, and go with them. Thread-safe; nothing blocks.
 */
public final class BucketAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(BucketAnswers.class);

  private final Vertx vertx;
  private final LoopContext home;
  private final ObjectStore store;

  BucketAnswers(Vertx vertx, ObjectStore store) {
    this.vertx = vertx;
    this.home = LoopContext.here(vertx);
    this.store = store;
  }

  /** Sends an answer; nobody waits for it. */
  void send(CallIdentity call, CallReport report, byte[] body) {
    StoredResponse.Facts facts =
        new StoredResponse.Facts(
            call.requestId(),
            report.times().started().toString(),
            report.times().ended().toString(),
            report.model().id(),
            report.model().provider());
    home.run(
        () ->
            store
                .put(key(call.caller(), call.requestId()), encode(facts, body))
                .onFailure(
                    failure ->
                        LOG.debug(
                            "Only this node has the answer {}: {}",
                            call.requestId(),
                            FailureLog.reason(failure))));
  }

  /** Empty if there is none, or one that is too old. */
  Future<Optional<StoredResponse>> find(Caller caller, String requestId) {
    return LoopContext.moved(
        vertx,
        BucketFolders.known(store.get(key(caller, requestId)))
            .compose(
                bytes -> vertx.executeBlocking(() -> bytes.flatMap(BucketAnswers::decode), false)));
  }

  private static String key(Caller caller, String requestId) {
    return BucketObject.answerKey(BucketObject.folder(caller.customer(), caller.id()), requestId);
  }

  private static byte[] encode(StoredResponse.Facts facts, byte[] body) {
    try {
      return Buffer.buffer(Json.MAPPER.writeValueAsBytes(facts))
          .appendString("\n")
          .appendBytes(body)
          .getBytes();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot encode the facts of a call", e);
    }
  }

  private static Optional<StoredResponse> decode(byte[] bytes) {
    int line = 0;
    while (bytes[line] != '\n') {
      line++;
    }
    try {
      StoredResponse.Facts facts =
          Json.MAPPER.readValue(
              new String(bytes, 0, line, StandardCharsets.UTF_8), StoredResponse.Facts.class);
      Instant oldest = Instant.now().minus(ResponseRetention.DEFAULT.keep());
      return Instant.parse(facts.endedAt()).isBefore(oldest)
          ? Optional.empty()
          : Optional.of(
              EncodedResponse.decode(Arrays.copyOfRange(bytes, line + 1, bytes.length)).of(facts));
    } catch (IOException e) {
      throw new UncheckedIOException("An answer in the bucket cannot be read", e);
    }
  }
}
