package dev.concert.chronicle.fuse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.posix.StatBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the numbers of the kernel lead to while files come, go and are renamed. */
class NodeTableTest {
  private static final int FILE = 0100644;
  private static final int DIRECTORY = 0040755;

  private final List<Long> closed = new ArrayList<>();
  private final NodeTable nodes = new NodeTable(closed::add);
  private final FileNode root = nodes.get(1);

  private FileNode learn(FileNode folder, String name, long inode, int mode) {
    return nodes
        .learn(folder, name, status(inode, mode), nodes.changes(folder))
        .orElseThrow(AssertionError::new);
  }

  private static StatBuffer status(long inode, int mode) {
    MemorySegment memory = Arena.ofAuto().allocate(StatBuffer.SIZE_OF, 8);
    StatBuffer.fill(memory, inode, mode, 1, 0, 0);
    memory.set(ValueLayout.JAVA_LONG, 0, 1);
    return new StatBuffer(memory);
  }

  private void remove(FileNode folder, String name) {
    nodes.removing(folder, name);
    nodes.removed(folder, name);
  }

  @Test
  void allNamesOfAFileLeadToOneNode() {
    FileNode folder = learn(root, "d", 10, DIRECTORY);
    FileNode file = learn(root, "f", 11, FILE);

    assertThat(learn(folder, "g", 11, FILE)).isSameAs(file);
    assertThat(nodes.path(file)).contains("d/g");
    remove(folder, "g");
    assertThat(nodes.path(file)).contains("f");
    remove(root, "f");
    assertThat(nodes.path(file)).isEmpty();
  }

  @Test
  void anInodeThatIsUsedAgainIsAnotherFile() {
    FileNode old = learn(root, "f", 11, FILE);
    remove(root, "f");

    FileNode young = learn(root, "f", 11, FILE);

    assertThat(young.id()).isNotEqualTo(old.id());
    nodes.forget(old.id(), 1);
    assertThat(learn(root, "f", 11, FILE)).isSameAs(young);
  }

  @Test
  void anOpenFileWithoutANameKeepsItsInode() {
    FileNode file = learn(root, "f", 11, FILE);
    nodes.opened(file, 7);
    remove(root, "f");

    assertThat(nodes.handle(file)).hasValue(7);
    assertThat(learn(root, "h", 11, FILE)).isSameAs(file);
  }

  @Test
  void whatIsBelowAFolderMovesWithIt() {
    FileNode folder = learn(root, "d", 10, DIRECTORY);
    FileNode file = learn(learn(folder, "e", 12, DIRECTORY), "f", 11, FILE);
    FileNode other = learn(root, "x", 13, DIRECTORY);

    nodes.renamed(root, "d", other, "y");
    assertThat(nodes.path(file)).contains("x/y/e/f");

    FileNode late = learn(root, "z", 14, FILE);
    nodes.exchanged(root, "z", other, "y");
    assertThat(nodes.path(file)).contains("z/e/f");
    assertThat(nodes.path(late)).contains("x/y");
  }

  @Test
  void aRenameTakesTheNameOfWhatItReplaces() {
    FileNode one = learn(root, "one", 11, FILE);
    FileNode other = learn(root, "other", 12, FILE);

    nodes.renamed(root, "one", root, "other");

    assertThat(nodes.path(one)).contains("other");
    assertThat(nodes.path(other)).isEmpty();
  }

  @Test
  void whatWasSeenBeforeANameWentHasToBeLookedAtAgain() {
    learn(root, "f", 11, FILE);
    int before = nodes.changes(root);
    remove(root, "f");

    assertThat(nodes.learn(root, "f", status(11, FILE), before)).isEmpty();
  }

  @Test
  void aNameThatCouldNotBeTakenAwayStays() {
    FileNode file = learn(root, "f", 11, FILE);
    nodes.removing(root, "f");
    assertThat(nodes.path(file)).isEmpty();

    nodes.kept(root, "f");

    assertThat(nodes.path(file)).contains("f");
  }

  @Test
  void nothingIsLeftOfWhatTheKernelForgot() {
    FileNode folder = learn(root, "d", 10, DIRECTORY);
    FileNode file = learn(folder, "f", 11, FILE);
    learn(folder, "f", 11, FILE);
    nodes.forget(folder.id(), 1);
    assertThat(nodes.path(file)).contains("d/f");

    nodes.forget(file.id(), 1);
    assertThat(nodes.size()).isEqualTo(3);
    nodes.forget(file.id(), 1);

    assertThat(nodes.size()).isEqualTo(1);
    assertThatThrownBy(() -> nodes.get(file.id()))
        .isInstanceOfSatisfying(
            PosixException.class, gone -> assertThat(gone.errno()).isEqualTo(Errno.ESTALE));
  }

  @Test
  void aRemovedFolderIsAskedByItsLastHandleUntilItIsForgotten() {
    FileNode folder = learn(root, "d", 10, DIRECTORY);
    nodes.keep(folder, 5);
    remove(root, "d");

    assertThat(nodes.handle(folder)).hasValue(5);
    assertThat(closed).isEmpty();
    nodes.forget(folder.id(), 1);
    assertThat(closed).containsExactly(5L);
  }
}
