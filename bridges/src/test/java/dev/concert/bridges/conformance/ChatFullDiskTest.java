package dev.concert.bridges.conformance;

import static dev.concert.bridges.conformance.ChatPeople.ANNE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresRoot;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk of the bridges gets full. */
@RequiresRoot("mounts a small disk")
class ChatFullDiskTest {
  /**
   * More than what is free in files that are there already. It is stored for its turn, and for the
   * engine of automations.
   */
  private static final String LARGE = "hold " + "x".repeat(3 << 20);

  @TempDir Path data;
  private boolean isMounted;

  @BeforeEach
  void mount() throws Exception {
    isMounted = run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", data.toString());
    assumeTrue(isMounted, "this user cannot mount a tmpfs");
  }

  @AfterEach
  void unmount() throws Exception {
    if (isMounted) {
      run("umount", "-l", data.toString());
    }
  }

  private static boolean run(String... command) throws Exception {
    return new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  private static void fill(Path file) {
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] piece = new byte[1024];
      while (true) {
        out.write(piece);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space");
    }
  }

  @Test
  void whatCannotBeStoredIsNotTakenAndWhatTheAgentSaysMeanwhileIsSaidOnce() throws IOException {
    try (ChatPeople people = new ChatPeople(PlayedPlatform.TELEGRAM, data)) {
      String place = people.world.newPlace(true);
      people.say(place, "hold on");
      Await.until("a turn", () -> !people.bridges.gateway.texts().isEmpty());
      Path filler = data.resolve("filler");
      fill(filler);
      DeliverWebhook large =
          people.world.message(
              1, people.connection, people.world.newPlace(true), ANNE, LARGE, false);
      assertThat(people.bridges.refusal(people.world.addresses().deliver(), large)).isNotEmpty();
      people.bridges.gateway.speak("said meanwhile");
      people.bridges.gateway.finish();

      Files.delete(filler);
      people.awaitText(place, "said meanwhile");
      assertThat(people.bridges.deliver(people.world.again(large))).isEqualTo(200);
      Await.until("a turn of it", () -> people.bridges.gateway.texts().contains(LARGE));
      assertThat(people.bridges.gateway.texts()).hasSize(2);
      assertThat(people.texts(place)).containsExactly("said meanwhile");
    }
  }
}
