package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.ServerProcess;
import dev.concert.platform.harness.Tmux;
import dev.concert.testing.vendor.ChatWire;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stranger's first hour: a failing test in their own repository is repaired by one command, they
 * look at the change and accept it, and go on with the same session in the page and at a terminal.
 */
class FirstHourTest {
  private static final Pattern SESSION = Pattern.compile("session ([0-9a-f-]{36})");
  private static final String TESTS = "{\"command\": \"python3 -m unittest -q 2>&1\"}";
  private static final String REPAIR =
      """
      {"path": "calc.py", "old_string": "return a - b", "new_string": "return a + b"}
      """;

  @TempDir Path folder;

  @Test
  void a_failing_test_is_repaired_and_the_session_goes_on_in_the_page_and_in_chat()
      throws Exception {
    Path repository = repository();
    assertThat(run(repository, "python3", "-m", "unittest", "-q")).isNotZero();
    try (FakeVendor vendor = new FakeVendor(new ChatWire("openai-compatible"))) {
      vendor.script(
          (asked, to) -> {
            FakeVendor.begin(to);
            vendor.wire().events(answerTo(asked.body())).forEach(to::write);
            to.end();
          });
      Map<String, String> environment =
          Map.of(
              "CONCERT_DATA", folder.resolve("data").toString(),
              "OPENAI_API_KEY", FakeVendor.KEY,
              "OPENAI_BASE_URL", vendor.url());

      String session = repair(repository, environment);
      assertThat(Files.readString(repository.resolve("calc.py"))).contains("return a + b");
      assertThat(run(repository, "python3", "-m", "unittest", "-q")).isZero();

      try (ServerProcess server = ServerProcess.start(folder.resolve("data"), environment)) {
        goOnInThePage(server, session);
        goOnInChat(repository, environment, session);
      }
    }
  }

  private String repair(Path repository, Map<String, String> environment) throws IOException {
    try (Tmux terminal =
        Tmux.run(terminal("turn"), repository, environment, "turn", "repair the failing test")) {
      terminal.see("allow?").type("a");
      terminal.see("-    return a - b").see("+    return a + b");
      terminal.see("Apply 1 file").type("y");
      terminal.see("1 file changed in").see("exit code 0");
      Matcher session = SESSION.matcher(terminal.shown());
      assertThat(session.find()).as(terminal.shown()).isTrue();
      return session.group(1);
    }
  }

  private void goOnInThePage(ServerProcess server, String session) {
    Browser browser = Browser.start(folder.resolve("profile"));
    try {
      browser.open(server.url() + "/#session=" + session);
      browser.see(".message.user", "repair the failing test");
      browser.see(".message.assistant", "The test passes now.");
      browser.click(".end .changes-of-turn", "1 file changed");
      browser.see(".review-file .diff .added", "return a + b");
      browser.see(".review-file .kind", "changed +1 −1");
      browser.click("#close-review");
      browser.say("what did you change?");
      browser.see(".message.assistant", "A sign in calc.py.");
      browser.waitUntil("the second turn ends", page -> page.count(".end") == 2);
    } finally {
      browser.close();
    }
  }

  private void goOnInChat(Path repository, Map<String, String> environment, String session)
      throws IOException {
    try (Tmux terminal =
        Tmux.run(terminal("chat"), repository, environment, "chat", "--session", session)) {
      terminal.see("what did you change?").see("A sign in calc.py.");
      terminal.type("and what now?").see("Nothing is left to do.");
      terminal.type("/quit").see("Go on later: concert chat --session " + session);
      terminal.see("exit code 0");
    }
  }

  /** What the played model says, by what it was told last. */
  private static FakeAnswer answerTo(String body) {
    JsonArray messages = new JsonObject(body).getJsonArray("messages");
    JsonObject last = messages.getJsonObject(messages.size() - 1);
    String text = last.encode();
    if (last.getString("role").equals("tool")) {
      if (text.contains("FAILED")) {
        return FakeAnswer.text("The sum is wrong.").withCall("call_2", "edit_file", REPAIR);
      }
      return text.contains("OK")
          ? FakeAnswer.text("The test passes now.")
          : FakeAnswer.text("Once more.").withCall("call_3", "bash", TESTS);
    }
    if (text.contains("what did you change?")) {
      return FakeAnswer.text("A sign in calc.py.");
    }
    return text.contains("and what now?")
        ? FakeAnswer.text("Nothing is left to do.")
        : FakeAnswer.text("I run the tests.").withCall("call_1", "bash", TESTS);
  }

  private Path repository() throws Exception {
    Path repository = Files.createDirectory(folder.resolve("calc"));
    Files.writeString(repository.resolve("calc.py"), "def add(a, b):\n    return a - b\n");
    Files.writeString(
        repository.resolve("test_calc.py"),
        """
        import unittest
        from calc import add


        class Adds(unittest.TestCase):
            def test_two_and_three(self):
                self.assertEqual(5, add(2, 3))
        """);
    Files.writeString(repository.resolve(".gitignore"), "__pycache__/\n");
    run(repository, "git", "init", "-q", "-b", "main");
    run(repository, "git", "add", "-A");
    run(
        repository,
        "git",
        "-c",
        "user.name=A",
        "-c",
        "user.email=a@example.com",
        "commit",
        "-qm",
        "first");
    return repository;
  }

  private Path terminal(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  private static int run(Path folder, String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor();
  }
}
