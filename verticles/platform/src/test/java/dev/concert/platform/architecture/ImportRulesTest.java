package dev.concert.platform.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may import whom: the table of the house. */
class ImportRulesTest {
  private static final String[] CODECS = {
    "dev.concert.bus..",
    "dev.concert.automation..",
    "dev.concert.bridge..",
    "dev.concert.json..",
    "dev.concert.text..",
    "dev.concert.error..",
    "dev.concert.inference..",
    "dev.concert.agentevent..",
    "dev.concert.podium..",
    "dev.concert.contract..",
    "dev.concert.protocol..",
    "dev.concert.repository..",
    "dev.concert.workspace..",
    "dev.concert.credit.."
  };
  private static final String FOUNDATION = "dev.concert.foundation..";
  private static final String PLATFORM = "dev.concert.platform..";
  private static final String CLIENTS = "dev.concert.client..";

  private static final JavaClasses PROGRAM = ProgramClasses.ALL;

  /** The services: each knows the codecs and the foundation, and no other service. */
  enum Service {
    AUTOMATIONS,
    BRIDGES,
    CHRONICLE,
    COORDINATOR,
    ENSEMBLE,
    GATEWAY,
    GITHUB;

    private String packages() {
      return "dev.concert." + name().toLowerCase(Locale.ROOT) + "..";
    }
  }

  /** Chronicle's modules: each knows those that it names, and no other. */
  enum ChronicleModule {
    STORE(
        List.of(),
        "posix",
        "content",
        "iteration",
        "journal",
        "recording",
        "retention",
        "gc",
        "verification",
        "versioning",
        "inspection"),
    MOUNT(List.of(STORE), "binding", "fuse", "jnr", "tree", "view", "history", "quota"),
    SYNC(List.of(STORE), "replication", "localsync", "folder"),
    SERVICE(
        List.of(STORE, MOUNT, SYNC),
        "service",
        "workspace",
        "files",
        "snapshot",
        "archive",
        "transfer",
        "health",
        "loopback");

    private final List<ChronicleModule> below;
    private final List<String> features;

    ChronicleModule(List<ChronicleModule> below, String... features) {
      this.below = below;
      this.features = List.of(features);
    }

    private Stream<String> packages() {
      return features.stream().map(feature -> "dev.concert.chronicle." + feature + "..");
    }

    private String[] known() {
      return Stream.concat(Stream.of(this), below.stream())
          .flatMap(ChronicleModule::packages)
          .toArray(String[]::new);
    }
  }

  @Test
  void everyClassHasItsPlaceInTheTable() {
    List<String> known = new ArrayList<>(Arrays.asList(CODECS));
    known.addAll(List.of(FOUNDATION, PLATFORM, CLIENTS));
    Arrays.stream(Service.values()).map(Service::packages).forEach(known::add);

    classes().should().resideInAnyPackage(known.toArray(String[]::new)).check(PROGRAM);
    for (String packages : known) {
      assertThat(PROGRAM.that(resideInAPackage(packages))).as(packages).isNotEmpty();
    }
  }

  @Test
  void theVocabularyKnowsTheBusAndJsonOnly() {
    String[] allowed = {
      "java..",
      "io.vertx.core..",
      "io.vertx.circuitbreaker..",
      "com.fasterxml.jackson..",
      "org.slf4j.."
    };

    classes()
        .that(resideInAnyPackage(CODECS))
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(CODECS).or(resideInAnyPackage(allowed)))
        .check(PROGRAM);
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

  @ParameterizedTest
  @EnumSource
  void aModuleOfChronicleKnowsOnlyThoseBelowIt(ChronicleModule module) {
    classes()
        .that(resideInAnyPackage(module.packages().toArray(String[]::new)))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(module.known())
                .or(resideOutsideOfPackage(Service.CHRONICLE.packages())))
        .check(PROGRAM);
  }

  @Test
  void everyClassOfChronicleBelongsToOneOfItsModules() {
    classes()
        .that(resideInAPackage(Service.CHRONICLE.packages()))
        .should()
        .resideInAnyPackage(
            Arrays.stream(ChronicleModule.values())
                .flatMap(ChronicleModule::packages)
                .toArray(String[]::new))
        .check(PROGRAM);
  }

  @Test
  void aClientKnowsTheWireProtocolOnly() {
    verifyKnowsOnly(CLIENTS);
    noClasses()
        .that(resideInAPackage(CLIENTS))
        .should()
        .dependOnClassesThat(resideInAnyPackage("io.vertx..", "io.netty.."))
        .check(PROGRAM);
  }

  @Test
  void nobodyKnowsThePlatform() {
    noClasses()
        .that(resideOutsideOfPackage(PLATFORM))
        .should()
        .dependOnClassesThat(resideInAPackage(PLATFORM))
        .check(PROGRAM);
  }

  private static void verifyKnowsOnly(String packages, String... ofConcert) {
    classes()
        .that(resideInAPackage(packages))
        .should()
        .onlyDependOnClassesThat(
            resideInAPackage(packages)
                .or(resideInAnyPackage(ofConcert))
                .or(resideOutsideOfPackage("dev.concert..")))
        .check(PROGRAM);
  }

  @Test
  void noTwoModulesShareAPackage() {
    Map<String, Set<String>> places = new TreeMap<>();
    for (JavaClass one : PROGRAM) {
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
