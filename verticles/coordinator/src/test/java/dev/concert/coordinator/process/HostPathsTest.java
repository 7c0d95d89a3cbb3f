package dev.concert.coordinator.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients see of the paths in an agent's log. */
class HostPathsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "File \"/srv/some place/agents/echo/main.py\", line 3 | File \"…/main.py\", line 3",
        "No such file: '/home/ann/data/x' | No such file: '…/x'",
        "cannot read /var/lib/concert/data/f.txt: denied | cannot read …/f.txt: denied",
        "(/opt/a/b/) | (…/)",
        "see https://example.com/a/b and a/b/c | see https://example.com/a/b and a/b/c",
        "1/2 of /tmp | 1/2 of /tmp",
        "PYTHONPATH=/a/b:/c/d | PYTHONPATH=…/b:…/d"
      })
  void onlyTheLastNameOfAnAbsolutePathIsLeft(String line, String shown) {
    assertThat(HostPaths.shorten(line)).isEqualTo(shown);
  }
}
