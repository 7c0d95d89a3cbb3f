package dev.concert.platform.command;

import dev.concert.chronicle.localsync.folder.SyncException;
import dev.concert.client.ClientException;
import dev.concert.foundation.config.ConfigException;
import dev.concert.platform.PlatformException;
import dev.concert.platform.backup.BackupException;
import dev.concert.platform.command.automation.AutomationsCommand;
import dev.concert.platform.command.automation.InboxCommand;
import dev.concert.platform.command.bridge.BridgeCommand;
import dev.concert.platform.command.chat.ChatCommand;
import dev.concert.platform.command.chronicle.ChronicleCommand;
import dev.concert.platform.command.forge.ForgeCommand;
import dev.concert.platform.command.github.GitHubCommand;
import dev.concert.platform.command.key.KeyCommand;
import dev.concert.platform.command.project.UndoCommand;
import dev.concert.platform.command.session.SessionCommand;
import dev.concert.platform.command.session.SessionsCommand;
import dev.concert.platform.command.sync.SyncCommand;
import dev.concert.platform.command.tenant.TenantCommand;
import dev.concert.platform.project.ProjectException;
import dev.concert.platform.server.DataPlace;
import dev.concert.platform.server.OldData;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program {@code concert}. Exit codes: 0 success, 1 failure, 2 wrong usage. */
@Command(
    name = "concert",
    description = "Runs AI coding agents on your own machine.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    subcommands = {
      TurnCommand.class,
      ChatCommand.class,
      UndoCommand.class,
      SyncCommand.class,
      UpCommand.class,
      EnsembleCommand.class,
      DoctorCommand.class,
      ChronicleCommand.class,
      KeyCommand.class,
      TenantCommand.class,
      SessionsCommand.class,
      ModelsCommand.class,
      SessionCommand.class,
      BridgeCommand.class,
      ForgeCommand.class,
      GitHubCommand.class,
      AutomationsCommand.class,
      InboxCommand.class,
      CreditCommand.class,
      RestoreCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {
      "",
      "`concert test` builds everything from scratch and runs every test.",
      "Commands use the server at CONCERT_URL, else the one that runs on your data, else the one on"
          + " port PORT (8080), else one that they start themselves."
    })
public final class Main implements Runnable {
  private static final String DATA = "--data";

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().setExecutionStrategy(Main::execute).execute(arguments));
  }

  /** Data of older versions moves before a command that works on the usual data looks for it. */
  private static int execute(CommandLine.ParseResult parsed) {
    CommandLine.ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    boolean hasData = last.commandSpec().findOption(DATA) != null;
    if (hasData && !last.hasMatchedOption(DATA) && DataPlace.named(System.getenv()).isEmpty()) {
      PrintWriter err = last.commandSpec().commandLine().getErr();
      OldData.ofThisUser().moveTo(DataPlace.usual(), err::println);
      err.flush();
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  static CommandLine commandLine() {
    return commandLine(System.getenv());
  }

  /**
   * @param environment that says what the arguments leave open
   */
  static CommandLine commandLine(Map<String, String> environment) {
    return new CommandLine(new Main())
        .setDefaultValueProvider(new EnvironmentDefaults(environment))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Main::correct)
        .setExecutionExceptionHandler(Main::explain);
  }

  /** Names what is wrong with the arguments, and the nearest right word. Help is a command away. */
  private static int correct(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(wrong.getMessage());
    Optional<CommandLine> meant =
        wrong instanceof UnmatchedArgumentException unmatched
            ? NearestCommand.of(unmatched)
            : Optional.empty();
    if (meant.isPresent()) {
      err.printf("Did you mean `%s`?%n", meant.get().getCommandSpec().qualifiedName());
    } else {
      UnmatchedArgumentException.printSuggestions(wrong, err);
    }
    err.printf("`%s --help` shows the usage.%n", command.getCommandSpec().qualifiedName());
    err.flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  /** What people type who do not know the option. */
  @Command(name = "version", description = "Prints the version.")
  void version() {
    spec.commandLine().printVersionHelp(spec.commandLine().getOut());
  }

  /**
   * Prints one sentence for a failure that the user can fix. Only a defect has a stack trace, and
   * only in the log.
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
      case BackupException known -> err.println(known.getMessage());
      case SyncException known -> err.println(known.getMessage());
      case ProjectException known -> err.println(known.getMessage());
      case ConfigException known -> err.println(known.getMessage());
      case IllegalArgumentException known -> err.println(known.getMessage());
      default -> {
        err.println("concert failed unexpectedly; the log has the details.");
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
