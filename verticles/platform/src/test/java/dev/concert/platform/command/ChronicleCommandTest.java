package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Entry;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.journal.Journal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChronicleCommandTest {
  @TempDir Path data;
  private final List<Blob> blobs = new ArrayList<>();
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  @BeforeEach
  void fill() throws IOException {
    ContentStore store = ContentStore.open(data.resolve("cas"));
    Path journal = data.resolve("instances/agent_1/chronicle/metadata/chronicle.db");
    try (Journal entered = Journal.open(journal, InstantSource.system(), iterations -> {})) {
      for (int i = 0; i < 5; i++) {
        Blob blob = store.put(Content.of(("content " + i).getBytes()));
        entered.enter(new Entry.Written("a", Kind.FILE, 0644, blob, new Signature(i, 1, 1)));
        blobs.add(blob);
        Files.setLastModifiedTime(place(blob), FileTime.fromMillis(0));
      }
    }
  }

  private Path place(Blob blob) {
    return data.resolve("cas").resolve(blob.hash().substring(0, 2)).resolve(blob.hash());
  }

  private int run(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    List<String> all = new ArrayList<>(List.of("chronicle"));
    all.addAll(List.of(arguments));
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  @Test
  void verifyEndsWithZeroWhereAllIsWholeAndNamesWhatIsNot() throws IOException {
    assertThat(run("verify", "--data", data.toString())).isZero();
    assertThat(out.toString()).contains("5 contents read", "0 lost");

    byte[] file = Files.readAllBytes(place(blobs.get(2)));
    file[file.length - 1] ^= 1;
    Files.write(place(blobs.get(2)), file);
    assertThat(run("verify", "--data", data.toString())).isEqualTo(1);
    assertThat(out.toString())
        .contains("damaged " + blobs.get(2).hash(), "needed by agent_1: a @ 3", "1 lost");
  }

  @Test
  void gcDropsWhatThePolicyDoesNotKeep() {
    assertThat(run("gc", "--data", data.toString())).isZero();
    assertThat(out.toString()).contains("0 iterations removed", "0 contents removed", "5 kept");

    assertThat(run("gc", "--data", data.toString(), "--keep", "last:2")).isZero();
    assertThat(out.toString()).contains("3 iterations removed", "3 contents removed", "2 kept");
    assertThat(place(blobs.get(4))).exists();
    assertThat(place(blobs.get(0))).doesNotExist();
    assertThat(run("verify", "--data", data.toString())).isZero();
  }

  @Test
  void statsTellsHowMuchThereIs() {
    assertThat(run("stats", "--data", data.toString())).isZero();
    assertThat(out.toString()).containsPattern("workspaces +1\\R").containsPattern("needed +5 ");
  }

  @Test
  void beingWrittenByAServerIsSaidAndAShortGraceIsRefused() throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                data.resolve("concert.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      assertThat(run("verify", "--data", data.toString())).isZero();
      assertThat(out.toString()).contains("A server uses this data folder");
      assertThat(run("gc", "--data", data.toString(), "--grace-hours", "0")).isEqualTo(2);
      assertThat(err.toString()).contains("--grace-hours");
    }
  }

  @Test
  void wrongPlacesAndPoliciesAreRefusedAndNothingIsTouched() {
    assertThat(run("verify", "--data", data.resolve("nowhere").toString())).isNotZero();
    assertThat(err.toString()).contains("nowhere holds no workspace contents");
    assertThat(data.resolve("nowhere")).doesNotExist();
    assertThat(run("gc", "--data", data.toString(), "--keep", "some")).isEqualTo(2);
    assertThat(err.toString()).contains("last:N");
    blobs.forEach(blob -> assertThat(place(blob)).exists());
  }
}
