package dev.concert.ensemble.answer;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.ledger.AnswerReader;
import dev.concert.ensemble.stream.AnswerKeeping;
import dev.concert.ensemble.stream.AnswerSink;
import dev.concert.ensemble.stream.CallIdentity;
import dev.concert.ensemble.usage.CallReport;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers that can be asked for again, each by the key it was made for: those under way in
 * memory, those that have ended in the ledger's file. An agent's answers are not kept: one whose
 * turn is stopped does not want the rest.
 *
 * <p>Not thread-safe: used from the context of the calls; never blocks it.
 */
public final class KeptAnswers implements AnswerKeeping {
  /** An answer of more than this cannot be joined; its whole is kept all the same. */
  private static final int LARGEST = 16 * 1024 * 1024;

  private static final long ALL = 256L * 1024 * 1024;

  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final Logger LOG = LoggerFactory.getLogger(KeptAnswers.class);

  private final Vertx vertx;
  private final AnswerReader stored;
  private final AnswerOptions options;
  private final BlockLog.Room room = new BlockLog.Room(ALL);
  private final Map<Name, KeptAnswer> running = new HashMap<>();

  private record Name(String caller, String requestId) {
    static Name of(CallIdentity identity) {
      return new Name(identity.caller().id(), identity.requestId());
    }
  }

  public KeptAnswers(Vertx vertx, AnswerReader stored, AnswerOptions options) {
    this.vertx = vertx;
    this.stored = stored;
    this.options = options;
    vertx.setPeriodic(PAUSE.toMillis(), timer -> forget());
  }

  /** What is kept of calls in the middle of which Ensemble ended. */
  public static byte[] interrupted() {
    return AnswerBody.encode(
        new CallReport.End.Failed(
            new Problem(
                ErrorCode.CALL_INTERRUPTED, "Ensemble was ended in the middle of this call.")),
        List.of());
  }

  @Override
  public Kept begin(CallIdentity identity, boolean outlives, AnswerSink client) {
    if (identity.caller() instanceof Caller.Instance) {
      return AnswerKeeping.NONE.begin(identity, outlives, client);
    }
    return new KeptAnswer(this, identity, outlives, client, new BlockLog(room, LARGEST));
  }

  /** A client that uses an id twice asks for the later one. */
  void began(KeptAnswer answer) {
    running.put(Name.of(answer.identity()), answer);
  }

  void ended(KeptAnswer answer) {
    running.remove(Name.of(answer.identity()), answer);
  }

  /** An answer under way. */
  public Optional<KeptAnswer> running(Caller caller, String requestId) {
    return Optional.ofNullable(running.get(new Name(caller.id(), requestId)));
  }

  /** An answer that has ended. */
  public Future<Optional<StoredAnswer>> stored(Caller caller, String requestId) {
    return vertx.executeBlocking(
        () -> stored.find(caller.id(), requestId).map(KeptAnswers::read), false);
  }

  private static StoredAnswer read(AnswerReader.Found found) {
    AnswerBody body = AnswerBody.decode(found.body());
    return new StoredAnswer(found.call(), body.response(), body.problem(), body.blocks());
  }

  private void forget() {
    vertx
        .executeBlocking(
            () -> stored.forget(Instant.now().minus(options.keep()), options.mostBytes()), false)
        .onFailure(e -> LOG.warn("Old answers cannot be forgotten: {}", e.getMessage()));
  }
}
