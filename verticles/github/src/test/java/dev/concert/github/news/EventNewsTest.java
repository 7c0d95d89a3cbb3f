package dev.concert.github.news;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.github.webhook.ForgeEvent;
import dev.concert.github.webhook.ForgeEventType;
import dev.concert.github.webhook.GitHubEventReader;
import dev.concert.github.witness.WitnessProgram;
import dev.concert.json.Json;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.RepositoryEvent;
import dev.concert.protocol.RepositoryEvent.BranchPushed;
import dev.concert.protocol.RepositoryEvent.IssueOpened;
import dev.concert.protocol.ServerProtocol;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The events that clients get. */
class EventNewsTest {
  private static final int LARGEST = 24 << 10;

  @Test
  void eachOfGitHubsExamplesBecomesTheEventOfItsTypeWithWhereItComesFrom() throws Exception {
    Path examples =
        WitnessProgram.packages().resolve("@octokit/webhooks-examples/api.github.com/index.json");
    Set<ForgeEventType> seen = EnumSet.noneOf(ForgeEventType.class);
    for (JsonNode event : Json.MAPPER.readTree(Files.readAllBytes(examples))) {
      for (JsonNode payload : event.path("examples")) {
        Optional<ForgeEvent> read = GitHubEventReader.read(event.path("name").asText(), payload);
        if (read.isPresent()) {
          seen.add(read.get().type());
          verify(read.get());
        }
      }
    }
    // GitHub has no example of these two.
    assertThat(EnumSet.complementOf(EnumSet.copyOf(seen)))
        .containsExactlyInAnyOrder(ForgeEventType.BRANCH_DELETED, ForgeEventType.PR_MERGED);
  }

  private static void verify(ForgeEvent event) {
    RepositoryEvent news = EventNews.of("c1", "d1", event);
    String json = EventCodec.encode(news, null);

    assertThat(ServerProtocol.row(news).type()).isEqualTo(event.type().wireName());
    assertThat(ServerProtocol.row(news).since()).isEqualTo(2);
    assertThat(EventCodec.decode(json)).isEqualTo(news);
    assertThat(json)
        .contains("\"connectionId\":\"c1\"", "\"deliveryId\":\"d1\"")
        .contains("\"sender\":\"" + event.sender() + "\"")
        .hasSizeLessThan(LARGEST);
    boolean hasPage =
        event.type() != ForgeEventType.BRANCH_DELETED
            && event.type() != ForgeEventType.INSTALLATION_CHANGED;
    if (hasPage) {
      assertThat(json).contains("\"url\":\"https://github.com/");
    }
  }

  @Test
  void textsAreCutBetweenCharactersAndAPushNamesItsBranchAndCommit() throws Exception {
    JsonNode opened =
        Json.MAPPER.readTree(
            """
            {"action":"opened","repository":{"name":"engine","owner":{"login":"ada"}},
             "sender":{"login":"bob"},
             "issue":{"number":3,"title":"%s","body":"%s","html_url":"https://github.com/a/b"}}
            """
                .formatted("t".repeat(300), "🙂".repeat(20_000)));
    IssueOpened issue = (IssueOpened) news("issues", opened);
    assertThat(issue.issue().title()).hasSize(256).endsWith("…");
    assertThat(issue.text().codePointCount(0, issue.text().length())).isEqualTo(4000);
    assertThat(EventCodec.encode(issue, null).getBytes(StandardCharsets.UTF_8).length)
        .isLessThan(LARGEST);

    JsonNode push =
        Json.MAPPER.readTree(
            """
            {"ref":"refs/heads/a/b","after":"c0ffee","commits":[{},{}],"compare":"https://x/y",
             "repository":{"name":"engine","owner":{"name":"ada"}},"sender":{"login":"bob"}}
            """);
    assertThat(news("push", push))
        .isEqualTo(
            new BranchPushed(
                new RepositoryEvent.EventOrigin("c1", "d1", "ada/engine", "bob", false),
                "a/b",
                "c0ffee",
                2,
                "https://x/y"));
  }

  private static RepositoryEvent news(String name, JsonNode payload) {
    return EventNews.of("c1", "d1", GitHubEventReader.read(name, payload).orElseThrow());
  }
}
