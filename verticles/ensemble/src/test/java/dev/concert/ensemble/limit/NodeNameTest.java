package dev.concert.ensemble.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeNameTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("data/keys.db.node");
  }

  @Test
  void theNextProcessHasAnotherNameAndKnowsThisOne() {
    NodeName first = NodeName.of(file);
    first.close();
    try (NodeName second = NodeName.of(file)) {
      assertThat(first.predecessor()).isEmpty();
      assertThat(second.predecessor()).contains(first.name());
      assertThat(second.name()).isNotEqualTo(first.name());
    }
  }

  @Test
  void aProcessBesideItIsNoSuccessor() {
    try (NodeName first = NodeName.of(file);
        NodeName beside = NodeName.of(file)) {
      assertThat(beside.predecessor()).isEmpty();
      assertThat(beside.name()).isNotEqualTo(first.name());
    }
  }

  @Test
  void whatIsNoNameIsNobody() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "half a na");
    try (NodeName name = NodeName.of(file)) {
      assertThat(name.predecessor()).isEmpty();
    }
  }

  @Test
  void whatWasBehindANameIsNotInTheNextOne() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "something longer than the name of a node has ever been");
    NodeName first = NodeName.of(file);
    first.close();
    try (NodeName second = NodeName.of(file)) {
      assertThat(second.predecessor()).contains(first.name());
    }
  }

  @Test
  void aPlaceThatCannotBeWrittenIsNamed() {
    assertThatThrownBy(() -> NodeName.of(folder))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(folder.toString());
  }
}
