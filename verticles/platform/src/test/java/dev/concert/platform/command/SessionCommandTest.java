package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.ProgramRun;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.TestClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code concert session} against a server that runs. */
class SessionCommandTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  @Test
  void aSessionGoesBackIsForkedAndIsSharedForAsLongAsWanted() throws Exception {
    TestClient client = TestClient.echo(PLATFORM.connect());
    client.run("!write f.txt one");
    client.run("!write f.txt two");
    String session = client.sessionId();

    List<String> messages = session("messages", session).expect(0).outLines();
    assertThat(messages).hasSize(4);
    assertThat(messages.get(2)).contains("user", "!write f.txt two");

    ProgramRun fork =
        session("fork", session, "--message", idIn(messages.get(1)), "--name", "other").expect(0);
    String forked = fork.out().strip().substring("session ".length());
    assertThat(session("messages", forked).expect(0).outLines()).hasSize(2);

    assertThat(session("rewind", session, idIn(messages.get(2))).expect(0).out())
        .contains("written: 1, deleted: 0");
    assertThat(session("messages", session).expect(0).outLines()).hasSize(2);
    assertThat(client.run("!read f.txt").path("finalText").asText()).isEqualTo("one");

    List<String> shared = session("share", session, "--hours", "2").expect(0).outLines();
    assertThat(shared.getFirst()).startsWith(PLATFORM.url() + "/shared/");
    assertThat(status(shared.getFirst() + "/events")).isEqualTo(200);
    Matcher share = Pattern.compile("unshare \\S+ (\\S+)").matcher(shared.get(1));
    assertThat(share.find()).isTrue();
    assertThat(session("shares", session).expect(0).out()).contains(share.group(1));
    session("unshare", session, share.group(1)).expect(0);
    assertThat(status(shared.getFirst() + "/events")).isEqualTo(404);
  }

  @Test
  void whatIsWrongIsOneSentence() {
    String session = TestClient.echo(PLATFORM.connect()).sessionId();

    session("rewind", session, "msg_none").expectOneSentence("msg_none");
    session("messages", "none").expectOneSentence("no session");
  }

  private static ProgramRun session(String... arguments) {
    List<String> all = new java.util.ArrayList<>(List.of("session"));
    all.addAll(List.of(arguments));
    return ProgramRun.at(PLATFORM.url(), all.toArray(String[]::new));
  }

  private static String idIn(String line) {
    return line.substring(0, line.indexOf(' '));
  }

  /** Of a link as a browser follows it; the stream is not read. */
  private static int status(String url) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
      var response = http.send(request, BodyHandlers.ofInputStream());
      response.body().close();
      http.shutdownNow();
      return response.statusCode();
    }
  }
}
