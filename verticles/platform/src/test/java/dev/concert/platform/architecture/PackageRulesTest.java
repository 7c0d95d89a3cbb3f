package dev.concert.platform.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How types are grouped into packages. */
class PackageRulesTest {
  private static final int MAX_TYPES = 20;

  /** With these words a package-info begins the reason why its package is larger than others. */
  private static final String REASON = "Large on purpose:";

  private static final Map<Path, Long> SIZES =
      SourceTree.mainTypes().stream()
          .collect(groupingBy(Path::getParent, TreeMap::new, counting()));

  @Test
  void packagesDependOnEachOtherInOneDirection() {
    slices().matching("dev.concert.(**)").should().beFreeOfCycles().check(ProgramClasses.ALL);
  }

  @Test
  void aPackageHasFewTypesOrSaysWhyItHasMany() {
    assertThat(packages(where -> SIZES.get(where) > MAX_TYPES && !info(where).contains(REASON)))
        .isEmpty();
  }

  @Test
  void aSmallPackageGivesNoReasonForBeingLarge() {
    assertThat(packages(where -> SIZES.get(where) <= MAX_TYPES && info(where).contains(REASON)))
        .isEmpty();
  }

  @Test
  void eachPackageExplainsItself() {
    assertThat(packages(where -> !info(where).contains("/**"))).isEmpty();
  }

  private static Set<String> packages(Predicate<Path> which) {
    return SIZES.keySet().stream()
        .filter(which)
        .map(where -> SourceTree.name(where).split("src/main/java/")[1].replace('/', '.'))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String info(Path where) {
    Path file = where.resolve("package-info.java");
    return Files.exists(file) ? SourceTree.read(file) : "";
  }
}
