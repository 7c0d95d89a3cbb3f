package dev.concert.platform.command;

import dev.concert.client.Approver;
import dev.concert.client.GatewayApi;
import dev.concert.client.GatewaySocket;
import dev.concert.client.JsonView;
import dev.concert.client.TerminalApprover;
import dev.concert.client.TerminalView;
import dev.concert.client.TurnOutcome;
import dev.concert.client.TurnRequest;
import dev.concert.client.TurnRunner;
import dev.concert.client.TurnView;
import dev.concert.platform.command.project.ProjectOptions;
import dev.concert.platform.command.project.ProjectTurn;
import dev.concert.platform.command.project.UserQuestions;
import dev.concert.platform.command.session.ListedSessions;
import dev.concert.platform.project.Project;
import dev.concert.platform.server.CommandServer;
import dev.concert.platform.server.DataPlace;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert turn}. */
@Command(
    name = "turn",
    description = "Gives an agent a task and shows what it does.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Uses the server at CONCERT_URL, else the one that runs on your data or on port PORT (8080)."
          + " If none answers, starts one in this process.",
      "In a git repository the agent works on a copy of its files. You see what it changed, and"
          + " `concert undo` takes back what was applied.",
      "Exit codes: 0 the agent answered, 1 the turn failed, was cut, or the agent was refused"
          + " something, 2 wrong usage, 130 you stopped it."
    })
final class TurnCommand implements Callable<Integer> {
  /** As shells say it of a program that Ctrl-C ended. */
  private static final int INTERRUPTED = 130;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "TEXT", arity = "1..*", description = "The task for the agent.")
  private List<String> text;

  @Option(names = "--session", description = "Continue this session.")
  private Optional<String> session;

  @Option(
      names = {"--continue", "-c"},
      description = "Continue the session in which something happened last.")
  private boolean latest;

  @Option(
      names = "--agent",
      defaultValue = "coding-agent",
      description = "Agent type of a new session (default: ${DEFAULT-VALUE}).")
  private String agent;

  @Option(
      names = "--model",
      description = "Model of a new session (default: the server's default).")
  private Optional<String> model;

  @Mixin private ProjectOptions projects;

  @Option(names = "--yes", description = "Allow everything the agent asks to do.")
  private boolean yes;

  @Option(names = "--json", description = "Print only the raw events, one per line.")
  private boolean json;

  @Option(
      names = "--data",
      description = "Start a server with this data folder (default: the data folder of this user).")
  private Optional<Path> data;

  @Option(names = "--config", description = "YAML configuration file of the server that it starts.")
  private Optional<Path> config;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "File with an API key of the server (default: the key in CONCERT_KEY).")
  private Optional<Path> keyFile;

  @Override
  public Integer call() throws Exception {
    String task = String.join(" ", text);
    if (task.isBlank()) {
      throw new ParameterException(
          spec.commandLine(), "TEXT is empty. Describe the task for the agent.");
    }
    if (latest && session.isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "--continue and --session name two sessions. Give one of them.");
    }
    projects.check();
    // Found before a server starts, so that a wrong folder is told at once.
    Optional<Project> here = isContinued() ? Optional.empty() : projects.ofNew(dataFolder());
    try (CommandServer server = CommandServer.open(data, config, keyFile)) {
      return turn(server, task, here);
    }
  }

  private boolean isContinued() {
    return latest || session.isPresent();
  }

  private Path dataFolder() {
    return data.orElseGet(DataPlace::usual);
  }

  private int turn(CommandServer server, String task, Optional<Project> here) throws Exception {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    boolean interactive = System.console() != null && System.console().isTerminal();
    boolean colours = interactive && System.getenv("NO_COLOR") == null;
    TurnView view = json ? new JsonView(out) : new TerminalView(out, colours);
    Optional<String> known = continued(server);
    Optional<Project> project =
        isContinued() ? known.flatMap(id -> projects.ofContinued(id, dataFolder())) : here;
    try (Asking asking = Asking.open(yes, interactive && !json)) {
      TurnRequest request = new TurnRequest(task, known, agent, model);
      if (project.isEmpty()) {
        return exitCode(run(server, view, asking, request));
      }
      ProjectTurn work =
          new ProjectTurn(
              project.get(),
              server.url(),
              server.token(),
              projects.apply(yes),
              new UserQuestions(asking.terminal()),
              json ? System.err : out);
      TurnRequest entered = work.enter(request);
      for (TurnRequest setup :
          work.setUp(agent, known.isEmpty(), entered.session().orElseThrow())) {
        run(server, view, asking, setup);
      }
      int code = exitCode(run(server, view, asking, entered));
      boolean isWhole = work.leave(entered.session().orElseThrow());
      return code == 0 && !isWhole ? 1 : code;
    } finally {
      out.flush();
    }
  }

  private static TurnOutcome run(
      CommandServer server, TurnView view, Asking asking, TurnRequest request) throws Exception {
    try (GatewaySocket socket = GatewaySocket.connect(server.url(), server.token())) {
      TurnRunner runner = new TurnRunner(socket, view, asking.approver());
      asking.onInterrupt(runner::stop);
      return runner.run(request);
    }
  }

  private Optional<String> continued(CommandServer server) {
    if (!latest) {
      return session;
    }
    try (GatewayApi api = new GatewayApi(server.url(), server.token())) {
      return Optional.of(new ListedSessions(api).latest().path("id").asText());
    }
  }

  private static int exitCode(TurnOutcome outcome) {
    return switch (outcome) {
      case ANSWERED -> 0;
      case REFUSED, CUT, FAILED -> 1;
      case STOPPED -> INTERRUPTED;
    };
  }

  /** Who answers the agent's questions, and the terminal it takes to ask them. */
  private record Asking(Approver approver, Optional<Terminal> terminal) implements AutoCloseable {

    static Asking open(boolean yes, boolean interactive) throws IOException {
      if (!interactive) {
        return new Asking(yes ? Approver.yes() : Approver.no(Asking::tell), Optional.empty());
      }
      Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build();
      return new Asking(
          yes ? Approver.yes() : new TerminalApprover(terminal), Optional.of(terminal));
    }

    private static void tell() {
      System.err.println(
          "There is no terminal to ask you at, so the agent is refused what it asks for. Allow it"
              + " with --yes.");
    }

    /** The first Ctrl-C stops the turn, the second one this program. */
    void onInterrupt(Runnable stop) {
      terminal.ifPresent(
          known ->
              known.handle(
                  Terminal.Signal.INT,
                  _ -> {
                    known.handle(Terminal.Signal.INT, Terminal.SignalHandler.SIG_DFL);
                    Thread.ofVirtual().start(stop);
                  }));
    }

    @Override
    public void close() throws IOException {
      if (terminal.isPresent()) {
        terminal.get().close();
      }
    }
  }
}
