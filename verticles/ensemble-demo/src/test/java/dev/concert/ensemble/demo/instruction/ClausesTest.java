package dev.concert.ensemble.demo.instruction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClausesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "list the files | list the files",
        "create a.py and run it | create a.py / run it",
        "create a.py, then run it, then list the files | create a.py / run it / list the files",
        "read a.txt. Delete it. | read a.txt / Delete it",
        "please list the files please! | list the files",
        "could you please read a.txt | read a.txt",
        "search for bread and butter | search for bread and butter",
        "append \"read this and run away\" to a.txt and show it"
            + " | append \"read this and run away\" to a.txt / show it",
      })
  void aRequestIsSplitOnlyBeforeAVerbThatIsKnownAndNotInsideQuotes(String request, String parts) {
    assertThat(Clauses.of(request)).containsExactly(parts.split(" / "));
  }

  @Test
  void linesAreClauses() {
    assertThat(Clauses.of("create a.py\n  run it\n")).containsExactly("create a.py", "run it");
  }

  @Test
  void aRequestWithoutWordsHasNoClauses() {
    for (String text : List.of("", "  ", "...", "\n")) {
      assertThat(Clauses.of(text)).isEmpty();
    }
  }
}
