package dev.concert.foundation.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.buffer.Buffer;
import java.nio.channels.ClosedChannelException;

/**
 * The last of the handlers before Vert.x: turns pings and violations over to the socket, and drops
 * what either side sends after its close.
 */
final class FrameGuard extends ChannelDuplexHandler {
  private final StrictWebSocket socket;
  private final int maxMessage;
  private boolean closeSent;

  FrameGuard(StrictWebSocket socket, int maxMessage) {
    this.socket = socket;
    this.maxMessage = maxMessage;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (socket.isClosing() && !(message instanceof CloseWebSocketFrame)) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof PingWebSocketFrame ping) {
      byte[] payload = new byte[ping.content().readableBytes()];
      ping.content().readBytes(payload);
      ping.release();
      socket.ping(Buffer.buffer(payload));
    } else if (message instanceof WebSocketFrame frame
        && frame.content().readableBytes() > maxMessage) {
      frame.release();
      socket.violated(new TooLongFrameException());
    } else {
      context.fireChannelRead(message);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (StrictWebSocket.isViolation(cause)) {
      socket.violated(cause);
    } else {
      context.fireExceptionCaught(cause);
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (closeSent && message instanceof WebSocketFrame frame) {
      frame.release();
      promise.tryFailure(new ClosedChannelException());
    } else {
      closeSent |= message instanceof CloseWebSocketFrame;
      context.write(message, promise);
    }
  }
}
