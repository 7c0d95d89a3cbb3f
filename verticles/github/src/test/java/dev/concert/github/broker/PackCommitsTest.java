package dev.concert.github.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packs that git itself made. */
class PackCommitsTest {
  private static final int COMMITS = 40;

  @TempDir private Path folder;

  @BeforeEach
  void history() throws Exception {
    git("", "init", "-q", "-b", "main");
    StringBuilder stream = new StringBuilder();
    // Long messages that hardly differ, so that git writes commits as deltas.
    String text = "The same words again and again. ".repeat(40);
    for (int number = 1; number <= COMMITS; number++) {
      String message = text + number + "\n";
      String content = "content ".repeat(number);
      stream
          .append("commit refs/heads/main\nmark :%d\n".formatted(number))
          .append("committer Ada <a@example.com> %d +0000\n".formatted(1_700_000_000 + number))
          .append("data %d\n%s".formatted(message.length(), message))
          .append(number % 10 == 0 ? "merge :%d\n".formatted(number / 2) : "")
          .append("M 644 inline file\ndata %d\n%s\n".formatted(content.length(), content));
    }
    git(stream.toString(), "fast-import", "--quiet");
    git("", "repack", "-adfq", "--window=50", "--depth=50");
  }

  private byte[] git(String input, String... arguments) throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 1];
    command[0] = "git";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Path in = Files.writeString(folder.resolve("in"), input);
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(in.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    byte[] out = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).as(List.of(command).toString()).isZero();
    return out;
  }

  private String commit(String name) throws Exception {
    return new String(git("", "rev-parse", name), StandardCharsets.UTF_8).strip();
  }

  private byte[] pack(String... options) throws Exception {
    String[] all = new String[options.length + 3];
    System.arraycopy(options, 0, all, 3, options.length);
    all[0] = "pack-objects";
    all[1] = "--revs";
    all[2] = "--stdout";
    return git("main\n^main~30\n", all);
  }

  private static PackCommits read(byte[] pack) {
    PackCommits commits = new PackCommits();
    Random random = new Random(7);
    for (int at = 0; at < pack.length; ) {
      int end = Math.min(pack.length, at + 1 + random.nextInt(700));
      commits.read(Arrays.copyOfRange(pack, at, end));
      at = end;
    }
    assertThat(commits.isWhole()).isTrue();
    commits.close();
    return commits;
  }

  @Test
  void whereAPushGoesOnFromIsFoundInItsPackHoweverThatIsWritten() throws Exception {
    String head = commit("main");
    String before = commit("main~30");
    for (byte[] pack : List.of(pack(), pack("--delta-base-offset", "--thin"), pack("--window=0"))) {
      PackCommits commits = read(pack);
      assertThat(commits.origins(head, before)).contains(before);
      assertThat(commits.origins(head, commit("main~3"))).contains(commit("main~3"));
      assertThat(commits.origins(before, head)).containsExactly(before);
      assertThat(commits.origins(head, "0".repeat(40))).doesNotContain(head).contains(before);
    }
  }

  @Test
  void whatIsNoPackIsRefused() throws Exception {
    byte[] pack = pack();
    byte[] changed = pack.clone();
    changed[40] ^= 0x55;
    byte[] longer = Arrays.copyOf(pack, pack.length + 1);

    for (byte[] wrong : List.of("PACK of nothing at all".getBytes(), changed, longer)) {
      assertThatThrownBy(() -> new PackCommits().read(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("This push has");
    }
    PackCommits cut = new PackCommits();
    cut.read(Arrays.copyOf(pack, pack.length - 1));
    assertThat(cut.isWhole()).isFalse();
  }
}
