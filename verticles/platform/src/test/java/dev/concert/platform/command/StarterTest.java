package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.Program;
import dev.concert.platform.harness.StarterHome;
import dev.concert.platform.harness.StarterHome.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The starter script, in a copy of the project that has a build and a Maven that only notes. */
class StarterTest {
  @TempDir Path folder;

  private StarterHome home;

  @BeforeEach
  void copy() throws IOException {
    home = StarterHome.ofASmallProgram(folder);
  }

  @Test
  void whatIsBuiltIsRunWithoutMaven() throws IOException {
    StarterHome concert = StarterHome.ofConcert(Files.createDirectory(folder.resolve("real")));

    Said said = concert.run(Map.of(), "--version");

    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out()).startsWith("concert ");
    assertThat(said.err()).isEmpty();
    assertThat(concert.mavenWasCalled()).isFalse();
  }

  @Test
  void argumentsAndExitCodesPassThroughUnchanged() {
    Said said = home.run(Map.of("EXIT_CODE", "7"), "turn", "two  words", "--nonsense", "");

    assertThat(said.out()).isEqualTo("small turn|two  words|--nonsense|\n");
    assertThat(said.code()).isEqualTo(7);
  }

  @Test
  void theProgramRunsWithTheOptionsThatTheTestsRunItWith() throws IOException {
    String script = Files.readString(Program.home().resolve("concert"));

    assertThat(script).contains(Program.JVM_OPTIONS);
  }

  @Test
  void aSourceThatIsNewerThanTheBuildIsBuiltFirst() throws IOException {
    home.touchASource();

    Said said = home.run(Map.of(), "--version");

    assertThat(home.mavenWasCalled()).isTrue();
    assertThat(said.err()).contains("concert: building");
    assertThat(said.out()).isEqualTo("small --version\n");
    assertThat(home.run(Map.of(), "--version").err()).as("built once").isEmpty();
  }

  @Test
  void aBuildThatFailsIsToldWithItsErrorsAndItsLog() throws IOException {
    home.touchASource();

    Said said = home.run(Map.of("MAVEN_FAILS", "yes"), "--version");

    assertThat(said.code()).isEqualTo(1);
    assertThat(said.out()).isEmpty();
    assertThat(said.err()).contains("[ERROR] something is wrong", "the build failed", "build.log");
  }

  @Test
  void aJdkThatIsNoneIsNotTaken() {
    Said said = home.run(Map.of("CONCERT_JAVA_HOME", "/nowhere", "HOME", "/nowhere"), "--version");

    // Another JDK 25 of this machine is taken; if there is none, that is said.
    assertThat(said.out() + said.err()).containsAnyOf("small --version", "found no JDK 25");
  }

  @Test
  void theScriptWorksThroughALinkFromAnywhere() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), home.script());

    Said said = home.run(link, Map.of(), "--version");

    assertThat(said.code()).as(said.err()).isZero();
  }
}
