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
    home = new StarterHome(folder);
  }

  @Test
  void whatIsBuiltIsRunWithoutMaven() {
    Said said = home.run(Map.of(), "--version");

    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out()).startsWith("concert ");
    assertThat(said.err()).isEmpty();
    assertThat(home.mavenWasCalled()).isFalse();
  }

  @Test
  void argumentsAndExitCodesPassThroughUnchanged() {
    Said said = home.run(Map.of("CONCERT_URL", "http://127.0.0.1:1/a b"), "turn", "two  words");

    assertThat(said.code()).isEqualTo(1);
    assertThat(said.err()).contains("http://127.0.0.1:1/a b");
    assertThat(home.run(Map.of(), "turn", "--nonsense", "two  words").code()).isEqualTo(2);
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
    assertThat(said.out()).startsWith("concert ");
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

    // Another JDK 25 of this machine is taken; where there is none, that is said.
    assertThat(said.out() + said.err()).containsAnyOf("concert ", "found no JDK 25");
  }

  @Test
  void theScriptWorksThroughALinkFromAnywhere() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), home.script());

    Said said = home.run(link, Map.of(), "--version");

    assertThat(said.code()).as(said.err()).isZero();
  }
}
