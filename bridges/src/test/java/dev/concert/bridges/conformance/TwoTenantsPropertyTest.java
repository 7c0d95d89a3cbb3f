package dev.concert.bridges.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Two tenants, whose people have the same ids at their platform and use the same buttons, whatever
 * they do and in whatever order: each turn is of the tenant whose connection it came by.
 */
class TwoTenantsPropertyTest {
  private static final String SENDER = "U0SAME";
  private static final List<String> TENANTS = List.of("acme", "zeta");

  @Property(tries = 3, shrinking = ShrinkingMode.OFF)
  void whatATenantsPeopleDoReachesThatTenantOnly(
      @ForAll @Size(min = 4, max = 10) List<@IntRange(max = 5) Integer> actions)
      throws IOException {
    Path data = Files.createTempDirectory("two-tenants");
    try (BridgesUnderTest bridges = new BridgesUnderTest(PlayedPlatform.SLACK, data)) {
      new Run(bridges).play(actions);
    } finally {
      try (Stream<Path> files = Files.walk(data)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  /** One history. */
  private static final class Run {
    private final BridgesUnderTest bridges;
    private final List<String> connections = new ArrayList<>();
    private final List<String> places = new ArrayList<>();
    private final List<String> buttons = new ArrayList<>();
    private final List<List<String>> expected = List.of(new ArrayList<>(), new ArrayList<>());

    private Run(BridgesUnderTest bridges) {
      this.bridges = bridges;
      for (int i = 0; i < TENANTS.size(); i++) {
        connections.add(bridges.connect(TENANTS.get(i), i + 1));
        places.add(bridges.world.newPlace(true));
        deliver(i, "pair " + bridges.pairingCode(TENANTS.get(i), "member-of-" + TENANTS.get(i)));
        awaitText(i, "I know you now. Write to me what you want done.");
      }
    }

    private void deliver(int tenant, String text) {
      assertThat(
              bridges.deliver(
                  bridges.world.message(
                      tenant + 1,
                      connections.get(tenant),
                      places.get(tenant),
                      SENDER,
                      text,
                      false)))
          .isEqualTo(200);
    }

    private void awaitText(int tenant, String text) {
      Await.until(
          text,
          () ->
              bridges.world.seen(places.get(tenant)).stream()
                  .anyMatch(one -> one.text().equals(text)));
    }

    private void play(List<Integer> actions) {
      for (int i = 0; i < actions.size(); i++) {
        int tenant = actions.get(i) % 2;
        switch (actions.get(i) / 2) {
          case 0 -> say(tenant, "number " + i);
          case 1 -> pressOfTheOther(tenant, i);
          default -> crossed(tenant);
        }
      }
      for (int i = 0; i < TENANTS.size(); i++) {
        say(i, "last");
        assertThat(bridges.gateway.turnsOf(TENANTS.get(i))).isEqualTo(expected.get(i));
        assertThat(bridges.bridges(TENANTS.get(i))).hasSize(1);
      }
    }

    private void say(int tenant, String text) {
      deliver(tenant, text);
      awaitText(tenant, "answer to " + text);
      expected.get(tenant).add("member-of-" + TENANTS.get(tenant) + ": " + text);
    }

    /** A button that the other tenant was shown is worth nothing here. */
    private void pressOfTheOther(int tenant, int number) {
      int other = 1 - tenant;
      String question = "permit " + number;
      deliver(other, question);
      Await.until("a new button", () -> newButtons(other).findFirst().isPresent());
      String button = newButtons(other).findFirst().orElseThrow();
      buttons.add(button);
      expected.get(other).add("member-of-" + TENANTS.get(other) + ": " + question);
      bridges.deliver(
          bridges.world.press(
              tenant + 1,
              connections.get(tenant),
              places.get(tenant),
              SENDER,
              button,
              "foreign-" + number));
      awaitText(tenant, "This question is no longer open.");
      deliver(other, "stop");
      Await.until("the end", () -> !bridges.gateway.isRunning(TENANTS.get(other)));
    }

    private Stream<String> newButtons(int tenant) {
      return bridges.world.seen(places.get(tenant)).stream()
          .flatMap(one -> one.buttons().stream())
          .filter(one -> !buttons.contains(one));
    }

    /** An event of one team at the address of the other tenant. */
    private void crossed(int tenant) {
      int status =
          bridges.deliver(
              bridges.world.message(
                  2 - tenant,
                  connections.get(tenant),
                  places.get(tenant),
                  SENDER,
                  "crossed",
                  false));
      assertThat(status).isEqualTo(403);
    }
  }
}
