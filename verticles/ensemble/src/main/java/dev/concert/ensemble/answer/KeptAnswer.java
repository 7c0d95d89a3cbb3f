package dev.concert.ensemble.answer;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.stream.AnswerKeeping;
import dev.concert.ensemble.stream.AnswerSink;
import dev.concert.ensemble.stream.CallIdentity;
import dev.concert.ensemble.stream.RunningCall;
import dev.concert.ensemble.usage.CallReport;
import dev.concert.error.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * An answer under way: to its client, to whoever has joined since, and kept.
 *
 * <p>Not thread-safe: lives on the context of its call.
 */
public final class KeptAnswer implements AnswerSink, AnswerKeeping.Kept {
  private final KeptAnswers home;
  private final CallIdentity identity;
  private final boolean outlives;
  private final Instant began = Instant.now();
  private final AnswerSink client;
  private final BlockLog blocks;
  private final List<Follower> followers = new ArrayList<>();
  private Optional<RunningCall> call = Optional.empty();
  private boolean clientIsThere = true;

  KeptAnswer(
      KeptAnswers home,
      CallIdentity identity,
      boolean outlives,
      AnswerSink client,
      BlockLog blocks) {
    this.home = home;
    this.identity = identity;
    this.outlives = outlives;
    this.client = client;
    this.blocks = blocks;
  }

  public CallIdentity identity() {
    return identity;
  }

  public Instant began() {
    return began;
  }

  /** Who answers; empty before it is under way. */
  public Optional<ServedModel> model() {
    return call.map(RunningCall::model);
  }

  /** Whether anything of it has come. */
  public boolean streaming() {
    return blocks.count() > 0;
  }

  /** How many blocks have come. */
  public int count() {
    return blocks.count();
  }

  /** Ends the call; its clients are told. */
  public void cancel() {
    call.ifPresent(RunningCall::cancel);
  }

  /**
   * Sends the blocks after the first so many to somebody else, and then what comes, as fast as they
   * are taken.
   *
   * @return to be run when that client is gone
   */
  public Runnable join(int after, AnswerSink sink) {
    Follower follower = new Follower(blocks, after, sink);
    followers.add(follower);
    follower.pump();
    return () -> followers.remove(follower);
  }

  @Override
  public AnswerSink sink() {
    return this;
  }

  @Override
  public void started(RunningCall running) {
    call = Optional.of(running);
    home.began(this);
  }

  @Override
  public Optional<Supplier<byte[]>> body(CallReport report) {
    if (report.end() instanceof CallReport.End.Left) {
      home.ended(this);
      return Optional.empty();
    }
    List<Block> all = blocks.all();
    return Optional.of(() -> AnswerBody.encode(report.end(), all));
  }

  @Override
  public void block(Block block) {
    blocks.add(block);
    if (clientIsThere) {
      client.block(block);
    }
    followers.forEach(Follower::pump);
  }

  @Override
  public void done(InferenceResponse response) {
    ended(sink -> sink.done(response));
  }

  @Override
  public void failed(Problem problem) {
    ended(sink -> sink.failed(problem));
  }

  private void ended(Consumer<AnswerSink> last) {
    home.ended(this);
    if (clientIsThere) {
      last.accept(client);
    }
    followers.forEach(follower -> follower.end(last));
    blocks.close();
  }

  @Override
  public boolean full() {
    return clientIsThere && client.full();
  }

  @Override
  public boolean outlivesClient() {
    clientIsThere = clientIsThere && !outlives;
    return outlives;
  }

  @Override
  public void whenDrained(Runnable action) {
    client.whenDrained(action);
  }
}
