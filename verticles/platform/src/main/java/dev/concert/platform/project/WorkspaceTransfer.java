package dev.concert.platform.project;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The files of a session's workspace at a server, many of them in one stream. Blocking.
 *
 * @param url of the server
 * @param token that shows who the client is; empty for none
 */
public record WorkspaceTransfer(String url, String session, Optional<String> token) {
  private static final int CONNECT_MS = 10_000;
  private static final int STALLED_MS = 330_000;
  private static final int PIECE = 256 * 1024;

  /**
   * What the server says of a path.
   *
   * @param target of a symlink; null where it is none
   * @param refused whether something is in the way of what was sent
   * @param end whether this is the last line of a listing, which has no path
   * @param same in the last line: whether the listing is the one that is known
   * @param digest in the last line: of the listing
   */
  record Line(
      String path,
      long size,
      long modified,
      long inode,
      int mode,
      String target,
      boolean refused,
      boolean end,
      boolean same,
      String digest) {

    FileSignature signature() {
      return new FileSignature(size, modified, inode, FileSignature.mayRun(mode));
    }
  }

  @FunctionalInterface
  interface Writer {
    void write(OutputStream body) throws IOException;
  }

  @FunctionalInterface
  interface Reader {
    void read(TarArchiveEntry entry, InputStream content) throws IOException;
  }

  /** Whether the server listens on the loopback address. */
  boolean isToThisMachine() {
    String host = URI.create(url).getHost();
    return Set.of("localhost", "127.0.0.1", "[::1]").contains(host == null ? "" : host);
  }

  /**
   * Reads what each file of the workspace looks like.
   *
   * @param known digest of the list that is known; of this one no file is read again
   * @return the last line
   */
  Line list(String known, Consumer<Line> into) {
    AtomicReference<Line> end = new AtomicReference<>();
    exchange(
        "GET",
        Map.of("If-None-Match", known),
        Optional.empty(),
        answer ->
            lines(
                answer,
                line -> {
                  if (line.end()) {
                    end.set(line);
                  } else {
                    into.accept(line);
                  }
                }));
    return Optional.ofNullable(end.get())
        .orElseThrow(
            () -> new ProjectException("The list of the workspace's files is cut. Try again."));
  }

  /** Reads files as they are now; what is not there any more is left out. */
  void fetch(Collection<String> paths, Reader into) {
    byte[] list = (String.join("\0", paths) + "\0").getBytes(StandardCharsets.UTF_8);
    exchange(
        "POST", Map.of(), Optional.of(body -> body.write(list)), answer -> entries(answer, into));
  }

  /** Sends a tar, all of which comes in or nothing. */
  void send(Writer tar, Consumer<Line> into) {
    exchange("PUT", Map.of(), Optional.of(tar), answer -> lines(answer, into));
  }

  @FunctionalInterface
  private interface Answer {
    void read(InputStream in) throws IOException;
  }

  private void exchange(
      String method, Map<String, String> headers, Optional<Writer> body, Answer answer) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create(
                      "%s/transfer?session=%s"
                          .formatted(
                              url.replaceFirst("/+$", ""),
                              URLEncoder.encode(session, StandardCharsets.UTF_8)))
                  .toURL()
                  .openConnection();
      connection.setConnectTimeout(CONNECT_MS);
      connection.setReadTimeout(STALLED_MS);
      connection.setUseCaches(false);
      connection.setInstanceFollowRedirects(false);
      connection.setRequestMethod(method);
      headers.forEach(connection::setRequestProperty);
      token.ifPresent(text -> connection.setRequestProperty("Authorization", "Bearer " + text));
      if (body.isPresent()) {
        connection.setDoOutput(true);
        connection.setChunkedStreamingMode(PIECE);
        try (OutputStream out = new BufferedOutputStream(connection.getOutputStream(), PIECE)) {
          body.get().write(out);
        }
      }
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        throw refusal(connection);
      }
      try (InputStream in = connection.getInputStream()) {
        answer.read(in);
      }
    } catch (IOException e) {
      throw new ProjectException(
          "The files of the workspace cannot be exchanged with %s. Try again.".formatted(url), e);
    }
  }

  private static ProjectException refusal(HttpURLConnection connection) throws IOException {
    try (InputStream in = connection.getErrorStream()) {
      JsonNode problem = in == null ? ProjectStore.JSON.nullNode() : ProjectStore.JSON.readTree(in);
      return new ProjectException(
          "The server does not take the project's files: %s"
              .formatted(
                  problem
                      .path("detail")
                      .asText("It answers with status " + connection.getResponseCode() + ".")));
    }
  }

  private static void lines(InputStream in, Consumer<Line> into) throws IOException {
    try (MappingIterator<Line> lines = ProjectStore.JSON.readerFor(Line.class).readValues(in)) {
      while (lines.hasNextValue()) {
        into.accept(lines.nextValue());
      }
    }
  }

  private static void entries(InputStream in, Reader into) throws IOException {
    TarArchiveInputStream tar = new TarArchiveInputStream(in, StandardCharsets.UTF_8.name());
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      into.read(entry, tar);
    }
    in.transferTo(OutputStream.nullOutputStream());
  }
}
