package dev.concert.coordinator.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The sandbox that this host supports, with real processes in it. */
class BubblewrapTest {
  private static final String ADD_KEY =
      "python3 -c 'import ctypes as c; l = c.CDLL(None, use_errno=True);"
          + " r = l.syscall(c.c_long(%d), b\"user\", b\"k\", b\"v\", 1, -3);"
          + " print(\"made\" if r >= 0 else c.get_errno())'";

  @Test
  void anAgentCannotReachTheKeyringThatItWouldShareWithTheHost() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/bwrap")), "bubblewrap is not installed");
    assumeTrue("amd64".equals(System.getProperty("os.arch")), "The number is that of x86_64.");
    Bubblewrap sandbox =
        (Bubblewrap) SandboxProbe.choose(SandboxMode.BUBBLEWRAP, UserRange.DEFAULT);

    ShortProcess process =
        ShortProcess.run(sandbox.trial(ADD_KEY.formatted(248), user(sandbox)), sandbox.input());

    assertThat(process.output().strip()).isEqualTo("1");
  }

  @Test
  void theAgentInheritsNeitherTheFilterNorAnInput() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/bwrap")), "bubblewrap is not installed");
    Bubblewrap sandbox =
        (Bubblewrap) SandboxProbe.choose(SandboxMode.BUBBLEWRAP, UserRange.DEFAULT);

    ShortProcess process =
        ShortProcess.run(sandbox.trial("ls /proc/self/fd; cat", user(sandbox)), sandbox.input());

    // The last one is of ls itself.
    assertThat(process.output().strip()).isEqualTo("0\n1\n2\n3");
  }

  @Test
  void theAgentHasANameOfItsOwnAndKnowsNobodyElses() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/bwrap")), "bubblewrap is not installed");
    Bubblewrap sandbox =
        (Bubblewrap) SandboxProbe.choose(SandboxMode.BUBBLEWRAP, UserRange.DEFAULT);

    ShortProcess process =
        ShortProcess.run(
            sandbox.trial("id -un; id -gn; grep -c . /etc/passwd", user(sandbox)), sandbox.input());

    assertThat(process.output().strip()).isEqualTo("agent\nagent\n3");
  }

  private static OptionalInt user(Bubblewrap sandbox) {
    return sandbox.givesUsers()
        ? OptionalInt.of(UserRange.DEFAULT.first() + 7)
        : OptionalInt.empty();
  }
}
