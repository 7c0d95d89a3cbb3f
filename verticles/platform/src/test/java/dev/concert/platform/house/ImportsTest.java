package dev.concert.platform.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may import whom: the table of the house. */
class ImportsTest {
  private static final String[] CODECS = {
    "dev.concert.bus..",
    "dev.concert.error..",
    "dev.concert.inference..",
    "dev.concert.nativeagent..",
    "dev.concert.podium..",
    "dev.concert.protocol..",
    "dev.concert.workspace.."
  };
  private static final String FOUNDATION = "dev.concert.foundation..";
  private static final String PLATFORM = "dev.concert.platform..";
  private static final String CLIENTS = "dev.concert.client..";

  private static JavaClasses program;

  /** The services: each knows the codecs and the foundation, and no other service. */
  enum Service {
    CHRONICLE,
    COORDINATOR,
    ENSEMBLE,
    GATEWAY;

    private String packages() {
      return "dev.concert." + name().toLowerCase(Locale.ROOT) + "..";
    }
  }

  @BeforeAll
  static void read() {
    program =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.concert")
            .that(resideOutsideOfPackage("dev.concert.testing.."));
  }

  @Test
  void everyClassHasItsPlaceInTheTable() {
    List<String> known = new ArrayList<>(Arrays.asList(CODECS));
    known.addAll(List.of(FOUNDATION, PLATFORM, CLIENTS));
    Arrays.stream(Service.values()).map(Service::packages).forEach(known::add);

    classes().should().resideInAnyPackage(known.toArray(String[]::new)).check(program);
    for (String packages : known) {
      assertThat(program.that(resideInAPackage(packages))).as(packages).isNotEmpty();
    }
  }

  @Test
  void theVocabularyKnowsTheBusAndJsonOnly() {
    String[] allowed = {"java..", "io.vertx.core..", "com.fasterxml.jackson..", "org.slf4j.."};

    classes()
        .that(resideInAnyPackage(CODECS))
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(CODECS).or(resideInAnyPackage(allowed)))
        .check(program);
  }

  @Test
  void theFoundationKnowsTheVocabularyOnly() {
    verifyKnowsOnly(FOUNDATION, CODECS);
  }

  @ParameterizedTest
  @EnumSource
  void aServiceKnowsTheVocabularyAndTheFoundationAndNoOtherService(Service service) {
    String[] allowed = Arrays.copyOf(CODECS, CODECS.length + 1);
    allowed[CODECS.length] = FOUNDATION;

    verifyKnowsOnly(service.packages(), allowed);
  }

  @Test
  void aClientKnowsTheWireProtocolOnly() {
    verifyKnowsOnly(CLIENTS);
    noClasses()
        .that(resideInAPackage(CLIENTS))
        .should()
        .dependOnClassesThat(resideInAnyPackage("io.vertx..", "io.netty.."))
        .check(program);
  }

  @Test
  void nobodyKnowsThePlatform() {
    noClasses()
        .that(resideOutsideOfPackage(PLATFORM))
        .should()
        .dependOnClassesThat(resideInAPackage(PLATFORM))
        .check(program);
  }

  private static void verifyKnowsOnly(String packages, String... ofConcert) {
    classes()
        .that(resideInAPackage(packages))
        .should()
        .onlyDependOnClassesThat(
            resideInAPackage(packages)
                .or(resideInAnyPackage(ofConcert))
                .or(resideOutsideOfPackage("dev.concert..")))
        .check(program);
  }

  @Test
  void noTwoModulesShareAPackage() {
    Map<String, Set<String>> places = new TreeMap<>();
    for (JavaClass one : program) {
      places.computeIfAbsent(one.getPackageName(), _ -> new TreeSet<>()).add(place(one));
    }

    assertThat(places).allSatisfy((name, where) -> assertThat(where).as(name).hasSize(1));
  }

  /** The jar or folder that a class comes from. */
  private static String place(JavaClass one) {
    String uri = one.getSource().orElseThrow().getUri().toString();
    return uri.substring(0, uri.indexOf(one.getName().replace('.', '/').split("\\$")[0]));
  }
}
