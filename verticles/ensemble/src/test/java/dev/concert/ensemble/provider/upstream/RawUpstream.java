package dev.concert.ensemble.provider.upstream;

import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.provider.chat.Upstream;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;

/** Answers the first bytes of any request with given bytes, and closes when told. */
public final class RawUpstream implements AutoCloseable {
  public static final String HEAD =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final NetServer server;

  public RawUpstream(List<String> pieces, boolean close) {
    server =
        RunningEnsemble.await(
            vertx
                .createNetServer()
                .connectHandler(socket -> socket.handler(request -> answer(socket, pieces, close)))
                .listen(0, "127.0.0.1"));
  }

  /** One chunk of a chunked body. */
  public static String chunk(String text) {
    return Integer.toHexString(Buffer.buffer(text).length()) + "\r\n" + text + "\r\n";
  }

  public ProviderOptions options() {
    return Upstream.options("http://127.0.0.1:" + server.actualPort() + "/v1");
  }

  @Override
  public void close() {
    RunningEnsemble.await(vertx.close());
  }

  private static void answer(NetSocket socket, List<String> pieces, boolean close) {
    socket.handler(rest -> {});
    pieces.forEach(socket::write);
    if (close) {
      socket.close();
    }
  }
}
