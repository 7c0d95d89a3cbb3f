package dev.concert.foundation.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;

/**
 * Takes whole messages of ASCII past the next handler, Netty's check of UTF-8, which looks at each
 * byte alone: some milliseconds of an event loop for a message of 1 MiB.
 */
final class AsciiText extends ChannelInboundHandlerAdapter {
  /** Set in each byte that is not ASCII. */
  private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

  private final String check;

  /**
   * @param check name of the handler that is passed by
   */
  AsciiText(String check) {
    this.check = check;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    // A fragment may end in the middle of a character, so the check has to see all of them.
    if (message instanceof TextWebSocketFrame text
        && text.isFinalFragment()
        && isAscii(text.content())) {
      context.pipeline().context(check).fireChannelRead(message);
    } else {
      context.fireChannelRead(message);
    }
  }

  private static boolean isAscii(ByteBuf text) {
    int at = text.readerIndex();
    int end = text.writerIndex();
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      if ((text.getLong(at) & NOT_ASCII) != 0) {
        return false;
      }
    }
    for (; at < end; at++) {
      if (text.getByte(at) < 0) {
        return false;
      }
    }
    return true;
  }
}
