package dev.concert.platform.command.chat;

import dev.concert.client.Approver;
import dev.concert.client.ClientException;
import dev.concert.client.GatewayApi;
import dev.concert.client.GatewaySocket;
import dev.concert.client.TerminalApprover;
import dev.concert.platform.command.project.ProjectOptions;
import dev.concert.platform.command.project.ProjectTurn;
import dev.concert.platform.command.project.UserQuestions;
import dev.concert.platform.command.session.ListedSessions;
import dev.concert.platform.project.Project;
import dev.concert.platform.server.CommandServer;
import dev.concert.platform.server.DataPlace;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code concert chat}. */
@Command(
    name = "chat",
    description = "Talks with an agent at the terminal, turn after turn.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Type a task and press Enter; /help shows the commands. Ctrl-C stops a turn, Ctrl-D leaves.",
      "In a git repository the agent works on a copy of its files. After each turn you see what it"
          + " changed and are asked, and `concert undo` takes back what was applied.",
    })
public final class ChatCommand implements Callable<Integer> {
  @Option(names = "--session", description = "Continue this session.")
  private Optional<String> session;

  @Option(
      names = {"--continue", "-c"},
      description = "Continue the session in which something happened last.")
  private boolean latest;

  @Option(
      names = "--agent",
      defaultValue = "coding-agent",
      description = "Agent type of new sessions (default: ${DEFAULT-VALUE}).")
  private String agent;

  @Option(names = "--model", description = "Model of new sessions (default: the server's default).")
  private Optional<String> model;

  @Mixin private ProjectOptions projects;

  @Option(names = "--yes", description = "Allow everything the agent asks to do.")
  private boolean yes;

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
    if (System.console() == null || !System.console().isTerminal()) {
      throw new ClientException(
          "`concert chat` needs a terminal. A program uses `concert turn \"…\"`.");
    }
    projects.check();
    Path folder = data.orElseGet(DataPlace::usual);
    if (!latest && session.isEmpty()) {
      // Before a server starts, so that a wrong folder is told at once.
      projects.ofNew(folder);
    }
    try (CommandServer server = CommandServer.open(data, config, keyFile);
        GatewayApi api = new GatewayApi(server.url(), server.token());
        Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build()) {
      Approver approver = yes ? Approver.yes() : new TerminalApprover(terminal);
      Chat chat =
          new Chat(
              terminal,
              () -> GatewaySocket.connect(server.url(), server.token()),
              api,
              approver,
              new Chat.NewSession(agent, model),
              id ->
                  id.map(known -> projects.ofContinued(known, folder))
                      .orElseGet(() -> projects.ofNew(folder))
                      .map(project -> work(project, server, terminal)),
              System.getenv("NO_COLOR") == null);
      Optional<String> first =
          latest ? Optional.of(new ListedSessions(api).latest().path("id").asText()) : session;
      chat.run(first);
    }
    return 0;
  }

  private ProjectTurn work(Project project, CommandServer server, Terminal terminal) {
    return new ProjectTurn(
        project,
        server.url(),
        server.token(),
        projects.apply(yes),
        new UserQuestions(Optional.of(terminal)),
        new PrintStream(terminal.output(), false, StandardCharsets.UTF_8));
  }
}
