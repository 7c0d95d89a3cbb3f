package dev.concert.platform.architecture;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How types are named. */
class NameRulesTest {
  /** Nouns of the field that end in -ing. Add one only if it is in a dictionary of the field. */
  private static final Set<String> FIELD_NOUNS =
      Set.of(
          "Binding",
          "Encoding",
          "Finding",
          "Listing",
          "NodeRing",
          "Pricing",
          "Routing",
          "Thinking",
          "Tracing");

  private static final Pattern LAYER = Pattern.compile(".*(Utils?|Helpers?|Manager|Impl)");

  @Test
  void aTypeIsNotNamedAfterALayer() {
    assertThat(SourceTree.files(".java"))
        .map(SourceTree::type)
        .noneMatch(name -> LAYER.matcher(name).matches());
  }

  @Test
  void aTypeIsAThingAndNotAnActivity() {
    Set<String> activities =
        SourceTree.mainTypes().stream()
            .map(SourceTree::type)
            .filter(name -> name.endsWith("ing") && FIELD_NOUNS.stream().noneMatch(name::endsWith))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(activities).isEmpty();
  }

  @Test
  void noTwoTypesOfTheProgramHaveTheSameName() {
    Map<String, Long> counts =
        SourceTree.mainTypes().stream()
            .collect(groupingBy(SourceTree::type, TreeMap::new, counting()));
    counts.values().removeIf(count -> count == 1);

    assertThat(counts.keySet()).isEmpty();
  }
}
