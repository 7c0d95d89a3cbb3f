package dev.concert.ensemble.demo.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The programs really run. */
class ProgramWriterTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "the first five primes | 2 3 5 7 11",
        "the first 5 prime numbers | 2 3 5 7 11",
        "the first six Fibonacci numbers | 0 1 1 2 3 5",
        "the numbers from 1 to 4 | 1 2 3 4",
        "the first three squares | 1 4 9",
        "hello world | hello world",
      })
  void aProgramPrintsWhatWasAskedInEachLanguage(String subject, String output) throws Exception {
    for (Language language : Language.values()) {
      Program program = ProgramWriter.write(language, subject).orElseThrow();

      assertThat(run(language, program).split("\\s+"))
          .as("%s: %s", language, program.source())
          .containsExactly(output.split(" "));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aQuotedTextIsPrintedAsItIs(Language language) throws Exception {
    String text = "it's 100 %s of $HOME \\n \u00fc";

    Program program = ProgramWriter.write(language, "\"" + text + "\"").orElseThrow();

    assertThat(run(language, program)).isEqualTo(text + "\n");
  }

  @Test
  void whatIsUnknownIsNotGuessed() {
    assertThat(ProgramWriter.write(Language.PYTHON, "the weather of tomorrow")).isEmpty();
    assertThat(ProgramWriter.write(Language.PYTHON, "a compiler for C")).isEmpty();
  }

  @Test
  void aLargeCountIsBounded() {
    Program program = ProgramWriter.write(Language.PYTHON, "the first 9999 primes").orElseThrow();

    assertThat(program.source()).contains("1000").doesNotContain("9999");
  }

  private String run(Language language, Program program) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("program"), program.source());
    Process process =
        new ProcessBuilder(language == Language.PYTHON ? "python3" : "bash", file.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
