package dev.concert.bridges.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridges.conformance.ChatWorld.Fault;
import dev.concert.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code docs/bridges.md} says about each platform is what happens. */
class GuaranteeTableTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "bridges.md");
  private static final String HEADING = "| platform | an answer whose sending was cut | by |";

  @TempDir Path data;

  static Stream<PlayedPlatform> installed() {
    return PlayedPlatform.ofEachPlatform().stream().filter(PlayedPlatform::isInstalled);
  }

  @Test
  void theTableHasARowForEachPlatform() throws IOException {
    assertThat(rows().keySet())
        .containsExactlyInAnyOrderElementsOf(
            PlayedPlatform.ofEachPlatform().stream().map(PlayedPlatform::platform).toList());
  }

  private static Map<String, String> rows() throws IOException {
    return Files.readAllLines(DOCUMENT).stream()
        .dropWhile(line -> !line.equals(HEADING))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.split("\\|"))
        .collect(
            Collectors.toMap(
                cells -> cells[1].strip().toLowerCase(Locale.ROOT).replace(" ", ""),
                cells -> cells[2].strip()));
  }

  @ParameterizedTest
  @MethodSource("installed")
  void anAnswerWhoseSendingWasCutIsThereAsOftenAsTheTableSays(PlayedPlatform platform)
      throws IOException {
    try (ChatPeople people = new ChatPeople(platform, data)) {
      String said = rows().get(people.world.platform());
      assertThat(said).as("a row for %s in %s", people.world.platform(), DOCUMENT).isNotNull();
      boolean once = said.equals("once");
      assertThat(once || said.equals("twice, the second marked \"sent again\"")).as(said).isTrue();

      String place = people.world.newPlace(true);
      people.world.fail(Fault.CUT_AFTER);
      people.say(place, "despite it");
      List<String> last =
          people.world.pieces("answer to despite it" + (once ? "" : "\n\n_(sent again)_"));
      int size = last.size() + (once ? 0 : 1);
      Await.until(
          last.getLast(),
          () ->
              people.texts(place).size() == size
                  && people.texts(place).subList(size - last.size(), size).equals(last));
    }
  }
}
