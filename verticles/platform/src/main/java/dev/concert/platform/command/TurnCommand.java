package dev.concert.platform.command;

import dev.concert.client.Approver;
import dev.concert.client.GatewaySocket;
import dev.concert.client.JsonView;
import dev.concert.client.TerminalApprover;
import dev.concert.client.TerminalView;
import dev.concert.client.TurnRequest;
import dev.concert.client.TurnRunner;
import dev.concert.client.TurnView;
import dev.concert.platform.Platform;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert turn}. */
@Command(
    name = "turn",
    description = "Runs one turn of an agent and shows it.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Uses the server at CONCERT_URL or on port 8080; where none answers, runs one in this process.",
      "Ends with 0 when the agent answered, 1 when the turn failed, 2 on wrong usage."
    })
final class TurnCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "TEXT", description = "What the agent shall do.")
  private String text;

  @Option(names = "--session", description = "Goes on with this session.")
  private Optional<String> session;

  @Option(
      names = "--agent",
      defaultValue = "coding-agent",
      description = "Agent type of a new session (default: ${DEFAULT-VALUE}).")
  private String agent;

  @Option(names = "--model", description = "Model of a new session (default: the server's).")
  private Optional<String> model;

  @Option(names = "--yes", description = "Allows whatever the agent asks to do.")
  private boolean yes;

  @Option(names = "--json", description = "Prints the raw events, one a line, and nothing else.")
  private boolean json;

  @Option(
      names = "--data",
      description =
          "Runs an embedded server on this folder (default: .concert/data in the program's folder).")
  private Optional<Path> data;

  @Option(names = "--config", description = "YAML configuration file of the embedded server.")
  private Optional<Path> config;

  @Override
  public Integer call() throws Exception {
    if (text.isBlank()) {
      throw new ParameterException(spec.commandLine(), "There is nothing to do: TEXT is empty.");
    }
    Optional<String> running = data.isPresent() ? Optional.empty() : RunningServer.find();
    if (running.isPresent()) {
      return turn(running.get());
    }
    DataPlace place = DataPlace.choose(data, EmbeddedServer.home());
    Platform platform = start(place);
    try (StopAtExit _ = StopAtExit.of(() -> stop(platform, place))) {
      return turn(platform.url());
    }
  }

  private Platform start(DataPlace place) {
    try {
      return EmbeddedServer.start("127.0.0.1", 0, place.folder(), config);
    } catch (RuntimeException e) {
      place.close();
      throw e;
    }
  }

  private static void stop(Platform platform, DataPlace place) {
    platform.close();
    place.close();
  }

  private int turn(String url) throws Exception {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    boolean interactive = System.console() != null && System.console().isTerminal();
    boolean colours = interactive && System.getenv("NO_COLOR") == null;
    TurnView view = json ? new JsonView(out) : new TerminalView(out, colours);
    try (GatewaySocket socket = GatewaySocket.connect(url);
        Asking asking = Asking.open(yes, interactive && !json)) {
      TurnRunner runner = new TurnRunner(socket, view, asking.approver());
      asking.onInterrupt(runner::stop);
      boolean answered = runner.run(new TurnRequest(text, session, agent, model));
      return answered ? 0 : 1;
    } finally {
      out.flush();
    }
  }

  /** Who answers the agent's questions, and the terminal it takes to ask them. */
  private record Asking(Approver approver, Optional<Terminal> terminal) implements AutoCloseable {

    static Asking open(boolean yes, boolean interactive) throws IOException {
      if (!interactive) {
        return new Asking(yes ? Approver.yes() : Approver.no(), Optional.empty());
      }
      Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build();
      return new Asking(
          yes ? Approver.yes() : new TerminalApprover(terminal), Optional.of(terminal));
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
