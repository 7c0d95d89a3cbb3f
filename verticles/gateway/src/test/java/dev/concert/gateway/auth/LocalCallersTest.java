package dev.concert.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalCallersTest {
  private static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 1);
  private static final long SELF = 1000;

  @TempDir Path data;

  private static LocalCallers onLinux(OptionalLong user, boolean insecure) {
    return new LocalCallers(
        Optional.of((_, _) -> Future.succeededFuture(user)), SELF, Optional.empty(), insecure);
  }

  private static LocalCallers elsewhere(boolean insecure) {
    return new LocalCallers(Optional.empty(), -1, Optional.of("token"), insecure);
  }

  private static boolean admits(LocalCallers callers, boolean local, boolean page, String token) {
    return callers.admits(callers.userOf(ANY, ANY).result(), local, page, token);
  }

  @ParameterizedTest
  @CsvSource({"1000, true", "0, false", "1001, false", "65534, false"})
  void onlyProgramsOfTheServersUserAreServedAndRootIsNotThatUser(long user, boolean served) {
    LocalCallers callers = onLinux(OptionalLong.of(user), false);

    assertThat(admits(callers, true, false, null)).isEqualTo(served);
    assertThat(admits(callers, true, true, null)).isEqualTo(served);
    assertThat(admits(onLinux(OptionalLong.of(user), true), false, true, null)).isEqualTo(served);
  }

  @Test
  void whoseUserNobodyKnowsIsRefused() {
    LocalCallers callers = onLinux(OptionalLong.empty(), false);

    assertThat(admits(callers, true, true, null)).isFalse();
    assertThat(admits(callers, false, true, null)).isFalse();
  }

  @Test
  void anInsecureServerServesOtherMachinesAndStillNoOtherUser() {
    LocalCallers callers = onLinux(OptionalLong.empty(), true);

    assertThat(admits(callers, false, false, null)).isTrue();
    assertThat(admits(callers, true, false, null)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"-, false", "Bearer token, true", "Bearer other, false", "token, false"})
  void whereTheSystemTellsNoUserAProgramShowsTheToken(String authorization, boolean served) {
    assertThat(admits(elsewhere(false), true, false, authorization)).isEqualTo(served);
  }

  @Test
  void whereTheSystemTellsNoUserThePageIsServed() {
    assertThat(admits(elsewhere(false), true, true, null)).isTrue();
  }

  @Test
  void theTokenIsForItsOwnerOnlyAndNewAtEachStart() throws IOException {
    String first = LocalToken.write(data);
    String second = LocalToken.write(data);

    assertThat(first).hasSize(64).isNotEqualTo(second);
    Path file = data.resolve(LocalToken.FILE);
    assertThat(Files.readString(file).strip()).isEqualTo(second);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (Stream<Path> files = Files.list(data)) {
      assertThat(files).containsExactly(file);
    }
  }
}
