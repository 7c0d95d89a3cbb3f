package dev.concert.bridges.irc;

import dev.concert.testing.Await;
import dev.concert.testing.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** A real IRC server: ngIRCd, of Debian's package. */
public final class NgIrcd implements AutoCloseable {
  private static final Optional<Path> PROGRAM =
      Stream.of("/usr/sbin/ngircd", "/usr/bin/ngircd", "/usr/local/sbin/ngircd")
          .map(Path::of)
          .filter(Files::isExecutable)
          .findFirst();

  private final int port = FreePort.find();
  private final Path folder;
  private Process process;

  public NgIrcd() {
    try {
      folder = Files.createTempDirectory("ngircd");
      Files.writeString(
          folder.resolve("ngircd.conf"),
          """
          [Global]
          Name = irc.played.test
          Info = Played
          Listen = 127.0.0.1
          Ports = %d
          PidFile =
          MotdPhrase = Hello
          [Limits]
          MaxConnections = 0
          MaxConnectionsIP = 0
          MaxNickLength = 30
          MaxPenaltyTime = 0
          [Options]
          DNS = no
          Ident = no
          PAM = no
          SyslogFacility = local1
          """
              .formatted(port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start();
  }

  /** Whether it is installed here. */
  public static boolean isInstalled() {
    return PROGRAM.isPresent();
  }

  public String address(String nick, String channels) {
    return "irc://%s@127.0.0.1:%d/%s".formatted(nick, port, channels);
  }

  public String server() {
    return "127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  public void start() {
    try {
      process =
          new ProcessBuilder(
                  PROGRAM.orElseThrow().toString(),
                  "-n",
                  "-f",
                  folder.resolve("ngircd.conf").toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log.txt").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Await.until("ngIRCd", this::answers);
  }

  private boolean answers() {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** As if its host lost power. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
    try {
      Files.deleteIfExists(folder.resolve("ngircd.conf"));
      Files.deleteIfExists(folder.resolve("log.txt"));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
