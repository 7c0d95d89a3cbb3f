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

class LimitNodeNameTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("data/keys.db.node");
  }

  @Test
  void theNextProcessHasAnotherNameAndKnowsThisOne() {
    LimitNodeName first = LimitNodeName.of(file);
    first.close();
    try (LimitNodeName second = LimitNodeName.of(file)) {
      assertThat(first.predecessor()).isEmpty();
      assertThat(second.predecessor()).contains(first.name());
      assertThat(second.name()).isNotEqualTo(first.name());
    }
  }

  @Test
  void aProcessBesideItIsNoSuccessor() {
    try (LimitNodeName first = LimitNodeName.of(file);
        LimitNodeName beside = LimitNodeName.of(file)) {
      assertThat(beside.predecessor()).isEmpty();
      assertThat(beside.name()).isNotEqualTo(first.name());
    }
  }

  @Test
  void whatIsNoNameIsNobody() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "half a na");
    try (LimitNodeName name = LimitNodeName.of(file)) {
      assertThat(name.predecessor()).isEmpty();
    }
  }

  @Test
  void whatWasBehindANameIsNotInTheNextOne() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "something longer than the name of a node has ever been");
    LimitNodeName first = LimitNodeName.of(file);
    first.close();
    try (LimitNodeName second = LimitNodeName.of(file)) {
      assertThat(second.predecessor()).contains(first.name());
    }
  }

  @Test
  void aPlaceThatCannotBeWrittenIsNamed() {
    assertThatThrownBy(() -> LimitNodeName.of(folder))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(folder.toString());
  }
}
