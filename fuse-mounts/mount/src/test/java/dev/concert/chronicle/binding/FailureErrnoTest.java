package dev.concert.chronicle.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class FailureErrnoTest {
  @Test
  void a_full_disk_is_told_as_such_however_deep_the_reason_lies() {
    IOException full = new IOException("blob: No space left on device");
    assertThat(FailureErrno.of(new IllegalStateException(new UncheckedIOException(full))))
        .isEqualTo(Errno.ENOSPC);
    assertThat(FailureErrno.of(new RuntimeException(new SQLException("full", "", 13))))
        .isEqualTo(Errno.ENOSPC);
  }

  @Test
  void the_kernels_own_reason_is_kept() {
    assertThat(FailureErrno.of(new RuntimeException(new PosixException(Errno.EDQUOT, "pwrite"))))
        .isEqualTo(Errno.EDQUOT);
  }

  @Test
  void anything_else_is_an_input_output_error() {
    assertThat(FailureErrno.of(new IllegalStateException("x"))).isEqualTo(Errno.EIO);
    assertThat(FailureErrno.of(new IOException())).isEqualTo(Errno.EIO);
  }
}
