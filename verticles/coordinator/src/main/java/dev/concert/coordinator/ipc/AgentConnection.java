package dev.concert.coordinator.ipc;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The open connection to an agent process: frames in both directions.
 *
 * <p>Reading stops while a caller holds it ({@link #hold}), so that the agent waits and not the
 * coordinator's memory. Writing is refused while the agent leaves more than 1 MiB unread. Belongs
 * to one event loop.
 */
public final class AgentConnection {
  /** Bytes that the kernel has not taken, because the agent does not read. */
  private static final int MAX_UNREAD = 1 << 20;

  /** Above this many bytes, JSON is read on a worker: one agent must not hold up the others. */
  private static final int LARGE_BATCH = 256 << 10;

  private final NetSocket socket;
  private final WorkerExecutor workers;
  private final FrameParser parser = new FrameParser();
  private long unreadBytes;
  private int holds;
  private boolean ended;

  AgentConnection(NetSocket socket, WorkerExecutor workers) {
    this.socket = socket;
    this.workers = workers;
    socket.pause();
  }

  /** Receives what an agent sends, on the event loop. */
  public interface Listener {
    /** The frames of one read, in order. */
    void onFrames(List<ReceivedFrame> frames);

    /** The connection is over, by its end or by an error; called once, last. */
    void onEnd();

    /** What came is not the agent protocol; nothing more will be read. */
    void onViolation(ProtocolViolation violation);
  }

  /** Begins to read. */
  public void start(Listener listener) {
    socket.handler(bytes -> receive(bytes, listener));
    socket.exceptionHandler(failure -> end(listener));
    socket.endHandler(end -> end(listener));
    socket.closeHandler(closed -> end(listener));
    socket.resume();
  }

  private void receive(Buffer bytes, Listener listener) {
    if (ended) {
      return;
    }
    List<byte[]> frames = new ArrayList<>();
    Optional<ProtocolViolation> violation = Optional.empty();
    try {
      parser.feed(bytes, frames);
    } catch (ProtocolViolation found) {
      violation = Optional.of(found);
    }
    FrameBatch batch = new FrameBatch(frames, violation);
    if (batch.bytes() > LARGE_BATCH) {
      decodeElsewhere(batch, listener);
    } else {
      hand(batch.decode(), listener);
    }
  }

  private void decodeElsewhere(FrameBatch batch, Listener listener) {
    hold();
    workers
        .executeBlocking(batch::decode, false)
        .onSuccess(
            decoded -> {
              if (!ended) {
                hand(decoded, listener);
              }
              release();
            })
        .onFailure(
            failure ->
                violated(new ProtocolViolation("it sent a frame that cannot be read"), listener));
  }

  /** What came before a violation still counts. */
  private void hand(FrameBatch.Decoded decoded, Listener listener) {
    if (!decoded.frames().isEmpty()) {
      listener.onFrames(decoded.frames());
    }
    decoded.violation().ifPresent(found -> violated(found, listener));
  }

  private void violated(ProtocolViolation violation, Listener listener) {
    if (!ended) {
      ended = true;
      socket.pause();
      listener.onViolation(violation);
    }
  }

  private void end(Listener listener) {
    if (!ended) {
      ended = true;
      listener.onEnd();
    }
  }

  /** Stops reading until {@link #release} was called as often as this. */
  public void hold() {
    if (holds++ == 0) {
      socket.pause();
    }
  }

  public void release() {
    if (--holds == 0 && !ended) {
      socket.resume();
    }
  }

  /**
   * Sends a frame. Fails with {@link ErrorCode#MESSAGE_TOO_LARGE}, and with {@link
   * ErrorCode#RATE_LIMITED} while the agent does not read what it was sent before.
   */
  public Future<Void> send(CoordinatorFrame frame) {
    if (unreadBytes > MAX_UNREAD) {
      return Future.failedFuture(
          ConcertException.retryAfter(
              ErrorCode.RATE_LIMITED, "The agent does not read what it is sent.", 1000));
    }
    try {
      Buffer bytes = FrameEncoder.encode(frame);
      unreadBytes += bytes.length();
      return socket.write(bytes).onComplete(written -> unreadBytes -= bytes.length());
    } catch (ConcertException tooLarge) {
      return Future.failedFuture(tooLarge);
    }
  }

  /** Closes the connection; the listener is not called again. */
  public void close() {
    ended = true;
    socket.close();
  }
}
