package dev.concert.platform.command.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.client.Approver;
import dev.concert.client.GatewayApi;
import dev.concert.client.GatewaySocket;
import dev.concert.platform.command.project.ApplyMode;
import dev.concert.platform.command.project.ProjectTurn;
import dev.concert.platform.command.project.UserQuestions;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.project.Project;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code concert chat} at a terminal that types these lines, on a server that runs. */
class ChatTest {
  private static final Pattern LATER = Pattern.compile("chat --session ([0-9a-f-]{36})");

  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  private static String chat(Optional<String> session, String... lines) throws Exception {
    return chat(Optional.empty(), session, lines);
  }

  /** In a repository, about whose changes the lines answer questions, too. */
  private static String chat(Optional<Project> project, Optional<String> session, String... lines)
      throws Exception {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    String typed = String.join("\n", lines) + "\n";
    try (GatewayApi api = new GatewayApi(PLATFORM.url(), Optional.empty());
        Terminal terminal =
            new DumbTerminal(
                "test",
                "dumb",
                new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
                shown,
                StandardCharsets.UTF_8)) {
      new Chat(
              terminal,
              () -> GatewaySocket.connect(PLATFORM.url(), Optional.empty()),
              api,
              Approver.yes(),
              new Chat.NewSession("echo", Optional.empty()),
              _ -> project.map(known -> work(known, terminal)),
              false)
          .run(session);
      terminal.flush();
    }
    return shown.toString(StandardCharsets.UTF_8);
  }

  private static ProjectTurn work(Project project, Terminal terminal) {
    return new ProjectTurn(
        project,
        PLATFORM.url(),
        Optional.empty(),
        Optional.of(ApplyMode.ASK),
        new UserQuestions(Optional.of(terminal)),
        new PrintStream(terminal.output(), true, StandardCharsets.UTF_8));
  }

  @Test
  void inARepositoryEachTurnWorksOnItAndAsksAboutItsChanges(@TempDir Path folder) throws Exception {
    Path repository = Files.createDirectory(folder.resolve("repository"));
    Process git =
        new ProcessBuilder("git", "init", "-q", "-b", "main", repository.toString()).start();
    assertThat(git.waitFor()).isZero();
    Files.writeString(repository.resolve("a.txt"), "mine");
    Project project = Project.find(repository, folder.resolve("data")).orElseThrow();

    String shown =
        chat(
            Optional.of(project),
            Optional.empty(),
            "!read a.txt",
            "!write wanted.txt yes",
            "y",
            "!write refused.txt no",
            "n");

    assertThat(shown).contains("mine", "+++ b/wanted.txt", "+++ b/refused.txt", "concert undo");
    assertThat(repository.resolve("wanted.txt")).hasContent("yes");
    assertThat(repository.resolve("refused.txt")).doesNotExist();
  }

  private static String sessionIn(String shown) {
    Matcher later = LATER.matcher(shown);
    assertThat(later.find()).as(shown).isTrue();
    return later.group(1);
  }

  @Test
  void eachLineIsATurnOfOneSessionWhichGoesOnLater() throws Exception {
    String first = chat(Optional.empty(), "!write kept.txt remembered!", "!read kept.txt", "/quit");

    assertThat(first).contains("remembered!", "kept.txt");
    String session = sessionIn(first);
    String second = chat(Optional.of(session), "!read kept.txt");
    assertThat(second).contains("user", "!write kept.txt");
    assertThat(sessionIn(second)).isEqualTo(session);
  }

  @Test
  void sessionsAreBegunNamedListedAndLeftForOneAnother() throws Exception {
    String one = sessionIn(chat(Optional.empty(), "hello", "/rename the first"));

    String shown =
        chat(
            Optional.of(one),
            "/new",
            "another",
            "/sessions FIRST",
            "/resume " + one.substring(0, 13),
            "/messages");

    assertThat(shown).contains("the first", "hello");
    assertThat(sessionIn(shown)).isEqualTo(one);
  }

  @Test
  void whatIsWrongIsOneSentenceAndTheChatGoesOn() throws Exception {
    String shown =
        chat(Optional.empty(), "/nonsense", "/re x", "/rename x", "/resume zz", "/h", "", "go on");

    assertThat(shown)
        .contains(
            "There is no command /nonsense. /help shows those there are.",
            "There is no command /re. /help shows those there are.",
            "There is no session yet. Type a task to begin one.",
            "You have no session with that id. /sessions lists them.",
            "/resume ID",
            "go on");
  }
}
