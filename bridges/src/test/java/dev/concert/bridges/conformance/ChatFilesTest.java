package dev.concert.bridges.conformance;

import static dev.concert.bridges.conformance.ChatPeople.ANNE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files go into the workspace and out of it; and people see that something is under way. */
@Execution(ExecutionMode.CONCURRENT)
class ChatFilesTest {
  @TempDir Path data;
  private ChatPeople people;
  private ChatWorld world;

  private void open(PlayedPlatform platform) {
    assumeTrue(platform.isInstalled(), () -> "The server of " + platform + " is not installed");
    people = new ChatPeople(platform, data);
    world = people.world;
  }

  @AfterEach
  void close() {
    if (people != null) {
      people.close();
    }
  }

  static Set<PlayedPlatform> giving() {
    return CapabilityTable.platforms("files from people", "yes");
  }

  static Set<PlayedPlatform> getting() {
    return CapabilityTable.platforms("files to people", "yes");
  }

  static Set<PlayedPlatform> typing() {
    return CapabilityTable.platforms("typing", "yes");
  }

  @ParameterizedTest
  @MethodSource("giving")
  void aFileThatSomebodySendsIsInTheWorkspaceAndTheAgentHearsOfIt(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    DeliverWebhook message = world.message(1, people.connection, place, ANNE, "read this", false);
    DeliverWebhook sent = world.withFile(message, "../../.ssh/my notes.txt", "hello file");
    assertThat(people.bridges.deliver(sent)).isEqualTo(200);
    Await.until("a turn", () -> !people.bridges.gateway.texts().isEmpty());
    assertThat(people.bridges.gateway.files)
        .containsOnlyKeys("from-chat/my_notes.txt")
        .containsValue("hello file");
    assertThat(people.bridges.gateway.texts().getFirst())
        .startsWith("read this")
        .endsWith(
            "\n\nFiles that came with this message, in your workspace:\n"
                + "- `from-chat/my_notes.txt` (10 bytes)");
  }

  @ParameterizedTest
  @MethodSource("giving")
  void aFileThatIsTooLargeIsNotTakenAndTheTurnBeginsAllTheSame(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    DeliverWebhook message = world.message(1, people.connection, place, ANNE, "and this", false);
    String large = "x".repeat((10 << 20) + 1);
    assertThat(people.bridges.deliver(world.withFile(message, "large.bin", large))).isEqualTo(200);
    Await.until("a turn", () -> !people.bridges.gateway.texts().isEmpty());
    assertThat(people.bridges.gateway.files).isEmpty();
    assertThat(people.bridges.gateway.texts().getFirst())
        .endsWith("- `from-chat/large.bin` is not there: it is larger than 10 MiB");
  }

  @ParameterizedTest
  @MethodSource("getting")
  void aFileThatTheAgentNamesIsSentAndOneThatIsNotThereIsSaid(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(true);
    people.bridges.gateway.files.put("out/report.md", "# Report");
    people.say(place, "give out/report.md");
    Await.until("the file", () -> !world.files(place).isEmpty());
    assertThat(world.files(place)).containsExactly("report.md=# Report");
    people.awaitText(place, "Here it is.");
    people.say(place, "give out/none.md");
    people.awaitText(place, "⚠️ I cannot send `out/none.md`: Refused: FILE_NOT_FOUND.");
    assertThat(world.files(place)).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("typing")
  void peopleSeeThatAnAnswerIsUnderWay(PlayedPlatform platform) {
    open(platform);
    String place = world.newPlace(world.typesDirectly());
    DeliverWebhook asked = world.message(1, people.connection, place, ANNE, "hold on", true);
    assertThat(people.bridges.deliver(asked)).isEqualTo(200);
    Await.until("typing", () -> world.isTyped(place) || world.isTyped(world.threadOf(asked)));
  }
}
