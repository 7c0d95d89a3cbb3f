package dev.concert.foundation.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.concurrent.TimeUnit;

/**
 * Holds the other side of a WebSocket to RFC 6455, with Netty's own handlers.
 *
 * <p>Vert.x alone drops the connection without a close code when a frame is wrong, takes text that
 * is not UTF-8, loses a message whose first fragment is empty, and answers every ping at once,
 * whether the peer reads or not. Here a violation is answered with the code of the RFC: 1002 for a
 * wrong frame, 1007 for text that is not UTF-8, 1008 for a flood of fragments or pings, 1009 for a
 * message that is too large. A message arrives whole, whatever its fragments. A socket that was
 * closed goes away even if its peer does not read the close frame.
 *
 * <p>Used on the socket's context.
 */
public final class StrictWebSocket {
  /** How long a closed socket waits for its peer to read what was sent and to close, too. */
  private static final long LINGER_SECONDS = 30;

  /** As many fragments may make a message as give each this many bytes. */
  private static final int BYTES_OF_A_FRAGMENT = 1024;

  /** Names that Netty and Vert.x give their handlers. */
  private static final String DECODER = "wsdecoder";

  private static final String VERTX = "handler";

  /** Name of our own. */
  private static final String UTF8 = "utf8";

  private final ServerWebSocket socket;
  private final ChannelHandlerContext channel;
  private final int maxMessage;
  private final PingFlood flood = new PingFlood();
  private Handler<Buffer> onPing = this::pong;
  private boolean closing;

  private StrictWebSocket(ServerWebSocket socket, ChannelHandlerContext channel, int maxMessage) {
    this.socket = socket;
    this.channel = channel;
    this.maxMessage = maxMessage;
  }

  /**
   * Answers the handshake. Frames are read once the future's handlers have run.
   *
   * @param maxMessage bytes of a message, in however many fragments; no more than the server reads
   *     of one frame
   * @return fails where the request is no handshake
   */
  public static Future<StrictWebSocket> accept(HttpServerRequest request, int maxMessage) {
    Channel channel =
        ((HttpServerConnection) request.connection()).channelHandlerContext().channel();
    if (channel.eventLoop().inEventLoop()) {
      return handshake(request, channel, maxMessage);
    }
    // Elsewhere a frame might be read before it is looked at.
    Promise<StrictWebSocket> accepted = Promise.promise();
    channel.eventLoop().execute(() -> handshake(request, channel, maxMessage).onComplete(accepted));
    return accepted.future();
  }

  private static Future<StrictWebSocket> handshake(
      HttpServerRequest request, Channel channel, int maxMessage) {
    return request.toWebSocket().map(socket -> of(socket, channel.pipeline(), maxMessage));
  }

  private static StrictWebSocket of(
      ServerWebSocket socket, ChannelPipeline pipeline, int maxMessage) {
    ChannelHandlerContext vertx = pipeline.context(VERTX);
    StrictWebSocket strict = new StrictWebSocket(socket, vertx, maxMessage);
    pipeline.addBefore(VERTX, "ascii", new AsciiText(UTF8));
    pipeline.addBefore(VERTX, UTF8, new Utf8FrameValidator(false));
    pipeline.addBefore(
        VERTX, "fragments", new FragmentLimit(Math.max(1, maxMessage / BYTES_OF_A_FRAGMENT)));
    pipeline.addBefore(VERTX, "messages", new WebSocketFrameAggregator(maxMessage));
    pipeline.addBefore(VERTX, "strict", new FrameGuard(strict, maxMessage));
    return strict;
  }

  /** To receive messages from, and to send them. It is closed by {@link #close}. */
  public ServerWebSocket socket() {
    return socket;
  }

  /**
   * Has pings answered by this, instead of here: it may send a pong, or not.
   *
   * @param handler gets what the ping carries
   */
  public StrictWebSocket pingHandler(Handler<Buffer> handler) {
    onPing = handler;
    return this;
  }

  void ping(Buffer payload) {
    if (!closing && !socket.isClosed()) {
      onPing.handle(payload);
    }
  }

  /** A peer that does not read gets no pong, which RFC 6455 leaves open. */
  private void pong(Buffer payload) {
    if (flood.isOver()) {
      close(WebSocketCloseStatus.POLICY_VIOLATION.code(), "too many pings");
    } else if (!socket.writeQueueFull()) {
      socket.writePong(payload);
    }
  }

  void violated(Throwable violation) {
    switch (violation) {
      case CorruptedWebSocketFrameException wrong
          when wrong.closeStatus() != WebSocketCloseStatus.MESSAGE_TOO_BIG ->
          close(wrong.closeStatus().code(), wrong.getMessage());
      default ->
          close(
              WebSocketCloseStatus.MESSAGE_TOO_BIG.code(),
              "A message must not exceed %d MiB.".formatted(maxMessage >> 20));
    }
    // The decoder would look at all that follows, byte by byte.
    if (channel.pipeline().get(DECODER) != null) {
      channel.pipeline().remove(DECODER);
    }
  }

  static boolean isViolation(Throwable failure) {
    return failure instanceof CorruptedWebSocketFrameException
        || failure instanceof TooLongFrameException;
  }

  boolean isClosing() {
    return closing;
  }

  /**
   * Closes the socket, at the latest half a minute from now. What the peer still sends is dropped.
   * Any thread.
   */
  public void close(int code, String reason) {
    if (channel.executor().inEventLoop()) {
      closeNow(code, reason);
    } else {
      channel.executor().execute(() -> closeNow(code, reason));
    }
  }

  private void closeNow(int code, String reason) {
    if (closing) {
      return;
    }
    closing = true;
    socket.close((short) code, reason);
    var abort =
        channel.executor().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
    channel.channel().closeFuture().addListener(_ -> abort.cancel(false));
  }
}
