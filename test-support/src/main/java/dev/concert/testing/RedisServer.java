package dev.concert.testing;

import java.io.File;
import java.nio.file.Path;
import java.util.List;

/** Debian's redis-server as a process of a test, without persistence. */
public final class RedisServer implements AutoCloseable {
  private final Path folder;
  private final int port = LocalServer.freePort();
  private LocalServer server;

  public RedisServer(Path folder) {
    this.folder = folder;
    start();
  }

  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** Starts it anew, with nothing of what it knew. */
  public void start() {
    remembered().delete();
    startAsItWas();
  }

  /** Starts it anew, with what it knew when it was last to {@link #remember}. */
  public void startAsItWas() {
    server =
        LocalServer.start(
            List.of(
                "redis-server",
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                folder.toString()),
            port,
            folder.resolve("redis.log"));
  }

  /** Kills it: what it knew is gone. */
  public void kill() {
    server.close();
  }

  /** Writes down what it knows by now. */
  public void remember() {
    LocalServer.run(List.of("redis-cli", "-p", Integer.toString(port), "save"));
  }

  private File remembered() {
    return folder.resolve("dump.rdb").toFile();
  }

  /** It answers nothing any more, but keeps its connections and what it knows. */
  public void freeze() {
    server.signal("STOP");
  }

  public void thaw() {
    server.signal("CONT");
  }

  @Override
  public void close() {
    kill();
  }
}
