package dev.concert.foundation.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;

/** Refuses a message of very many fragments: to put it together costs more than it carries. */
final class FragmentLimit extends ChannelInboundHandlerAdapter {
  private final int limit;
  private int fragments;

  FragmentLimit(int limit) {
    this.limit = limit;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ContinuationWebSocketFrame frame) {
      fragments = frame.isFinalFragment() ? 0 : fragments + 1;
      if (fragments > limit) {
        frame.release();
        throw new CorruptedWebSocketFrameException(
            WebSocketCloseStatus.POLICY_VIOLATION, "too many fragments");
      }
    }
    context.fireChannelRead(message);
  }
}
