package dev.concert.chronicle.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.chronicle.binding.Forgetful;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.tree.CallingProcess;
import dev.concert.chronicle.tree.FileRef;
import dev.concert.chronicle.tree.IncomingNames;
import dev.concert.chronicle.tree.VersionedTree;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts and what is refused, without any mount. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the tree is made of Linux system calls")
class QuotaFileSystemTest {
  private static final int READ_WRITE = OpenFlags.READ_WRITE;
  private static final int MIB = 1 << 20;
  private static final CallingProcess CALLER =
      new CallingProcess() {
        @Override
        public int user() {
          return -1;
        }

        @Override
        public int group() {
          return -1;
        }
      };

  @TempDir Path home;
  private final Arena arena = Arena.ofShared();
  private DiskUsage usage;
  private QuotaFileSystem files;
  private Path tree;

  @BeforeEach
  void open() throws IOException {
    tree = Files.createDirectory(home.resolve("tree"));
    Path orphans = Files.createDirectory(home.resolve("orphans"));
    usage = new DiskUsage(new DiskQuota(8 * MIB, 40), 0, 0);
    files =
        new QuotaFileSystem(VersionedTree.open(tree, orphans, new Forgetful()), usage, () -> {});
  }

  @AfterEach
  void close() {
    files.close();
    arena.close();
  }

  private long create(String path) {
    return files.create(path, READ_WRITE, 0644, CALLER);
  }

  private int write(long handle, int size, long offset) {
    MemorySegment bytes = arena.allocate(size);
    bytes.fill((byte) 'x');
    return files.write(handle, bytes, size, offset);
  }

  private void file(String path, int size) {
    long handle = create(path);
    assertThat(write(handle, size, 0)).isEqualTo(size);
    files.release(handle);
  }

  @Test
  void aFullWorkspaceRefusesMoreButCanStillBeOverwrittenAndFreed() {
    long handle = create("a");
    long written = 0;
    int now = write(handle, MIB, 0);
    while (now > 0) {
      written += now;
      now = write(handle, MIB, written);
    }
    assertThat(now).isEqualTo(-Errno.ENOSPC);
    assertThat(written).isBetween(8L * MIB - 64 * 1024, 8L * MIB);
    assertThat(write(handle, MIB, written)).isEqualTo(-Errno.ENOSPC);
    assertThat(write(handle, MIB, 2L * MIB)).isEqualTo(MIB);
    assertThat(files.truncateOpen(handle, 4L * MIB)).isZero();
    assertThat(write(handle, MIB, 4L * MIB)).isEqualTo(MIB);
    files.release(handle);
    assertThat(files.unlink("a")).isZero();
    assertThat(usage.bytes()).isZero();
    file("b", 4 * MIB);
  }

  @Test
  void aHoleTakesNothingAndFillingItDoes() {
    long handle = create("sparse");
    assertThat(files.truncateOpen(handle, 1L << 40)).isZero();
    assertThat(write(handle, 4096, (1L << 40) - 4096)).isEqualTo(4096);
    assertThat(usage.bytes()).isLessThan(64 * 1024);
    assertThat(files.allocate(handle, 0, 0, 9L * MIB)).isEqualTo(-Errno.ENOSPC);
    files.release(handle);
  }

  @Test
  void anUnlinkedFileCountsUntilTheLastOneWhoHasItOpenCloses() {
    file("held", 4 * MIB);
    long reader = files.open("held", OpenFlags.READ_ONLY);
    assertThat(files.unlink("held")).isZero();
    assertThat(usage.bytes()).isGreaterThanOrEqualTo(4 * MIB);
    files.release(reader);
    assertThat(usage.bytes()).isZero();
    assertThat(usage.files()).isZero();
  }

  @Test
  void noMoreFilesThanTheQuotaWhateverTheirKind() {
    for (int n = 0; n < 39; n++) {
      assertThat(files.makeDirectory("d" + n, 0755, CALLER)).isZero();
    }
    assertThat(files.symlink(new byte[] {'d'}, "link", CALLER)).isZero();
    assertThat(files.makeDirectory("more", 0755, CALLER)).isEqualTo(-Errno.ENOSPC);
    assertThat(files.symlink(new byte[] {'d'}, "more", CALLER)).isEqualTo(-Errno.ENOSPC);
    assertThat(files.makeNode("more", 0100644, 0, CALLER)).isEqualTo(-Errno.ENOSPC);
    assertThat(create("more")).isEqualTo(-Errno.ENOSPC);
    assertThat(files.removeDirectory("d0")).isZero();
    assertThat(files.makeDirectory("more", 0755, CALLER)).isZero();
  }

  @Test
  void anUploadThatDoesNotFitIsRefusedAndOneThatReplacesAFileNeedsOnlyTheDifference()
      throws IOException {
    file("there", 7 * MIB);
    Path arriving = home.resolve("orphans").resolve(IncomingNames.PREFIX + "1");
    Files.write(arriving, new byte[7 * MIB]);
    assertThat(files.rename(arriving.getFileName().toString(), "second")).isEqualTo(-Errno.ENOSPC);
    assertThat(files.rename(arriving.getFileName().toString(), "there")).isZero();
    assertThat(usage.files()).isEqualTo(1);
    assertThat(usage.bytes()).isBetween(7L * MIB, 8L * MIB);
  }

  @Test
  void theDiskThatProgramsSeeHasTheSizeOfTheQuota() {
    file("a", MIB);
    MemorySegment status = arena.allocate(128, 8);
    assertThat(files.fileSystemStatus(status)).isZero();
    long fragment = status.get(ValueLayout.JAVA_LONG, 8);
    assertThat(status.get(ValueLayout.JAVA_LONG, 16) * fragment).isEqualTo(8L * MIB);
    assertThat(status.get(ValueLayout.JAVA_LONG, 32) * fragment)
        .isBetween(7L * MIB - 64 * 1024, 7L * MIB);
    assertThat(status.get(ValueLayout.JAVA_LONG, 40)).isEqualTo(40);
    assertThat(status.get(ValueLayout.JAVA_LONG, 48)).isEqualTo(39);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void afterAnyOperationsTheCountIsWhatTheDiskSays(long seed) {
    Random random = new Random(seed);
    List<Long> open = new ArrayList<>();
    for (int n = 0; n < 1500; n++) {
      operate(random, open);
    }
    open.forEach(files::release);
    UsageScan scan = new UsageScan(() -> true);
    scan.run(tree);
    assertThat(usage.files()).isEqualTo(scan.files()).isLessThanOrEqualTo(40);
    // A disk may need a block for the table of a file's pieces when it writes them, some time
    // later.
    assertThat(usage.bytes())
        .isBetween(scan.bytes() - 30 * 4096, scan.bytes() + 30 * 4096)
        .isLessThanOrEqualTo(8L * MIB);
  }

  @Test
  void aFolderThatHadManyLongNamesGivesBackWhatItTook() {
    usage.limit(new DiskQuota(8 * MIB, 1000));
    assertThat(files.makeDirectory("d", 0755, CALLER)).isZero();
    long empty = usage.bytes();
    String path = "d/" + "n".repeat(240);
    for (int n = 0; n < 500; n++) {
      file(path + n, 0);
    }
    assertThat(usage.bytes()).isEqualTo(empty);
    for (int n = 0; n < 500; n++) {
      assertThat(files.unlink(path + n)).isZero();
    }
    assertThat(files.removeDirectory("d")).isZero();
    assertThat(usage.bytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theAttributesOfAFileCountAndAreGoneWithIt(boolean open) {
    long handle = create("f");
    MemorySegment value = arena.allocate(2000);
    FileRef file = open ? new FileRef.Open(handle) : new FileRef.Named("f");
    if (!open) {
      files.release(handle);
    }
    int set = files.setAttribute(file, "user.note", value, 0);
    assumeTrue(set == 0, "the disk has attributes");
    UsageScan scan = new UsageScan(() -> true);
    scan.run(tree);
    assertThat(usage.bytes()).isEqualTo(scan.bytes());
    if (open) {
      files.release(handle);
    }
    assertThat(files.unlink("f")).isZero();
    assertThat(usage.bytes()).isZero();
  }

  private void operate(Random random, List<Long> open) {
    String path = "f" + random.nextInt(30);
    String other = "f" + random.nextInt(30);
    long offset = random.nextInt(3 * MIB);
    switch (random.nextInt(15)) {
      case 0, 1 -> keep(open, create(path));
      case 2 -> keep(open, files.open(path, READ_WRITE));
      case 3 -> keep(open, files.open(path, READ_WRITE | OpenFlags.TRUNCATE));
      case 4, 5, 6 -> any(random, open, handle -> write(handle, random.nextInt(300_000), offset));
      case 7 -> any(random, open, handle -> files.truncateOpen(handle, offset));
      case 8 -> any(random, open, handle -> files.allocate(handle, 0, offset, 100_000));
      case 9 -> any(random, open, handle -> files.allocate(handle, 3, offset, 100_000));
      case 10 -> files.truncate(path, offset);
      case 11 -> files.unlink(path);
      case 12 -> files.rename(path, other);
      case 13 -> files.link(path, other);
      default -> {
        if (!open.isEmpty()) {
          files.release(open.remove(random.nextInt(open.size())));
        }
      }
    }
  }

  private static void keep(List<Long> open, long handle) {
    if (handle >= 0) {
      open.add(handle);
    }
  }

  private interface OnHandle {
    void act(long handle);
  }

  private static void any(Random random, List<Long> open, OnHandle work) {
    if (!open.isEmpty()) {
      work.act(open.get(random.nextInt(open.size())));
    }
  }
}
