package dev.concert.ensemble.response;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.call.CallIdentity;
import dev.concert.ensemble.call.InferenceCall;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.call.ResponseStore;
import dev.concert.ensemble.ledger.AnswerBody;
import dev.concert.ensemble.loop.LoopContext;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.VendorEvent;
import dev.concert.ensemble.provider.VendorRefusal;
import dev.concert.ensemble.usage.CallReport;
import dev.concert.error.Problem;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A response in progress: it is sent to its client and to subscribers, and buffered.
 *
 * <p>Not thread-safe: lives on the context of its call. Other event loops {@link #ask}.
 */
public final class LiveResponse implements ResponseSink, ResponseStore.Entry {
  private final StoredResponses home;
  private final LoopContext context;
  private final CallIdentity identity;
  private final boolean outlives;
  private final Instant began = Instant.now();
  private final ResponseSink client;
  private final BlockBuffer blocks;
  private final List<ResponseSubscriber> followers = new ArrayList<>();
  private Optional<InferenceCall> call = Optional.empty();
  private Optional<Consumer<ResponseSink>> end = Optional.empty();
  private boolean clientIsThere = true;

  LiveResponse(
      StoredResponses home,
      LoopContext context,
      CallIdentity identity,
      boolean outlives,
      ResponseSink client,
      BlockBuffer blocks) {
    this.home = home;
    this.context = context;
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

  /** The model that answers; empty before the call has started. */
  public Optional<ServedModel> model() {
    return call.map(InferenceCall::model);
  }

  /** Whether a block has arrived. */
  public boolean streaming() {
    return blocks.count() > 0;
  }

  /** The number of blocks that have arrived. */
  public int count() {
    return blocks.count();
  }

  /** Cancels the call; its clients receive an error. */
  public void cancel() {
    call.ifPresent(InferenceCall::cancel);
  }

  /**
   * Has a question answered on the context of the call; any thread.
   *
   * @return completes on the caller's context; fails with what the question has thrown
   */
  public <T> Future<T> ask(Function<LiveResponse, T> question) {
    return context.ask(() -> question.apply(this));
  }

  /** The sink of a client at this context, wherever that is. Call it on the call's context. */
  public ResponseSink reaching(ResponseSink sink, LoopContext there) {
    return there.isHere() ? sink : new DistantSink(sink, there, context);
  }

  /**
   * Subscribes a client: sends it the blocks after the first {@code after} ones, and then new ones,
   * as fast as it takes them.
   *
   * @return ends the subscription; run it when the client disconnects
   */
  public Runnable join(int after, ResponseSink sink) {
    ResponseSubscriber follower = new ResponseSubscriber(blocks, after, sink);
    followers.add(follower);
    // It may have ended on its way here from another event loop.
    end.ifPresentOrElse(follower::end, follower::pump);
    return () -> followers.remove(follower);
  }

  @Override
  public ResponseSink sink() {
    return this;
  }

  @Override
  public void started(InferenceCall running) {
    call = Optional.of(running);
    home.began(this);
  }

  @Override
  public Optional<AnswerBody> body(CallReport report) {
    if (report.end() instanceof CallReport.End.Left) {
      home.ended(this);
      return Optional.empty();
    }
    List<Block> all = blocks.all();
    return Optional.of(
        compressor -> {
          byte[] bytes = EncodedResponse.encode(report.end(), all, compressor);
          home.share(identity, report, bytes);
          return bytes;
        });
  }

  @Override
  public void block(Block block) {
    blocks.add(block);
    if (clientIsThere) {
      client.block(block);
    }
    followers.forEach(ResponseSubscriber::pump);
  }

  @Override
  public void relay(VendorEvent event) {
    if (clientIsThere) {
      client.relay(event);
    }
  }

  @Override
  public void relayBytes(String contentType, Buffer piece) {
    if (clientIsThere) {
      client.relayBytes(contentType, piece);
    }
  }

  @Override
  public void relayWhole(JsonNode body) {
    if (clientIsThere) {
      client.relayWhole(body);
    }
  }

  @Override
  public void dropped(List<String> fields) {
    client.dropped(fields);
  }

  @Override
  public void done(InferenceResponse response) {
    ended(sink -> sink.done(response));
  }

  @Override
  public void failed(Problem problem) {
    ended(sink -> sink.failed(problem));
  }

  @Override
  public void refused(VendorRefusal theirs, Problem problem) {
    ended(sink -> sink.refused(theirs, problem));
  }

  private void ended(Consumer<ResponseSink> last) {
    home.ended(this);
    end = Optional.of(last);
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
    clientIsThere = clientIsThere && (!outlives || client.storesTheRest());
    return outlives;
  }

  @Override
  public void left() {
    client.left();
  }

  @Override
  public void whenDrained(Runnable action) {
    client.whenDrained(action);
  }
}
