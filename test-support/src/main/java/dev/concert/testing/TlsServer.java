package dev.concert.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PfxOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * An HTTPS server of files, whose certificate a test CA has signed: a package registry, or a Git
 * server.
 */
public final class TlsServer {
  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final String host;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final int port;

  private TlsServer(Vertx vertx, Path folder, String host, String address) {
    this.folder = folder;
    this.host = host;
    this.port =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setSsl(true)
                    .setKeyCertOptions(
                        new PfxOptions()
                            .setPath(folder.resolve("server.p12").toString())
                            .setPassword(PASSWORD)
                            .setAlias("server")))
            .requestHandler(this::serve)
            .listen(0, address)
            .toCompletionStage()
            .toCompletableFuture()
            .join()
            .actualPort();
  }

  /**
   * Makes the certificates and listens.
   *
   * @param folder for the certificates
   * @param host name that the certificate is for
   * @param address to listen on
   */
  public static TlsServer start(Vertx vertx, Path folder, String host, String address)
      throws Exception {
    String server = "server.p12";
    keytool(folder, server, "-genkeypair -alias ca -dname CN=TestCA -ext bc:c -keyalg EC");
    keytool(
        folder,
        server,
        "-genkeypair -alias server -signer ca -dname CN=%1$s -ext san=dns:%1$s -keyalg EC"
            .formatted(host));
    keytool(folder, server, "-exportcert -alias ca -rfc -file ca.pem");
    keytool(folder, "trust.p12", "-importcert -alias ca -file ca.pem -noprompt");
    return new TlsServer(vertx, folder, host, address);
  }

  private static void keytool(Path folder, String store, String arguments) throws Exception {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    List<String> command =
        Stream.concat(
                Stream.of(keytool, "-keystore", store, "-storepass", PASSWORD),
                Stream.of(arguments.split(" ")))
            .toList();
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private void serve(HttpServerRequest request) {
    byte[] content = files.get(request.path());
    if (content == null) {
      request.response().setStatusCode(404).end();
      return;
    }
    if (request.path().endsWith("/")) {
      request.response().putHeader("Content-Type", "text/html");
    }
    request.response().end(Buffer.buffer(content));
  }

  public TlsServer file(String path, byte[] content) {
    files.put(path, content);
    return this;
  }

  public TlsServer file(String path, String content) {
    return file(path, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Every file below a folder. */
  public TlsServer folder(String path, Path source) throws IOException {
    try (Stream<Path> found = Files.walk(source)) {
      for (Path file : found.filter(Files::isRegularFile).toList()) {
        file(path + "/" + source.relativize(file), Files.readAllBytes(file));
      }
    }
    return this;
  }

  /** The Python package {@code parcel} at {@code /simple}, whose {@code answer} is 42. */
  public TlsServer pythonPackage() throws IOException {
    file("/simple/parcel/", "<a href=\"/files/parcel-1.0-py3-none-any.whl\">parcel</a>");
    return file("/files/parcel-1.0-py3-none-any.whl", wheel());
  }

  private static byte[] wheel() throws IOException {
    Map<String, String> files =
        Map.of(
            "parcel.py",
            "answer = 42\n",
            "parcel-1.0.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: parcel\nVersion: 1.0\n",
            "parcel-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            "parcel-1.0.dist-info/RECORD",
            """
            parcel.py,,
            parcel-1.0.dist-info/METADATA,,
            parcel-1.0.dist-info/WHEEL,,
            parcel-1.0.dist-info/RECORD,,
            """);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  /**
   * A Git repository with the file {@code readme}, which says {@code cloned}.
   *
   * @param work an empty folder for making it
   */
  public TlsServer gitRepository(String path, Path work) throws IOException {
    Files.writeString(work.resolve("readme"), "cloned");
    new Shell(work)
        .run(
            """
            git init -q -b main .
            git add readme
            git -c user.name=a -c user.email=a@b commit -q -m first
            git update-server-info
            """);
    return folder(path, work.resolve(".git"));
  }

  /** {@code host:port}. */
  public String authority() {
    return host + ":" + port;
  }

  public String url() {
    return "https://" + authority();
  }

  /** The certificate of the CA. */
  public Path certificate() {
    return folder.resolve("ca.pem");
  }

  /** What Java programs need to trust it. */
  public String javaOptions() {
    return "-Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStorePassword=%s"
        .formatted(folder.resolve("trust.p12"), PASSWORD);
  }
}
