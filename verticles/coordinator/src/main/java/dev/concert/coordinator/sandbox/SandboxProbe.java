package dev.concert.coordinator.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out, once, which sandbox this host supports. Starts processes: not for event loops. */
public final class SandboxProbe {
  private static final Logger LOG = LoggerFactory.getLogger(SandboxProbe.class);

  private SandboxProbe() {}

  /**
   * The sandbox for this mode.
   *
   * @param users whom agents are to be, where this process is root
   * @throws IllegalStateException when bubblewrap is required and does not work
   */
  public static Sandbox choose(SandboxMode mode, UserRange users) {
    return switch (mode) {
      case PROCESS -> plain("it is configured so");
      case BUBBLEWRAP -> {
        Trial trial = tryBubblewrap(users);
        yield trial
            .sandbox()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "coordinator.sandbox is 'bubblewrap', but %s. %s"
                            .formatted(trial.problem(), trial.output())));
      }
      case AUTO -> {
        Trial trial = tryBubblewrap(users);
        yield trial.sandbox().isPresent() ? trial.sandbox().get() : plain(trial.problem());
      }
    };
  }

  /**
   * @param problem why there is no sandbox, for everybody
   * @param output what bubblewrap said, which may name files of this host
   */
  private record Trial(Optional<Bubblewrap> sandbox, String problem, String output) {
    static Trial failed(String problem) {
      return new Trial(Optional.empty(), problem, "");
    }

    static Trial failed(String problem, String output) {
      LOG.info("The trial of bubblewrap failed: {}", output);
      return new Trial(Optional.empty(), problem, output);
    }
  }

  private static PlainProcess plain(String why) {
    return new PlainProcess(HostPrograms.find().setsid(), why);
  }

  private static Trial tryBubblewrap(UserRange users) {
    HostPrograms programs = HostPrograms.find();
    if (programs.bwrap().isEmpty()) {
      return Trial.failed("bubblewrap (bwrap) is not installed");
    }
    if (programs.socat().isEmpty()) {
      return Trial.failed("socat is not installed");
    }
    try {
      boolean root = isRoot();
      if (root && programs.setpriv().isEmpty()) {
        return Trial.failed("setpriv (of util-linux) is not installed");
      }
      Bubblewrap bubblewrap =
          new Bubblewrap(
              programs.bwrap().get(),
              root ? programs.setpriv() : Optional.empty(),
              new PortRelays(programs.socat().get()),
              programs.setsid());
      OptionalInt user = root ? OptionalInt.of(users.first()) : OptionalInt.empty();
      ShortProcess trial = ShortProcess.run(bubblewrap.trial("exit 0", user), bubblewrap.input());
      return trial.exitCode() == 0
          ? new Trial(Optional.of(bubblewrap), "", "")
          : Trial.failed("bubblewrap does not work here", trial.output());
    } catch (IOException e) {
      return Trial.failed("bubblewrap cannot be started", e.getMessage());
    }
  }

  private static boolean isRoot() throws IOException {
    Path self = Path.of("/proc/self");
    return Files.exists(self) && Files.getAttribute(self, "unix:uid").equals(0);
  }
}
