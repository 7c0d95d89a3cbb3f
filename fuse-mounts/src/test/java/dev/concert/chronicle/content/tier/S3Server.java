package dev.concert.chronicle.content.tier;

import dev.concert.testing.Await;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** S3Proxy in a process of its own: a real S3 server, which can be stopped and started again. */
final class S3Server implements AutoCloseable {
  static final String KEY_ID = "test-key";
  static final String SECRET = "very-secret-test-credential";

  private final Path home;
  private final int port;
  private Process process;

  private S3Server(Path home, int port) {
    this.home = home;
    this.port = port;
  }

  static S3Server start(Path home) throws IOException {
    S3Server server = new S3Server(home, freePort());
    server.start();
    return server;
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  /** A folder is a bucket. */
  void makeBucket(String name) throws IOException {
    Files.createDirectories(home.resolve("buckets").resolve(name));
  }

  void start() throws IOException {
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

  void stop() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    stop();
  }
}
