package dev.concert.ensemble.response;

import com.github.luben.zstd.ZstdCompressCtx;
import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.call.CallIdentity;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.call.ResponseStore;
import dev.concert.ensemble.ledger.StoredResponseReader;
import dev.concert.ensemble.ledger.report.LedgerRow;
import dev.concert.ensemble.loop.LoopContext;
import dev.concert.ensemble.usage.CallReport;
import dev.concert.error.ErrorCode;
import dev.concert.error.FailureLog;
import dev.concert.error.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The responses that a client can request again with the key that made the call: those in progress
 * in memory, those that have ended in the ledger's file. Responses to agents are not stored: an
 * agent whose turn was stopped does not want the rest.
 *
 * <p>Thread-safe; never blocks.
 */
public final class StoredResponses implements ResponseStore {
  /** A longer response cannot be joined; the whole of it is stored all the same. */
  private static final int LARGEST = 16 * 1024 * 1024;

  private static final long ALL = 256L * 1024 * 1024;

  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final Logger LOG = LoggerFactory.getLogger(StoredResponses.class);

  private final Vertx vertx;
  private final StoredResponseReader stored;
  private final ResponseRetention options;
  private final Optional<BucketAnswers> shared;
  private final BlockBuffer.Room room = new BlockBuffer.Room(ALL);
  private final Map<Name, LiveResponse> running = new ConcurrentHashMap<>();

  private record Name(String caller, String requestId) {
    static Name of(CallIdentity identity) {
      return new Name(identity.caller().id(), identity.requestId());
    }
  }

  /**
   * @param shared has what other nodes have answered
   */
  public StoredResponses(
      Vertx vertx,
      StoredResponseReader stored,
      ResponseRetention options,
      Optional<BucketAnswers> shared) {
    this.shared = shared;
    this.vertx = vertx;
    this.stored = stored;
    this.options = options;
    vertx.setPeriodic(PAUSE.toMillis(), timer -> forget());
  }

  /** What is stored for calls that were cut off when Ensemble ended. */
  public static byte[] interrupted() {
    Problem why =
        new Problem(ErrorCode.CALL_INTERRUPTED, "Ensemble ended before this call was complete.");
    try (ZstdCompressCtx compressor = new ZstdCompressCtx()) {
      return EncodedResponse.encode(new CallReport.End.Failed(why), List.of(), compressor);
    }
  }

  @Override
  public Entry begin(CallIdentity identity, boolean outlives, ResponseSink client) {
    if (identity.caller() instanceof Caller.Instance) {
      return ResponseStore.NONE.begin(identity, outlives, client);
    }
    return new LiveResponse(
        this, LoopContext.here(vertx), identity, outlives, client, new BlockBuffer(room, LARGEST));
  }

  /** If a client uses a request id twice, the later call is found. */
  void began(LiveResponse answer) {
    running.put(Name.of(answer.identity()), answer);
  }

  void ended(LiveResponse answer) {
    running.remove(Name.of(answer.identity()), answer);
  }

  /** Finds a response in progress, which may be on another event loop: {@link LiveResponse#ask}. */
  public Optional<LiveResponse> running(Caller caller, String requestId) {
    return Optional.ofNullable(running.get(new Name(caller.id(), requestId)));
  }

  /** Lets other nodes have an answer, too; any thread. */
  void share(CallIdentity call, CallReport report, byte[] body) {
    shared.ifPresent(bucket -> bucket.send(call, report, body));
  }

  /** Finds a stored response, also one of another node. */
  public Future<Optional<StoredResponse>> stored(Caller caller, String requestId) {
    return vertx
        .executeBlocking(
            () -> stored.find(caller.id(), requestId).map(StoredResponses::read), false)
        .compose(
            found ->
                found.isPresent() || shared.isEmpty()
                    ? Future.succeededFuture(found)
                    : shared.get().find(caller, requestId));
  }

  private static StoredResponse read(StoredResponseReader.Found found) {
    LedgerRow call = found.call();
    return EncodedResponse.decode(found.body())
        .of(
            new StoredResponse.Facts(
                call.requestId(), call.startedAt(), call.endedAt(), call.model(), call.provider()));
  }

  private void forget() {
    vertx
        .executeBlocking(
            () -> stored.forget(Instant.now().minus(options.keep()), options.mostBytes()), false)
        .onFailure(e -> LOG.warn("Cannot delete old responses: {}", FailureLog.reason(e)));
  }
}
