package dev.concert.chronicle.replication.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentHash;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.replication.wire.TransferManifest;
import dev.concert.chronicle.replication.wire.TransferManifest.Chunk;
import dev.concert.chronicle.replication.wire.Transport;
import dev.concert.chronicle.replication.wire.WireChannel;
import dev.concert.chronicle.replication.wire.WireException;
import dev.concert.chronicle.replication.wire.WireMessage.ContentFetchRequest;
import dev.concert.chronicle.replication.wire.WireMessage.ContentFetchResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which contents are taken for what was asked for. */
class ContentFetcherTest {
  private static final int LARGE = 17 << 20;

  @TempDir Path staging;
  private final Map<String, ContentFetchResponse> answers = new HashMap<>();
  private Pipe requests;
  private ContentFetcher fetcher;

  /** One direction of a connection. */
  private record OneWay(InputStream input, OutputStream output) implements Transport {
    @Override
    public void close() {
      try {
        input.close();
        output.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @BeforeEach
  void open() throws IOException {
    requests = Pipe.open();
    fetcher =
        new ContentFetcher(
            new WireChannel(
                new OneWay(
                    InputStream.nullInputStream(), Channels.newOutputStream(requests.sink()))),
            staging);
  }

  @AfterEach
  void close() throws IOException {
    fetcher.close();
    requests.sink().close();
    requests.source().close();
  }

  /** From now on the other side has these bytes, in chunks, and says that they are this content. */
  private void serve(String hash, byte[] bytes) throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += TransferManifest.MAX_CHUNK) {
      byte[] chunk =
          Arrays.copyOfRange(
              bytes, from, Math.min(bytes.length, from + TransferManifest.MAX_CHUNK));
      String name = ContentHash.of(chunk);
      chunks.add(new Chunk(name, from, chunk.length));
      answers.put(name, new ContentFetchResponse(name, chunk, chunk.length, Optional.empty()));
    }
    String manifest =
        new TransferManifest(bytes.length, TransferManifest.MAX_CHUNK, chunks).toJson();
    answers.put(
        hash, new ContentFetchResponse(hash, new byte[0], bytes.length, Optional.of(manifest)));
    WireChannel other =
        new WireChannel(
            new OneWay(
                Channels.newInputStream(requests.source()), OutputStream.nullOutputStream()));
    Thread.ofPlatform().daemon().start(() -> answer(other));
  }

  private void answer(WireChannel other) {
    try {
      while (other.receive().orElse(null) instanceof ContentFetchRequest(String asked)) {
        fetcher.received(answers.get(asked));
      }
    } catch (IOException e) {
      // The test has ended.
      fetcher.close();
    }
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private void comesAs(String hash, byte[] bytes) throws IOException {
    serve(hash, bytes);
    try (OpenContent content = fetcher.fetch(hash, bytes.length).orElseThrow()) {
      byte[] found = new byte[bytes.length];
      assertThat(content.content().read(found, 0)).isEqualTo(bytes.length);
      assertThat(Arrays.equals(found, bytes)).isTrue();
    }
  }

  @Test
  void aLargeContentThatAnOlderBuildStoredUnderTheHashOfItsBytesComes() throws IOException {
    byte[] bytes = random(LARGE);
    comesAs(ContentHash.of(bytes), bytes);
  }

  @Test
  void aLargeContentComesUnderTheHashOfItsChunks() throws IOException {
    byte[] bytes = random(LARGE);
    comesAs(ContentHash.of(Content.of(bytes)), bytes);
  }

  @Test
  void chunksOfAnotherContentAreRefused() throws IOException {
    byte[] bytes = random(LARGE);
    String wanted = ContentHash.of(bytes);
    bytes[LARGE / 2]++;
    serve(wanted, bytes);
    assertThatThrownBy(() -> fetcher.fetch(wanted, LARGE)).isInstanceOf(WireException.class);
  }
}
