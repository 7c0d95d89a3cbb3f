package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import dev.concert.platform.harness.Program;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A session on a folder of the developer's machine, in a real browser. */
@ExtendWith(PageExtension.class)
class FolderPageTest {
  @TempDir Path folder;
  private final Browser browser;
  private final PageServer shared;

  FolderPageTest(Browser browser, PageServer shared) {
    this.browser = browser;
    this.shared = shared;
  }

  @Test
  void a_session_works_on_a_folder_and_what_is_accepted_comes_into_it() throws Exception {
    Path repository = repository("code/mine");
    Files.writeString(repository.resolve("a.txt"), "from the user\n");
    Path outside = repository("outside");
    Files.createSymbolicLink(folder.resolve("code/link"), outside);
    try (Platform platform = start()) {
      browser.open(platform.url());
      browser.see("#folder-choice");
      assertThat(browser.text("#folder")).isEqualTo("an empty workspace" + repository);
      browser.see("#folder").sendKeys(repository.toString());
      browser.begin("echo", "!write b.txt made");
      browser.see(".tree .row", "a.txt");
      browser.click(".end .changes-of-turn", "1 file changed");
      browser.see("#review .hint", "comes into " + repository);
      browser.click("#review-0-all-accept");
      browser.see(".review-file .accepted", "Applied");
      browser.waitUntil("it is applied", _ -> Files.exists(repository.resolve("b.txt")));
      assertThat(repository.resolve("b.txt")).hasContent("made");
      browser.click("#close-review");

      // What the user changes comes in with the next message.
      Files.writeString(repository.resolve("a.txt"), "edited meanwhile\n");
      browser.say("!read a.txt");
      browser.see(".message.assistant", "edited meanwhile");

      // Programs would run it without being told to.
      browser.say("!write .envrc touch /tmp/x");
      browser.waitUntil("the third turn ends", page -> page.count(".end") == 3);
      String session = browser.address().replaceFirst(".*#session=", "");
      assertThat(post(platform, session, "folder/changes", "paths", new JsonArray().add(".envrc")))
          .contains("\"held\":[\".envrc\"]");
      assertThat(repository.resolve(".envrc")).doesNotExist();

      // Whose changes meet is told, and the user's file stays.
      browser.say("!write a.txt agent");
      browser.waitUntil("the fourth turn ends", page -> page.count(".end") == 4);
      Files.writeString(repository.resolve("a.txt"), "user again\n");
      browser.run("[...document.querySelectorAll('.changes-of-turn')].at(-1).click()");
      browser.see("#review-0-all-accept");
      browser.click("#review-0-all-accept");
      browser.see("#review .key-problem", "a.txt");
      browser.see("#review-0-all-accept");
      assertThat(repository.resolve("a.txt")).hasContent("user again");
      browser.click("#close-review");

      for (Path wrong :
          new Path[] {outside, folder.resolve("code/link"), folder, Path.of("code")}) {
        assertThat(post(platform, session, "folder", "folder", wrong.toString()))
            .as(wrong.toString())
            .contains("PATH_INVALID")
            .doesNotContain("git repository");
      }
      // Before its server is gone, of which the page would complain.
      browser.open(shared.url());
    }
  }

  @Test
  void a_set_up_command_is_confirmed_once_and_another_branch_asks_first() throws Exception {
    Path repository = repository("code/mine");
    Files.writeString(repository.resolve("Gemfile.lock"), "");
    try (Platform platform = start()) {
      browser.open(platform.url());
      browser.see("#folder-choice");
      for (int session = 1; session <= 2; session++) {
        answer(true);
        browser.click("#new-session");
        browser.see("#folder").sendKeys(repository.toString());
        browser.begin("coding-agent", "list the files");
        browser.see(".message.user", "/run bundle install");
        browser.waitUntil("the message follows", page -> page.count(".end") == 2);
        browser.see(".message.assistant", "Gemfile.lock");
        assertThat(asked()).hasSize(session == 1 ? 1 : 0);
      }

      git(repository, "symbolic-ref", "HEAD", "refs/heads/other");
      answer(false);
      browser.say("list the files again");
      browser.see("#notices", "Start a new session");
      assertThat(asked())
          .asString()
          .contains(
              "began on main, and other is checked out now. Continue with the files of other");
      assertThat(browser.count(".end")).isEqualTo(2);
      answer(true);
      browser.click("#send");
      browser.waitUntil("the message is taken", page -> page.count(".end") == 3);
      browser.open(shared.url());
    }
  }

  /** How the next questions of the page are answered. */
  private void answer(boolean yes) {
    browser.run(
        "window.asked = []; window.confirm = (text) => { window.asked.push(text); return "
            + yes
            + "; };");
  }

  private List<?> asked() {
    return (List<?>) browser.run("return window.asked");
  }

  private Path repository(String name) throws Exception {
    Path repository = Files.createDirectories(folder.resolve(name));
    git(repository, "init", "-q", "-b", "main");
    return repository;
  }

  private static void git(Path repository, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git", "-C", repository.toString()));
    command.addAll(List.of(arguments));
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
  }

  private Platform start() {
    JsonObject projects =
        new JsonObject().put("roots", new JsonArray().add(folder.resolve("code").toString()));
    return Platform.start(
        new PlatformOptions(
            "127.0.0.1",
            0,
            folder.resolve("data"),
            Program.home(),
            new JsonObject().put("projects", projects)));
  }

  private static String post(
      Platform platform, String session, String route, String field, Object value)
      throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(platform.url() + "/api/sessions/" + session + "/" + route))
              .POST(BodyPublishers.ofString(new JsonObject().put(field, value).encode()))
              .build();
      return http.send(request, BodyHandlers.ofString()).body();
    }
  }
}
