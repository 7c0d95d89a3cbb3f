package dev.concert.coordinator.sandbox.seccomp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each system call is made by a real process in bubblewrap, under the filter. */
class SeccompFilterTest {
  private static final int EPERM = 1;
  private static final int ENOSYS = 38;
  private static final int EAFNOSUPPORT = 97;
  private static @TempDir Path folder;
  private static Path filter;

  @BeforeAll
  static void writeFilter() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/bwrap")), "bubblewrap is not installed");
    filter = Files.write(folder.resolve("filter"), SeccompFilter.forThisMachine().orElseThrow());
  }

  /** Its arguments are such that none of these calls does anything where it is not refused. */
  @ParameterizedTest
  @EnumSource(RefusedCall.class)
  void refusesEachCallOfTheTable(RefusedCall call) throws Exception {
    int number = call.number(Machine.current().orElseThrow());
    assumeTrue(number >= 0, "This machine has no such call.");

    assertThat(errno(number, -1, -1, -1, -1, -1)).isEqualTo(EPERM);
  }

  static Stream<Arguments> callsByTheirArguments() {
    Machine machine = Machine.current().orElseThrow();
    return Stream.of(
        Arguments.of("clone3", machine.clone3, new long[] {0, 0}, ENOSYS),
        Arguments.of("clone of a user namespace", machine.clone, new long[] {0x10000000L}, EPERM),
        Arguments.of("clone of a network", machine.clone, new long[] {0x40000000L | 17}, EPERM),
        Arguments.of("unshare of a user", machine.unshare, new long[] {0x10000000L}, EPERM),
        Arguments.of("unshare of the time", machine.unshare, new long[] {0x80}, EPERM),
        Arguments.of("unshare of nothing", machine.unshare, new long[] {0}, 0),
        Arguments.of("TIOCSTI", machine.ioctl, new long[] {0, 0x5412, 0}, EPERM),
        Arguments.of("TIOCSTI, high bits", machine.ioctl, new long[] {0, 0x100005412L, 0}, EPERM),
        Arguments.of("TIOCLINUX", machine.ioctl, new long[] {0, 0x541C, 0}, EPERM),
        Arguments.of("another ioctl", machine.ioctl, new long[] {-1, 0x5401, 0}, 9),
        Arguments.of("socket vsock", machine.socket, new long[] {40, 1, 0}, EAFNOSUPPORT),
        Arguments.of("socket packet", machine.socket, new long[] {17, 3, 0}, EAFNOSUPPORT),
        Arguments.of("socket alg", machine.socket, new long[] {38, 5, 0}, EAFNOSUPPORT),
        Arguments.of("socket unix", machine.socket, new long[] {1, 1, 0}, 0),
        Arguments.of("socket inet6", machine.socket, new long[] {10, 1, 0}, 0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("callsByTheirArguments")
  void decidesByArguments(String name, int number, long[] arguments, int errno) throws Exception {
    assertThat(errno(number, arguments)).isEqualTo(errno);
  }

  @Test
  void callsOfX32AreUnknown() throws Exception {
    assumeTrue(Machine.current().orElseThrow() == Machine.X86_64, "Only x86_64 has x32.");

    assertThat(errno(0x40000000 | 39)).isEqualTo(ENOSYS);
  }

  @Test
  void ordinaryProgramsRun() throws Exception {
    assertThat(
            run(
                "sh",
                "-c",
                "echo one | cat; python3 -c 'import threading as t;"
                    + " x=t.Thread(target=print, args=(2,)); x.start(); x.join()'"))
        .isEqualTo("one\n2\n");
  }

  @ParameterizedTest
  @EnumSource(Machine.class)
  void isShortAndEndsWithAllow(Machine machine) {
    byte[] program = SeccompFilter.program(machine);

    assertThat(program.length % 8).isZero();
    assertThat(program.length / 8).isLessThan(4096);
    assertThat(Arrays.copyOfRange(program, program.length - 8, program.length))
        .containsExactly(6, 0, 0, 0, 0, 0, 0xFF, 0x7F);
  }

  private static int errno(int number, long... arguments) throws Exception {
    String list =
        Arrays.stream(arguments)
            .mapToObj(argument -> "ctypes.c_long(%d)".formatted(argument))
            .reduce("", (left, right) -> left + ", " + right);
    String program =
        """
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        result = libc.syscall(ctypes.c_long(%d)%s)
        os.write(1, str(ctypes.get_errno() if result < 0 else 0).encode())
        os._exit(0)
        """
            .formatted(number, list);
    return Integer.parseInt(run("python3", "-c", program));
  }

  private static String run(String... command) throws Exception {
    List<String> line =
        Stream.concat(
                Stream.of(
                    "/bin/sh",
                    "-c",
                    "exec 9< \"$0\" && exec \"$@\"",
                    filter.toString(),
                    "bwrap",
                    "--dev-bind",
                    "/",
                    "/",
                    "--seccomp",
                    "9"),
                Arrays.stream(command))
            .toList();
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
