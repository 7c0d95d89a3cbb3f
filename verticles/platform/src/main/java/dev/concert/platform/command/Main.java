package dev.concert.platform.command;

import dev.concert.chronicle.localsync.SyncException;
import dev.concert.client.ClientException;
import dev.concert.foundation.config.ConfigException;
import dev.concert.platform.PlatformException;
import java.io.PrintWriter;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code concert}. Exit codes: 0 well, 1 failed, 2 wrong usage. */
@Command(
    name = "concert",
    description = "AI coding agents as a service of your own.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    subcommands = {
      TurnCommand.class,
      SyncCommand.class,
      UpCommand.class,
      EnsembleCommand.class,
      DoctorCommand.class,
      ChronicleCommand.class,
      KeyCommand.class
    },
    footer = {
      "",
      "`concert test`, a part of the starter script, builds everything and passes every test.",
      "CONCERT_URL names the server that `turn` uses; without it one on port 8080, or an embedded one."
    })
public final class Main implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Main::explain);
  }

  /**
   * What a person can act on is one sentence; only a defect shows its trace, and only in the log.
   */
  private static int explain(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    PrintWriter err = command.getErr();
    switch (failure) {
      case ClientException known -> err.println(known.getMessage());
      case PlatformException known -> {
        err.println(known.getMessage());
        if (known.getCause() != null) {
          LoggerFactory.getLogger(Main.class).error("The start failed", known.getCause());
        }
      }
      case SyncException known -> err.println(known.getMessage());
      case ConfigException known -> err.println(known.getMessage());
      case IllegalArgumentException known -> err.println(known.getMessage());
      default -> {
        err.println("concert failed in a way that nobody foresaw; the log says more.");
        LoggerFactory.getLogger(Main.class).error("Unexpected failure", failure);
      }
    }
    err.flush();
    return 1;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
