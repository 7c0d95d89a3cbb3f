package dev.concert.platform.server;

import dev.concert.client.ClientException;
import dev.concert.client.ClientToken;
import dev.concert.platform.DataFolder;
import dev.concert.platform.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The server that a command of a user talks to: the one that runs, else one in this process that
 * ends with the command, also by Ctrl-C.
 */
public final class CommandServer implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final String url;
  private final Optional<String> token;
  private final Optional<StopAtExit> embedded;

  private CommandServer(String url, Optional<String> token, Optional<StopAtExit> embedded) {
    this.url = url;
    this.token = token;
    this.embedded = embedded;
  }

  /** As {@link #open(Optional, Optional, Optional)} without options. */
  public static CommandServer open() {
    return open(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Blocking.
   *
   * @param data starts a server on this folder, whatever else runs
   * @param config file of a server that is started
   * @param keyFile file with an API key of a server that runs
   * @throws ClientException when the server at {@code CONCERT_URL} does not answer
   */
  public static CommandServer open(
      Optional<Path> data, Optional<Path> config, Optional<Path> keyFile) {
    Optional<String> running =
        data.isPresent() ? Optional.empty() : RunningServer.find().or(CommandServer::starting);
    return running
        .map(url -> new CommandServer(url, RunningServer.token(url, keyFile), Optional.empty()))
        .orElseGet(() -> start(data, config));
  }

  /** The server that has the data of this user already, and takes a moment to listen. */
  private static Optional<String> starting() {
    long end = System.nanoTime() + START.toNanos();
    Optional<String> found = Optional.empty();
    while (found.isEmpty() && DataFolder.isInUse(DataPlace.usual()) && System.nanoTime() < end) {
      LockSupport.parkNanos(LOOK.toNanos());
      found = RunningServer.find();
    }
    return found;
  }

  private static CommandServer start(Optional<Path> data, Optional<Path> config) {
    EmbeddedData place = place(data);
    if (place.temporary()) {
      System.err.printf(
          "Another Concert process uses %s, and no server answers there. This command works in a"
              + " temporary folder instead, which is removed at its end.%n",
          DataPlace.usual());
    }
    Platform platform;
    try {
      platform = EmbeddedServer.start("127.0.0.1", 0, place.folder(), config);
    } catch (RuntimeException e) {
      place.close();
      throw e;
    }
    StopAtExit stop =
        StopAtExit.of(
            () -> {
              platform.close();
              place.close();
            });
    return new CommandServer(
        platform.url(), ClientToken.find(null, List.of(place.folder())), Optional.of(stop));
  }

  private static EmbeddedData place(Optional<Path> data) {
    try {
      return EmbeddedData.choose(data);
    } catch (IOException e) {
      throw new UncheckedIOException("A folder for the data cannot be made", e);
    }
  }

  public String url() {
    return url;
  }

  /** What shows the server who its client is; empty where it asks for nothing. */
  public Optional<String> token() {
    return token;
  }

  @Override
  public void close() {
    embedded.ifPresent(StopAtExit::close);
  }
}
