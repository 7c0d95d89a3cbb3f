package dev.concert.coordinator.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.error.ConcertException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentUsersTest {
  private static final UserRange THREE = new UserRange(5_000_000, 3);

  @TempDir Path instances;

  private Path folder(String name) throws IOException {
    return Files.createDirectories(instances.resolve(name));
  }

  private AgentUsers restarted() {
    return AgentUsers.of(THREE, instances);
  }

  @Test
  void anInstanceKeepsItsUserOverRestarts() throws IOException {
    int first = restarted().take(folder("a")).orElseThrow();
    int other = restarted().take(folder("b")).orElseThrow();
    AgentUsers again = restarted();

    assertThat(other).isNotEqualTo(first);
    assertThat(again.take(folder("b"))).hasValue(other);
    assertThat(again.take(folder("a"))).hasValue(first);
    assertThat(again.take(folder("a"))).hasValue(first);
  }

  @Test
  void twoAgentsThatRunAreNeverOneUserAlsoWhenUsersAreFew() throws IOException {
    AgentUsers users = restarted();
    for (String name : new String[] {"a", "b", "c"}) {
      users.take(folder(name));
      users.release(folder(name));
    }
    int shared = users.take(folder("d")).orElseThrow();
    int second = users.take(folder("e")).orElseThrow();
    int third = users.take(folder("f")).orElseThrow();

    assertThat(new int[] {shared, second, third}).doesNotHaveDuplicates();
    assertThatThrownBy(() -> users.take(folder("g")))
        .isInstanceOf(ConcertException.class)
        .hasMessageContaining("no user left")
        .hasMessageContaining("coordinator.agentUsers");
    users.release(folder("e"));
    assertThat(users.take(folder("g"))).hasValue(second);
    users.release(folder("d"));
    assertThat(users.take(folder("e")))
        .as("its own belongs to an agent that runs")
        .hasValue(shared);
  }

  @Test
  void theUserOfADeletedInstanceIsFreeForAnotherOne() throws IOException {
    AgentUsers users = restarted();
    for (String name : new String[] {"a", "b", "c"}) {
      users.take(folder(name));
    }
    int second = users.take(folder("b")).orElseThrow();
    for (String name : new String[] {"a", "b", "c"}) {
      users.release(folder(name));
    }

    users.forget(folder("b"));
    users.forget(folder("b"));
    users.forget(folder("never"));

    assertThat(folder("b").resolve("user")).doesNotExist();
    assertThat(users.take(folder("d"))).hasValue(second);
    assertThat(users.take(folder("e"))).as("all have an instance again").hasValue(5_000_000);
  }

  /** Sessions are deleted while the coordinator starts. */
  @Test
  void folderThatGoesWhileTheUsersAreReadDoesNoHarm() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    Thread deletions =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!done.get()) {
                    try {
                      Path user = folder("gone").resolve("user");
                      Files.writeString(user, "5000002");
                      Files.delete(user);
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  }
                });
    try {
      for (int i = 0; i < 500; i++) {
        assertThat(restarted().take(folder("a"))).isPresent();
      }
    } finally {
      done.set(true);
      deletions.join();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "root", "0", "4999999", "5000003", "99999999999"})
  void whatIsNoUserOfTheRangeIsReplaced(String damaged) throws IOException {
    Files.writeString(folder("a").resolve("user"), damaged);

    assertThat(restarted().take(folder("a"))).hasValue(THREE.first());
    assertThat(folder("a").resolve("user")).hasContent(Integer.toString(THREE.first()));
  }

  @Test
  void withoutARangeAgentsHaveNoUserOfTheirOwn() throws IOException {
    assertThat(AgentUsers.own().take(folder("a"))).isEmpty();
    assertThat(folder("a").resolve("user")).doesNotExist();
  }
}
