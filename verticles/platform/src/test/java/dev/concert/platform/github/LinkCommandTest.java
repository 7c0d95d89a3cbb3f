package dev.concert.platform.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.Program;
import dev.concert.platform.harness.ProgramRun;
import dev.concert.testing.Await;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member says on the command line who they are on GitHub. */
class LinkCommandTest {
  private static final Pattern CODE = Pattern.compile("enter the code (\\S+)");

  @TempDir private Path folder;

  @Test
  void aCodeThatIsEnteredAtGitHubLinksTheMemberUntilTheLinkIsRemoved() throws Exception {
    try (GitHubServer server = new GitHubServer(folder)) {
      assertThat(ProgramRun.at(server.url(), "github", "link").expect(1).err())
          .contains("An administrator connects one first")
          .doesNotContain("\tat ");
      server.connect();
      Path out = folder.resolve("out");
      Process link =
          Program.start(
              Program.home(),
              List.of("github", "link"),
              Map.of("CONCERT_URL", server.url()),
              out,
              folder.resolve("err"));
      Await.until("the code is shown", () -> CODE.matcher(text(out)).find());
      Matcher code = CODE.matcher(text(out));
      assertThat(code.find()).isTrue();
      server.github.enterDeviceCode(code.group(1), "bob-gh", false);

      assertThat(link.waitFor()).as(text(folder.resolve("err"))).isZero();
      assertThat(text(out)).contains("You are bob-gh on GitHub.");
      assertThat(server.get("/api/github/link").getString("login")).isEqualTo("bob-gh");
      ProgramRun.at(server.url(), "github", "link", "--remove").expect(0);
      assertThat(server.call("GET", "/api/github/link", 200, new JsonObject()).getString("state"))
          .isEqualTo("none");
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
