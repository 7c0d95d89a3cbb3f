package dev.concert.coordinator.sandbox;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out, once, which sandbox this host can give. Starts processes: not for event loops. */
public final class SandboxProbe {
  private static final Logger LOG = LoggerFactory.getLogger(SandboxProbe.class);

  private SandboxProbe() {}

  /**
   * The sandbox for this mode.
   *
   * @throws IllegalStateException when bubblewrap is asked for and does not work
   */
  public static Sandbox choose(SandboxMode mode) {
    return switch (mode) {
      case PROCESS -> plain("it is configured so");
      case BUBBLEWRAP -> {
        Trial trial = tryBubblewrap();
        if (trial.problem().isPresent()) {
          throw new IllegalStateException(
              "coordinator.sandbox is 'bubblewrap', but " + trial.problem().get() + ".");
        }
        yield trial.bubblewrap();
      }
      case AUTO -> {
        Trial trial = tryBubblewrap();
        yield trial.problem().isPresent() ? plain(trial.problem().get()) : trial.bubblewrap();
      }
    };
  }

  private record Trial(Bubblewrap bubblewrap, Optional<String> problem) {}

  private static PlainProcess plain(String why) {
    LOG.warn("Agents run without a sandbox and see this whole host, because {}.", why);
    return new PlainProcess(onPath("setsid"));
  }

  private static Trial tryBubblewrap() {
    Optional<String> executable = onPath("bwrap");
    Bubblewrap bubblewrap = new Bubblewrap(executable.orElse("bwrap"), onPath("setsid"));
    if (executable.isEmpty()) {
      return new Trial(bubblewrap, Optional.of("bubblewrap (bwrap) is not installed"));
    }
    try {
      BriefCommand trial = BriefCommand.run(bubblewrap.trial());
      return new Trial(
          bubblewrap,
          trial.exitCode() == 0
              ? Optional.empty()
              : Optional.of("bubblewrap does not work here: " + trial.output()));
    } catch (IOException e) {
      return new Trial(bubblewrap, Optional.of("bubblewrap cannot be started: " + e.getMessage()));
    }
  }

  private static Optional<String> onPath(String program) {
    return Stream.of(
            Optional.ofNullable(System.getenv("PATH"))
                .orElse("/usr/bin:/bin")
                .split(File.pathSeparator))
        .map(folder -> Path.of(folder).resolve(program))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }
}
