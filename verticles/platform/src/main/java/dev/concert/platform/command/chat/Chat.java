package dev.concert.platform.command.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.concert.client.Approver;
import dev.concert.client.ClientException;
import dev.concert.client.GatewayApi;
import dev.concert.client.GatewaySocket;
import dev.concert.client.Style;
import dev.concert.client.TerminalView;
import dev.concert.client.TurnRequest;
import dev.concert.client.TurnRunner;
import dev.concert.platform.command.project.ProjectTurn;
import dev.concert.platform.command.session.ListedSessions;
import dev.concert.platform.project.ProjectException;
import dev.concert.text.ShortText;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal;

/** A conversation at a terminal: each line is a turn, or a command of the chat. For one thread. */
final class Chat {
  private static final int SHOWN_MESSAGES = 6;
  private static final int WIDTH = 200;

  private final Terminal terminal;
  private final Supplier<GatewaySocket> connect;
  private final GatewayApi api;
  private final Approver approver;
  private final NewSession added;
  private final Function<Optional<String>, Optional<ProjectTurn>> projects;
  private final PrintStream out;
  private final TerminalView view;
  private Optional<String> session = Optional.empty();

  /**
   * What a new session is made with.
   *
   * @param model empty for the server's default
   */
  record NewSession(String agent, Optional<String> model) {}

  /**
   * @param connect makes a connection for one turn
   * @param projects the repository that a session works on, or a new one
   * @param colours whether the terminal shows them
   */
  Chat(
      Terminal terminal,
      Supplier<GatewaySocket> connect,
      GatewayApi api,
      Approver approver,
      NewSession added,
      Function<Optional<String>, Optional<ProjectTurn>> projects,
      boolean colours) {
    this.terminal = terminal;
    this.connect = connect;
    this.api = api;
    this.approver = approver;
    this.added = added;
    this.projects = projects;
    this.out = new PrintStream(terminal.output(), false, StandardCharsets.UTF_8);
    this.view = new TerminalView(out, colours);
  }

  /**
   * Returns when the user leaves. Blocking.
   *
   * @param first the session to go on with; empty for a new one
   */
  void run(Optional<String> first) throws InterruptedException {
    LineReader lines =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .completer(new StringsCompleter(SlashCommand.words()))
            .build();
    // A task may have an exclamation mark, which is no reference to an older line.
    lines.setOpt(LineReader.Option.DISABLE_EVENT_EXPANSION);
    say("/help shows the commands, Ctrl-D leaves.");
    first.ifPresent(this::resume);
    boolean goesOn = true;
    while (goesOn) {
      goesOn = next(lines);
    }
    session.ifPresent(id -> say("Go on later: concert chat --session " + id));
  }

  private boolean next(LineReader lines) throws InterruptedException {
    String line;
    try {
      line = lines.readLine("› ").strip();
    } catch (UserInterruptException cleared) {
      return true;
    } catch (EndOfFileException left) {
      return false;
    }
    try {
      return line.startsWith("/") ? obey(line) : turn(line);
    } catch (ClientException | ProjectException refused) {
      say(refused.getMessage());
      return true;
    }
  }

  private boolean turn(String text) throws InterruptedException {
    if (text.isEmpty()) {
      return true;
    }
    TurnRequest request = new TurnRequest(text, session, added.agent(), added.model());
    Optional<ProjectTurn> project = projects.apply(session);
    boolean isNew = session.isEmpty();
    if (project.isPresent()) {
      request = project.get().enter(request);
      session = request.session();
      for (TurnRequest setup : project.get().setUp(added.agent(), isNew, current())) {
        run(setup);
      }
    }
    run(request);
    project.ifPresent(work -> work.leave(current()));
    return true;
  }

  private void run(TurnRequest request) throws InterruptedException {
    try (GatewaySocket socket = connect.get()) {
      TurnRunner runner = new TurnRunner(socket, new ChatView(view, this::begun), approver);
      Terminal.SignalHandler before =
          terminal.handle(Terminal.Signal.INT, _ -> Thread.ofVirtual().start(runner::stop));
      try {
        runner.run(request);
      } finally {
        terminal.handle(Terminal.Signal.INT, before);
        out.flush();
      }
    }
  }

  private void begun(String id) {
    session = Optional.of(id);
  }

  private boolean obey(String line) throws InterruptedException {
    String[] words = line.split("\\s+", 2);
    String argument = words.length > 1 ? words[1].strip() : "";
    Optional<SlashCommand> command = SlashCommand.of(words[0]);
    if (command.isEmpty()) {
      say("There is no command %s. /help shows those there are.".formatted(words[0]));
      return true;
    }
    switch (command.get()) {
      case HELP -> {
        for (SlashCommand one : SlashCommand.values()) {
          say(one.help());
        }
      }
      case NEW -> session = Optional.empty();
      case SESSIONS -> list(argument);
      case RESUME -> resume(argument);
      case RENAME -> rename(argument);
      case MESSAGES -> messages();
      case MODE, EFFORT, COMPACT, RUN -> turn(command.get().word() + " " + argument);
      case QUIT -> {
        return false;
      }
    }
    return true;
  }

  private void list(String word) {
    List<JsonNode> found = new ListedSessions(api).named(word, false);
    if (found.isEmpty()) {
      say("There is no such session.");
    }
    found.forEach(one -> say(ListedSessions.line(one)));
  }

  private void resume(String id) {
    List<JsonNode> found =
        new ListedSessions(api)
            .all(true).stream()
                .filter(one -> !id.isEmpty() && one.path("id").asText().startsWith(id))
                .toList();
    if (found.size() != 1) {
      throw new ClientException(
          found.isEmpty()
              ? "You have no session with that id. /sessions lists them."
              : "Several sessions begin with that. Type more of the id.");
    }
    session = Optional.of(found.getFirst().path("id").asText());
    say(ListedSessions.line(found.getFirst()));
    messages();
  }

  private void rename(String name) {
    api.request(
        "PUT",
        "/api/sessions/" + current() + "/name",
        JsonNodeFactory.instance.objectNode().put("name", name));
  }

  private void messages() {
    JsonNode page =
        api.request(
            "GET", "/api/sessions/%s/messages?limit=%d".formatted(current(), SHOWN_MESSAGES), null);
    for (JsonNode message : page.path("messages")) {
      String text = message.path("content").asText().strip().replaceAll("\\s+", " ");
      say(
          "%-9s %s"
              .formatted(
                  message.path("role").asText().toLowerCase(Locale.ROOT),
                  ShortText.of(text, WIDTH)));
    }
  }

  private String current() {
    return session.orElseThrow(
        () -> new ClientException("There is no session yet. Type a task to begin one."));
  }

  private void say(String line) {
    out.println(Style.harmless(line));
    out.flush();
  }
}
