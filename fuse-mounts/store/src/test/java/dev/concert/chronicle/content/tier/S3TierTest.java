package dev.concert.chronicle.content.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.content.BlobFormat;
import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.content.blob.BlobFolder;
import dev.concert.chronicle.gc.WorkspaceRoots;
import dev.concert.chronicle.inspection.StoreInspection;
import dev.concert.testing.Await;
import dev.concert.testing.S3Server;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

@ExpectedLog(
    logger = "dev.concert.chronicle.content.BlobReader",
    message = "was damaged on this host")
@ExpectedLog(
    logger = "dev.concert.chronicle.content.tier.Uploader",
    message = "cannot be sent to the object store for now")
@ExpectedLog(
    logger = "io.netty.util.concurrent.DefaultPromise.rejectedExecution",
    message = "Event loop shut down",
    required = false)
class S3TierTest {
  @TempDir static Path home;
  private static Vertx vertx;
  private static S3Server server;
  @TempDir Path folder;
  private S3Gate gate;
  private String bucket;
  private TieredStore tiered;

  @BeforeAll
  static void startServer() throws IOException {
    vertx = Vertx.vertx();
    server = S3Server.start(home);
  }

  @AfterAll
  static void stopServer() {
    server.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @BeforeEach
  void open(TestInfo test) throws IOException {
    bucket = "b" + Integer.toHexString(test.getDisplayName().hashCode()) + "x";
    server.makeBucket(bucket);
    gate = new S3Gate(vertx, server.port());
    reopen(Long.MAX_VALUE);
  }

  @AfterEach
  void close() {
    tiered.close();
    gate.close();
  }

  private void reopen(long localBytes) {
    if (tiered != null) {
      tiered.close();
    }
    tiered = TieredStore.open(vertx, folder, gate.port(), bucket, localBytes);
  }

  private static byte[] random(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private Map<String, byte[]> put(int count, int size) {
    Map<String, byte[]> contents = new HashMap<>();
    for (int i = 0; i < count; i++) {
      byte[] bytes = random(i, size + i);
      contents.put(tiered.store().put(Content.of(bytes)).hash(), bytes);
    }
    return contents;
  }

  private List<Path> local() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.getFileName().toString().matches("[0-9a-f]{64}")).toList();
    }
  }

  private void assertAllSentOnce() throws IOException {
    Await.until(() -> tiered.tier().waiting() == 0);
    assertThat(gate.stored().values()).extracting(AtomicInteger::get).containsOnly(1);
    assertThat(gate.stored().keySet())
        .containsExactlyInAnyOrderElementsOf(
            local().stream().map(S3TierTest::hash).map(this::path).toList());
  }

  private static String hash(Path file) {
    return file.getFileName().toString();
  }

  private String path(String hash) {
    return "/" + bucket + "/" + S3Tier.key(hash);
  }

  private void forgetLocally() throws IOException {
    for (Path file : local()) {
      Files.delete(file);
    }
  }

  @Test
  void what_is_put_arrives_once_and_can_be_read_when_it_is_gone_here() throws IOException {
    Map<String, byte[]> contents = put(20, 5_000);
    contents.putAll(put(2, 3_000_000));
    assertAllSentOnce();
    put(20, 5_000);
    assertAllSentOnce();

    forgetLocally();
    contents.forEach((hash, bytes) -> assertThat(tiered.store().read(hash)).hasValue(bytes));
    assertThat(local()).isNotEmpty();
    assertAllSentOnce();
  }

  @Test
  void a_server_that_is_away_for_a_while_loses_nothing_and_gets_nothing_twice() throws IOException {
    put(10, 2_000);
    server.stop();
    try {
      put(200, 30_000);
      put(1, 2_000_000);
      int before = gate.requests();
      Await.until(() -> gate.requests() > before + 5);
    } finally {
      server.start();
    }
    assertAllSentOnce();
  }

  @Test
  void a_server_that_refuses_and_a_network_that_loses_answers_cost_only_time() throws IOException {
    Random random = new Random(7);
    gate.faults =
        request ->
            request.method() == HttpMethod.PUT && random.nextInt(3) == 0
                ? List.of(S3Gate.Fault.SLOW_DOWN, S3Gate.Fault.RESET, S3Gate.Fault.ANSWER_LOST)
                    .get(random.nextInt(3))
                : S3Gate.Fault.NONE;
    put(40, 10_000);
    assertAllSentOnce();
  }

  @Test
  void a_killed_process_loses_nothing_and_sends_nothing_twice() throws Exception {
    tiered.close();
    List<String> put = new ArrayList<>();
    for (int kill = 0; kill < 2; kill++) {
      Process process = KilledStore.start(folder, gate.port(), bucket, kill);
      try (BufferedReader lines = process.inputReader()) {
        process.getOutputStream().write(new byte[120]);
        process.getOutputStream().flush();
        for (int i = 0; i < 100; i++) {
          put.add(lines.readLine());
        }
      } finally {
        process.destroyForcibly().waitFor();
      }
      // What is on the wire when it is killed the next process cannot know of until it is there.
      gate.awaitAllAnswered();
    }
    reopen(Long.MAX_VALUE);
    put.forEach(hash -> assertThat(tiered.store().read(hash)).as(hash).isPresent());
    assertAllSentOnce();
  }

  @Test
  void what_was_kept_before_there_was_a_bucket_is_sent_as_well() throws IOException {
    tiered.close();
    Path older = folder.resolve("older");
    folder = older;
    ContentStore alone = ContentStore.open(older);
    for (int i = 0; i < 30; i++) {
      alone.put(Content.of(random(i, 100)));
    }
    reopen(Long.MAX_VALUE);
    Await.until(() -> gate.stored().size() == 30);
    assertAllSentOnce();
  }

  @Test
  void the_folder_stays_small_and_everything_stays_readable() throws IOException {
    reopen(2_000_000);
    Map<String, byte[]> contents = put(60, 100_000);
    contents.putAll(put(1, 2_500_000));
    Await.until(() -> tiered.tier().waiting() == 0);
    Await.until(() -> localBytes() <= 2_000_000);
    contents.forEach((hash, bytes) -> assertThat(tiered.store().read(hash)).hasValue(bytes));
    assertThat(gate.stored().values()).extracting(AtomicInteger::get).containsOnly(1);
  }

  @Test
  void the_folder_stays_small_while_uploads_hang_and_nothing_unsent_leaves() throws IOException {
    reopen(2_000_000);
    Map<String, byte[]> sent = put(40, 100_000);
    Await.until(() -> tiered.tier().waiting() == 0);
    gate.faults =
        request -> request.method() == HttpMethod.PUT ? S3Gate.Fault.HANGS : S3Gate.Fault.NONE;
    Map<String, byte[]> unsent = new HashMap<>();
    for (int i = 0; i < 8; i++) {
      byte[] bytes = random(1_000 + i, 100_000);
      unsent.put(tiered.store().put(Content.of(bytes)).hash(), bytes);
    }

    // Each of them comes back into the folder.
    sent.forEach((hash, bytes) -> assertThat(tiered.store().read(hash)).hasValue(bytes));

    Await.until(() -> localBytes() <= 2_000_000);
    assertThat(local().stream().map(S3TierTest::hash)).containsAll(unsent.keySet());
    assertThat(tiered.tier().waiting()).isEqualTo(unsent.size());
    gate.faults = request -> S3Gate.Fault.NONE;
    unsent.forEach((hash, bytes) -> assertThat(tiered.store().read(hash)).hasValue(bytes));
  }

  private long localBytes() {
    try {
      return local().stream().mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException | UncheckedIOException moving) {
      return Long.MAX_VALUE;
    }
  }

  @Test
  void operators_see_what_waits_what_went_and_that_it_is_stuck() throws IOException {
    put(5, 1_000);
    Await.until(() -> meter("chronicle.s3.uploads") == 5);
    assertThat(meter("chronicle.s3.uploaded.bytes")).isGreaterThan(5_000);
    assertThat(tiered.tier().isTroubled()).isFalse();
    gate.faults = request -> S3Gate.Fault.SLOW_DOWN;
    for (int i = 0; i < 10; i++) {
      tiered.store().put(Content.of(random(2_000 + i, 1_000)));
    }
    Await.until(() -> tiered.tier().isTroubled());
    Await.until(() -> meter("chronicle.s3.waiting") == 10);
    assertThat(meter("chronicle.s3.upload.failures")).isGreaterThanOrEqualTo(5);

    gate.faults = request -> S3Gate.Fault.NONE;
    assertAllSentOnce(15);
    assertThat(tiered.tier().isTroubled()).isFalse();
    Await.until(() -> meter("chronicle.s3.waiting") == 0);
  }

  private void assertAllSentOnce(int count) {
    Await.until(() -> tiered.tier().waiting() == 0);
    assertThat(gate.stored().values()).hasSize(count);
    assertThat(gate.stored().values()).extracting(AtomicInteger::get).containsOnly(1);
  }

  private double meter(String name) {
    return tiered.meters().get(name).meter().measure().iterator().next().getValue();
  }

  @Test
  void a_flipped_bit_is_mended_from_the_bucket() throws IOException {
    byte[] large = random(1, 2_000_000);
    Map<String, byte[]> contents = put(3, 1_000);
    Blob blob = tiered.store().put(Content.of(large));
    contents.put(blob.hash(), large);
    Await.until(() -> tiered.tier().waiting() == 0);
    for (Path file : local()) {
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
    }
    contents.forEach((hash, bytes) -> assertThat(tiered.store().read(hash)).hasValue(bytes));
    for (Path file : local()) {
      if (!file.getParent().getFileName().toString().equals("damaged")) {
        assertThat(BlobFormat.read(hash(file), Files.newInputStream(file))).isNotNull();
      }
    }
  }

  @Test
  void verification_mends_from_the_bucket_what_is_damaged_here() throws IOException {
    put(5, 1_000);
    put(1, 2_000_000);
    Await.until(() -> tiered.tier().waiting() == 0);
    List<Path> files = local();
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
    }
    Files.delete(files.getLast());
    WorkspaceRoots none = new WorkspaceRoots(folder.resolve("instances"));
    StoreInspection.Report report =
        new StoreInspection(BlobFolder.open(folder), tiered.store(), none, tiered.tier()::has)
            .run(checked -> {});
    assertThat(report.mended()).isEqualTo(files.size() - 1);
    assertThat(report.findings()).isEmpty();
  }

  @Test
  void half_an_object_is_fetched_again_and_never_taken_for_whole() throws IOException {
    Map<String, byte[]> contents = put(5, 50_000);
    Await.until(() -> tiered.tier().waiting() == 0);
    forgetLocally();
    AtomicInteger bad = new AtomicInteger();
    gate.faults =
        request -> bad.getAndIncrement() % 2 == 0 ? S3Gate.Fault.HALF_AN_OBJECT : S3Gate.Fault.NONE;
    contents.forEach((hash, bytes) -> assertThat(tiered.store().read(hash)).hasValue(bytes));

    forgetLocally();
    gate.faults = request -> S3Gate.Fault.HALF_AN_OBJECT;
    String any = contents.keySet().iterator().next();
    assertThatThrownBy(() -> tiered.store().read(any))
        .hasMessageContaining("cannot be read")
        .satisfies(failure -> assertThat(failure.toString()).doesNotContain(S3Server.SECRET));
    assertThat(local()).isEmpty();
  }
}
