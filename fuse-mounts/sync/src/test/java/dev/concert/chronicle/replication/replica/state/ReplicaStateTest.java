package dev.concert.chronicle.replication.replica.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.replication.wire.PathVersion;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaStateTest {
  private static final PathVersion THEIRS = PathVersion.of(Kind.FILE, 0644, "a".repeat(64), 3);

  @TempDir private Path folder;
  private ReplicaState state;

  @BeforeEach
  void open() {
    state = ReplicaState.open(folder);
  }

  @AfterEach
  void close() {
    state.close();
  }

  private static CommonAncestor at(long sequence, PathVersion version) {
    return new CommonAncestor(sequence, version, Optional.empty());
  }

  @Test
  void aResyncThatDoesNotNameAPathSaysThatItIsGoneAlsoOfOneThatOnlyTheWorkspaceHad() {
    state.agree("both", at(1, THEIRS));
    state.hold("conflict", at(2, PathVersion.DELETED), THEIRS, 2);
    state.hold("deleted", at(3, THEIRS), PathVersion.DELETED, 3);
    state.agree("nowhere", at(4, PathVersion.DELETED));

    state.beginResync();
    assertThat(state.unconfirmed()).containsExactlyInAnyOrder("both", "conflict", "deleted");
    state.confirm("both");
    state.confirm("conflict");
    assertThat(state.unconfirmed()).containsExactly("deleted");
  }

  @Test
  void aConflictIsReleasedOnce() {
    state.hold("a", at(1, PathVersion.DELETED), THEIRS, 1);

    assertThat(state.release("a", at(2, PathVersion.DELETED))).isTrue();
    assertThat(state.held()).isEmpty();
    assertThat(state.base("a").sequence()).isEqualTo(2);
    assertThat(state.release("a", at(3, PathVersion.DELETED))).isFalse();
    assertThat(state.base("a").sequence()).isEqualTo(2);
  }
}
