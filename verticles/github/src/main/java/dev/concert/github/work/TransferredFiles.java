package dev.concert.github.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import dev.concert.bridge.ClientCalls.OpenSessionTransfer;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.json.Json;
import dev.concert.workspace.WorkspaceMessages.Transfer;
import dev.concert.workspace.WorkspaceMessages.TransferOpened;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The files of a session's workspace, many of them in one stream, in the name of a member. */
record TransferredFiles(
    WorkerExecutor workers,
    ConcertBus bus,
    String tenantId,
    Supplier<Future<String>> member,
    String sessionId) {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int CONNECT_MS = 5_000;
  private static final int STALLED_MS = 330_000;
  private static final int PIECE = 256 * 1024;

  /**
   * What a file looks like.
   *
   * @param modified nanoseconds since 1970
   * @param isLink whether it is a symlink
   */
  record Look(long size, long modified, int mode, boolean isLink) {
    private static final int RUN = 0100;

    boolean mayRun() {
      return (mode & RUN) != 0;
    }
  }

  @FunctionalInterface
  interface TarReader<T> {
    T read(TarArchiveInputStream tar) throws IOException;
  }

  @FunctionalInterface
  private interface Answer<T> {
    T read(InputStream in) throws IOException;
  }

  /** Brings in a tar, all of it or nothing. */
  Future<Void> bringIn(GitProcess.Input tar) {
    return exchange(Transfer.IMPORT, tar, TransferredFiles::readAll).mapEmpty();
  }

  /** All files but those of {@code .git}, by their paths. */
  Future<SortedMap<String, Look>> list() {
    return exchange(Transfer.LIST, _ -> {}, TransferredFiles::looks);
  }

  /** Reads files as they are now; what is not there any more is left out. */
  <T> Future<T> fetch(Collection<String> paths, TarReader<T> reader) {
    byte[] list = (String.join("\0", paths) + "\0").getBytes(StandardCharsets.UTF_8);
    return exchange(
        Transfer.EXPORT,
        body -> body.write(paths.isEmpty() ? new byte[0] : list),
        in -> {
          T read = reader.read(new TarArchiveInputStream(in, StandardCharsets.UTF_8.name()));
          in.transferTo(OutputStream.nullOutputStream());
          return read;
        });
  }

  private <T> Future<T> exchange(Transfer transfer, GitProcess.Input body, Answer<T> answer) {
    return member
        .get()
        .compose(
            userId ->
                bus.request(
                    Addresses.OPEN_SESSION_TRANSFER,
                    new OpenSessionTransfer(tenantId, userId, sessionId, transfer),
                    TIMEOUT))
        .compose(
            opened ->
                bus.directory()
                    .hostOf(opened.node())
                    .compose(
                        host ->
                            workers.executeBlocking(
                                () -> exchange(host, opened, body, answer), false)));
  }

  private static <T> T exchange(
      String host, TransferOpened opened, GitProcess.Input body, Answer<T> answer)
      throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) url(host, opened).toURL().openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout(CONNECT_MS);
    connection.setReadTimeout(STALLED_MS);
    connection.setUseCaches(false);
    connection.setInstanceFollowRedirects(false);
    connection.setRequestMethod("POST");
    connection.setRequestProperty("Authorization", "Bearer " + opened.token());
    connection.setDoOutput(true);
    connection.setChunkedStreamingMode(PIECE);
    try (OutputStream out = new BufferedOutputStream(connection.getOutputStream(), PIECE)) {
      body.write(out);
    }
    if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
      throw new IOException(
          "The workspace does not take or give its files: status " + connection.getResponseCode());
    }
    try (InputStream in = connection.getInputStream()) {
      return answer.read(in);
    }
  }

  private static URI url(String host, TransferOpened opened) throws IOException {
    try {
      return new URI("http", null, host, opened.port(), opened.path(), null, null);
    } catch (URISyntaxException e) {
      throw new IOException("The workspace has no address", e);
    }
  }

  private static Boolean readAll(InputStream in) throws IOException {
    in.transferTo(OutputStream.nullOutputStream());
    return true;
  }

  private static SortedMap<String, Look> looks(InputStream in) throws IOException {
    SortedMap<String, Look> looks = new TreeMap<>();
    try (MappingIterator<JsonNode> lines = Json.MAPPER.readerFor(JsonNode.class).readValues(in)) {
      while (lines.hasNextValue()) {
        JsonNode line = lines.nextValue();
        if (line.path("end").asBoolean()) {
          return looks;
        }
        looks.put(
            line.path("path").asText(),
            new Look(
                line.path("size").asLong(),
                line.path("modified").asLong(),
                line.path("mode").asInt(),
                line.has("target")));
      }
    }
    throw new IOException("The list of the workspace's files is cut");
  }
}
