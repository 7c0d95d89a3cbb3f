package dev.concert.testing;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * S3Proxy in a process of its own: a real S3 server, which can be stopped and started again. The
 * build of a module that uses it copies the program to {@code target/s3}.
 */
public final class S3Server implements AutoCloseable {
  public static final String KEY_ID = "test-key";
  public static final String SECRET = "very-secret-test-credential";

  private final Path home;
  private final int port;
  private Process process;

  private S3Server(Path home, int port) {
    this.home = home;
    this.port = port;
  }

  public static S3Server start(Path home) throws IOException {
    S3Server server = new S3Server(home, FreePort.find());
    server.start();
    return server;
  }

  public int port() {
    return port;
  }

  /** A folder is a bucket. */
  public void makeBucket(String name) throws IOException {
    Files.createDirectories(home.resolve("buckets").resolve(name));
  }

  public void start() throws IOException {
    Files.createDirectories(home.resolve("buckets"));
    Path properties = home.resolve("s3proxy.conf");
    Files.write(
        properties,
        List.of(
            "s3proxy.endpoint=http://127.0.0.1:" + port,
            "s3proxy.authorization=aws-v2-or-v4",
            "s3proxy.identity=" + KEY_ID,
            "s3proxy.credential=" + SECRET,
            "jclouds.provider=filesystem-nio2",
            "jclouds.filesystem.basedir=" + home.resolve("buckets")));
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                Path.of("target", "s3", "s3proxy.jar").toAbsolutePath().toString(),
                "--properties",
                properties.toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("s3proxy.log").toFile())
            .start();
    Await.until(this::answers);
  }

  private boolean answers() {
    try (Socket connected = new Socket("127.0.0.1", port)) {
      return connected.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  public void stop() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    stop();
  }
}
