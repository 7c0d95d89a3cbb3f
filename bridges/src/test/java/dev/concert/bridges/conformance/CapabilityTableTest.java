package dev.concert.bridges.conformance;

import static dev.concert.bridges.conformance.ChatPeople.ANNE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.testing.Await;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of what each platform can do has all of them, and an agent is told of files where it
 * says that people get them. The other columns choose the platforms of other tests.
 */
@Execution(ExecutionMode.CONCURRENT)
class CapabilityTableTest {
  private static final Map<String, Set<String>> WORDS =
      Map.of(
          "a text that grows", Set.of("stream", "edits", "steps", "whole"),
          "who somebody is", Set.of("a code", "the platform"));

  @TempDir Path data;

  @Test
  void everyPlatformHasARowWithKnownWords() {
    Map<String, Map<String, String>> rows = CapabilityTable.rows();
    assertThat(rows.keySet())
        .isEqualTo(
            PlayedPlatform.ofEachPlatform().stream()
                .map(PlayedPlatform::platform)
                .collect(Collectors.toSet()));
    for (Map<String, String> row : rows.values()) {
      row.forEach(
          (column, value) ->
              assertThat(WORDS.getOrDefault(column, Set.of("yes", "no")))
                  .as(column)
                  .contains(value));
    }
  }

  static Set<PlayedPlatform> ofEachPlatform() {
    return PlayedPlatform.ofEachPlatform();
  }

  @ParameterizedTest
  @MethodSource("ofEachPlatform")
  void theAgentIsToldHowAFileGoesToTheChatWherePeopleGetFiles(PlayedPlatform platform) {
    assumeTrue(platform.isInstalled(), () -> "The server of " + platform + " is not installed");
    try (ChatPeople people = new ChatPeople(platform, data)) {
      String place = people.world.newPlace(true);
      people.say(place, "hold on");
      Await.until("a turn", () -> !people.bridges.gateway.texts().isEmpty());
      boolean getsFiles = CapabilityTable.platforms("files to people", "yes").contains(platform);
      assertThat(people.bridges.gateway.instructions().contains("[[file: out/report.pdf]]"))
          .as(platform.platform())
          .isEqualTo(getsFiles);
      if (CapabilityTable.platforms("a text that grows", "stream").contains(platform)) {
        String grows = people.world.newStreamPlace();
        people.bridges.deliver(
            people.world.message(1, people.connection, grows, ANNE, "hold this", true));
        Await.until("a stream", () -> people.world.isStreaming(grows));
      }
    }
  }
}
