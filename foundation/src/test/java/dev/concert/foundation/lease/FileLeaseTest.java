package dev.concert.foundation.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLeaseTest {
  @TempDir Path folder;

  @Test
  void aNameHasOneHolderAndEachTermAGreaterEpoch() throws IOException {
    FileLease one = new FileLease(folder);
    FileLease other = new FileLease(folder);
    long last = 0;
    for (int i = 0; i < 12; i++) {
      LeaseTerm term = one.tryAcquire("telegram").orElseThrow();
      assertThat(other.tryAcquire("telegram")).isEmpty();
      assertThat(other.tryAcquire("slack")).hasValueSatisfying(LeaseTerm::close);
      assertThat(term.epoch()).isGreaterThan(last);
      assertThat(term.isHeld()).isTrue();
      last = term.epoch();
      term.close();
      term.close();
      assertThat(term.isHeld()).isFalse();
    }
  }

  @Test
  void aNameThatLeadsOutOfTheFolderIsRefused() {
    assertThatThrownBy(() -> new FileLease(folder).tryAcquire("../x"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
